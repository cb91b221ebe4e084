import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { redactAddress } from "../config/address.ts";
import { fault } from "../errors.ts";

/** What an address names. */
export interface Address {
  readonly kind: "file" | "playlist" | "images" | "rtsp" | "hls" | "mjpeg" | "device";
  /** To open, never to print: a path, or an address with its credentials. */
  readonly location: string;
  /** To print: credentials replaced by `***`. */
  readonly shown: string;
}

/**
 * Sorts an address by what it names. Touches the disk only to tell a folder from a file; whether anything is
 * there is found out when the source is opened.
 * @throws CodedError SOURCE_ADDRESS for an empty address or a protocol that is not read
 */
export function parseAddress(address: string): Address {
  const shown = redactAddress(address);
  if (address.trim() === "") throw fault("SOURCE_ADDRESS", { address: '""', why: "it is empty" });
  if (/^rtsps?:\/\//i.test(address)) return { kind: "rtsp", location: address, shown };
  if (/^https?:\/\//i.test(address)) return { kind: webKind(address, shown), location: address, shown };
  if (/^\/dev\/video\d+$/.test(address)) return { kind: "device", location: address, shown };
  const path = localPath(address, shown);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return { kind: "images", location: path, shown };
  }
  return { kind: /\.m3u8?$/i.test(path) ? "playlist" : "file", location: path, shown };
}

function webKind(address: string, shown: string): "hls" | "mjpeg" {
  const path = address.split(/[?#]/, 1)[0] ?? "";
  if (/\.m3u8?$/i.test(path)) return "hls";
  if (/\.(mp4|m4v|mov|mkv|webm|avi|ts|mpg|mpeg|flv|wmv)$/i.test(path)) {
    throw fault("SOURCE_ADDRESS", { address: shown, why: "recordings are read from disk, not over http" });
  }
  return "mjpeg";
}

function localPath(address: string, shown: string): string {
  if (/^file:\/\//i.test(address)) {
    try {
      return fileURLToPath(address);
    } catch {
      throw fault("SOURCE_ADDRESS", { address: shown, why: "it is not a file URL of this machine" });
    }
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1];
  if (scheme !== undefined) {
    throw fault("SOURCE_ADDRESS", { address: shown, why: `${scheme}:// is not read` });
  }
  return address;
}

/** Whether an address names something without an end of its own: a camera, not a recording. */
export function isLive(address: string): boolean {
  return ["rtsp", "hls", "mjpeg", "device"].includes(parseAddress(address).kind);
}
