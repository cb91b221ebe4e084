import { ONNX_TYPES, type OnnxAttribute, type OnnxGraph, type OnnxTensor, type OnnxValue } from "./graph.ts";
import { WireWriter } from "./wire.ts";

/** Operator set and file version written: ONNX 1.12, which every runtime of the last years reads. */
export const OPSET = 17;
const IR_VERSION = 8;

/**
 * The bytes of an ONNX file. Field numbers are those of onnx.proto (https://github.com/onnx/onnx).
 * The same graph gives the same bytes on every machine: nothing of the date, the host or the version is
 * written, so that a manifest can pin the sha256 of a converted network.
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return new WireWriter()
    .integer(1, IR_VERSION)
    .text(2, "contrechamp")
    .message(7, (g) => {
      for (const node of graph.nodes) {
        g.message(1, (n) => {
          for (const name of node.inputs) n.text(1, name);
          for (const name of node.outputs) n.text(2, name);
          n.text(3, node.name).text(4, node.op);
          for (const [name, attribute] of Object.entries(node.attributes)) {
            n.message(5, (a) => writeAttribute(a.text(1, name), attribute));
          }
        });
      }
      g.text(2, graph.name);
      for (const tensor of graph.initializers) g.message(5, (t) => writeTensor(t, tensor));
      for (const value of graph.inputs) g.message(11, (v) => writeValue(v, value));
      for (const value of graph.outputs) g.message(12, (v) => writeValue(v, value));
    })
    .message(8, (opset) => opset.text(1, "").integer(2, OPSET))
    .finish();
}

function writeAttribute(out: WireWriter, attribute: OnnxAttribute): void {
  switch (attribute.kind) {
    case "float":
      out.float(2, attribute.value).integer(20, 1);
      return;
    case "int":
      out.integer(3, attribute.value).integer(20, 2);
      return;
    case "string":
      out.text(4, attribute.value).integer(20, 3);
      return;
    case "ints":
      for (const value of attribute.value) out.integer(8, value);
      out.integer(20, 7);
      return;
  }
}

function writeTensor(out: WireWriter, tensor: OnnxTensor): void {
  for (const size of tensor.shape) out.integer(1, size);
  out.integer(2, ONNX_TYPES[tensor.type]).text(8, tensor.name).bytes(9, littleEndian(tensor));
}

function littleEndian(tensor: OnnxTensor): Uint8Array {
  const bytes = new Uint8Array(tensor.data.byteLength);
  const view = new DataView(bytes.buffer);
  if (tensor.type === "float32")
    tensor.data.forEach((v, i) => {
      view.setFloat32(4 * i, v, true);
    });
  else
    tensor.data.forEach((v, i) => {
      view.setBigInt64(8 * i, v, true);
    });
  return bytes;
}

function writeValue(out: WireWriter, value: OnnxValue): void {
  out.text(1, value.name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.integer(1, ONNX_TYPES[value.type]).message(2, (shape) => {
        for (const size of value.shape) {
          shape.message(1, (d) => (typeof size === "number" ? d.integer(1, size) : d.text(2, size)));
        }
      }),
    ),
  );
}
