/**
 * Entry bundles of C2SP tlog-tiles: the bytes of up to 256 leaves, one after the other, each behind its length as
 * a 16-bit big-endian number. An entry bundle lies beside the level 0 tile that holds the hashes of the same leaves.
 */

/** Longest leaf that a bundle can hold, in bytes. */
export const LONGEST_LEAF = 0xffff;

/** @param leaves in their order, each of at most 65,535 bytes. @throws RangeError */
export function encodeBundle(leaves: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(leaves.reduce((length, leaf) => length + 2 + leaf.length, 0));
  let at = 0;
  for (const leaf of leaves) {
    if (leaf.length > LONGEST_LEAF)
      throw new RangeError(`a leaf of ${leaf.length} bytes fits no entry bundle`);
    at = bundle.writeUInt16BE(leaf.length, at);
    bundle.set(leaf, at);
    at += leaf.length;
  }
  return bundle;
}

/**
 * @param count how many leaves must be in it, neither more nor fewer
 * @throws RangeError where the bytes do not end with the last of them
 */
export function decodeBundle(bundle: Buffer, count: number): Buffer[] {
  const leaves: Buffer[] = [];
  let at = 0;
  while (leaves.length < count) {
    const start = at + 2;
    const end = start <= bundle.length ? start + bundle.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > bundle.length) throw new RangeError(`it ends within leaf ${leaves.length} of ${count}`);
    leaves.push(bundle.subarray(start, end));
    at = end;
  }
  if (at !== bundle.length) throw new RangeError(`${bundle.length - at} bytes follow its ${count} leaves`);
  return leaves;
}
