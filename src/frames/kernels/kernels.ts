import { readFileSync } from "node:fs";
import { fault } from "../../errors.ts";
import type { Kernels } from "./arithmetic.ts";
import { typescriptKernels } from "./kernels-ts.ts";

/**
 * Kernels with `capacity` bytes of memory: WebAssembly where the binary was built (npm's `prepare` does) and
 * the machine runs it, TypeScript otherwise. `kind` says which.
 */
export function createKernels(capacity: number): Kernels {
  return wasmKernels(capacity) ?? typescriptKernels();
}

/** The WebAssembly kernels, or null where they cannot run here. */
export function wasmKernels(capacity: number): Kernels | null {
  const module = compiled();
  if (module === null) return null;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((capacity + FIRST_BYTE + SCRATCH) / 65536) });
  const exported = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const call = (name: string): ((...args: number[]) => number) => {
    const found = exported[name];
    if (typeof found !== "function") throw fault("INTERNAL", { what: `kernels.wasm has no ${name}` });
    return found as (...args: number[]) => number;
  };
  const k = {
    affine8: call("affine8"),
    affine16: call("affine16"),
    smooth: call("smooth"),
    moments: call("moments"),
    histogramOfDifference: call("histogramOfDifference"),
    learn: call("learn"),
    limits: call("limits"),
    outside: call("outside"),
    changed: call("changed"),
    both: call("both"),
    boxCount: call("boxCount"),
    least3x3: call("least3x3"),
    greatest3x3: call("greatest3x3"),
    cellCounts: call("cellCounts"),
    quarter: call("quarter"),
    sad: call("sad"),
  };
  let next = FIRST_BYTE + SCRATCH;
  const take = (byteLength: number): number => {
    const at = next;
    next += Math.ceil(byteLength / 16) * 16;
    if (next > memory.buffer.byteLength)
      throw fault("INTERNAL", { what: `kernels have ${capacity} bytes of memory, ${next} are needed` });
    return at;
  };
  const at = (array: { readonly byteOffset: number }) => array.byteOffset;

  return {
    kind: "wasm",
    bytes: (length) => new Uint8Array(memory.buffer, take(length), length),
    shorts: (length) => new Int16Array(memory.buffer, take(2 * length), length),
    ints: (length) => new Int32Array(memory.buffer, take(4 * length), length),
    affine8: (src, dst, n, gain, offset) => void k.affine8(at(src), at(dst), n, gain, offset),
    affine16: (values, from, stride, width, rows, gain, offset) =>
      void k.affine16(at(values) + 2 * from, stride, width, rows, gain, offset),
    smooth: (src, dst, width, height) => void k.smooth(at(src), at(dst), width, height, FIRST_BYTE),
    moments: (a, b, width, height, out) => void k.moments(at(a), at(b), width, height, at(out)),
    histogramOfDifference: (a, b, width, height, rowStep, out) =>
      void k.histogramOfDifference(at(a), at(b), width, height, rowStep, at(out)),
    learn: (m, frame, allowed, n, s) =>
      void k.learn(
        ...[at(frame), at(m.low), at(m.high), at(allowed)],
        ...[at(m.mean), at(m.spread), at(m.candidate), at(m.votes), at(m.trust), n],
        ...[s.meanRate, s.spreadRate, s.outsideRate, s.outsideCap, s.firstSpread],
        ...[s.weight, s.tolerance, s.votesKnown, s.votesNew],
      ),
    limits: (m, n, floor, cap) =>
      void k.limits(
        ...[at(m.mean), at(m.spread), at(m.trust), n, floor, cap],
        ...[at(m.mean8), at(m.tolerance), at(m.low), at(m.high)],
      ),
    outside: (frame, low, high, n, out) => void k.outside(at(frame), at(low), at(high), n, at(out)),
    changed: (a, b, tolerance, n, out) => void k.changed(at(a), at(b), at(tolerance), n, at(out)),
    both: (a, b, n, out) => void k.both(at(a), at(b), n, at(out)),
    boxCount: (src, dst, width, height, least) =>
      void k.boxCount(at(src), at(dst), width, height, least, FIRST_BYTE),
    least3x3: (src, dst, width, height) => void k.least3x3(at(src), at(dst), width, height, FIRST_BYTE),
    greatest3x3: (src, dst, width, height) => void k.greatest3x3(at(src), at(dst), width, height, FIRST_BYTE),
    cellCounts: (mask, width, height, out) => void k.cellCounts(at(mask), width, height, at(out)),
    quarter: (src, width, height, dst) => void k.quarter(at(src), width, height, at(dst)),
    sad: (a, b, stride, w, rowStep, dx, dy, cap) =>
      k.sad(at(a), at(b), stride, w.left, w.top, w.width, w.height, rowStep, dx, dy, cap),
  };
}

/** Below lies nothing, so that a null address is never a plane. */
const FIRST_BYTE = 1024;
/** One row of the widest plane and a register on either side. */
const SCRATCH = 4096;

/** The part of the global WebAssembly that is used here: Node's types leave it to the browser's. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (binary: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};
declare const wasmModule: unique symbol;
type WasmModule = { readonly [wasmModule]: true };

let compiledModule: WasmModule | null | undefined;

function compiled(): WasmModule | null {
  if (compiledModule === undefined) {
    try {
      compiledModule = new WebAssembly.Module(readFileSync(new URL("./kernels.wasm", import.meta.url)));
    } catch {
      // Not built, or no SIMD on this machine: the twins do the same work.
      compiledModule = null;
    }
  }
  return compiledModule;
}
