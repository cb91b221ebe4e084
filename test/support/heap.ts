/** A heap snapshot of V8, as far as a search needs it. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/**
 * Texts that a heap still holds: those that can be reached from its roots without going through one field of the
 * objects of one class, and without weak references.
 * @param text of the snapshot
 */
export function textsHeld(
  text: string,
  wanted: Iterable<string>,
  except: { readonly className: string; readonly field: string },
): readonly string[] {
  const { snapshot, nodes, edges, strings }: Snapshot = JSON.parse(text);
  const { node_fields: fields, edge_fields: edgeFields, edge_types: types } = snapshot.meta;
  const [nodeSize, edgeSize] = [fields.length, edgeFields.length];
  const [nameAt, countAt] = [fields.indexOf("name"), fields.indexOf("edge_count")];
  const [typeAt, labelAt, targetAt] = ["type", "name_or_index", "to_node"].map((name) =>
    edgeFields.indexOf(name),
  );
  const weak = types[0].indexOf("weak");
  const property = types[0].indexOf("property");
  const name = (node: number) => strings[nodes[node * nodeSize + nameAt] ?? 0] ?? "";
  const firstEdge = new Uint32Array(nodes.length / nodeSize + 1);
  for (let node = 0; node + 1 < firstEdge.length; node++) {
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + (nodes[node * nodeSize + countAt] ?? 0);
  }
  const reached = new Uint8Array(firstEdge.length);
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const skips = name(node) === except.className;
    for (let edge = firstEdge[node] ?? 0; edge < (firstEdge[node + 1] ?? 0); edge++) {
      const at = (part: number | undefined) => edges[edge * edgeSize + (part ?? 0)] ?? 0;
      if (at(typeAt) === weak) continue;
      if (skips && at(typeAt) === property && strings[at(labelAt)] === except.field) continue;
      const target = at(targetAt) / nodeSize;
      if (reached[target] === 1) continue;
      reached[target] = 1;
      waiting.push(target);
    }
  }
  const held = new Set<string>();
  for (const each of wanted) {
    for (let node = 0; node + 1 < firstEdge.length; node++) {
      if (reached[node] === 1 && name(node).includes(each)) held.add(each);
    }
  }
  return [...held];
}
