/** Random numbers from a seed, the same on every machine (mulberry32). @returns 0 (included) to 1 (excluded) */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Damages a copy of `bytes` in one of the ways that files and streams get damaged, or are made to attack. */
export function mutate(bytes: Uint8Array, random: () => number): { how: string; bytes: Uint8Array } {
  const below = (most: number) => Math.floor(random() * most);
  const copy = Uint8Array.from(bytes);
  const header = Math.min(512, copy.length);
  switch (below(7)) {
    case 0: {
      const flips = 1 + below(64);
      for (let i = 0; i < flips; i++) {
        const at = below(copy.length);
        copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
      }
      return { how: `${flips} bits flipped`, bytes: copy };
    }
    case 1: {
      const length = below(copy.length);
      return { how: `cut to ${length} bytes`, bytes: copy.subarray(0, length) };
    }
    case 2: {
      const flips = 1 + below(16);
      for (let i = 0; i < flips; i++) {
        const at = below(header);
        copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
      }
      return { how: `${flips} bits of the header flipped`, bytes: copy };
    }
    case 3: {
      const length = 1 + below(header);
      for (let at = 0; at < length; at++) copy[at] = below(256);
      return { how: `${length} random bytes as header`, bytes: copy };
    }
    case 4: {
      const from = below(copy.length);
      const length = 1 + below(copy.length - from);
      copy.fill(random() < 0.5 ? 0 : 255, from, from + length);
      return { how: `${length} bytes blanked at ${from}`, bytes: copy };
    }
    case 5: {
      const from = below(copy.length);
      const length = 1 + below(copy.length - from);
      const spliced = new Uint8Array(copy.length + length);
      const at = below(copy.length);
      spliced.set(copy.subarray(0, at));
      spliced.set(copy.subarray(from, from + length), at);
      spliced.set(copy.subarray(at), at + length);
      return { how: `${length} bytes of ${from} again at ${at}`, bytes: spliced };
    }
    default: {
      const fields = 1 + below(8);
      for (let i = 0; i < fields; i++) {
        const at = below(Math.max(1, copy.length - 4));
        copy.set(random() < 0.5 ? [0xff, 0xff, 0xff, 0xff] : [0x7f, 0xff, 0xff, 0xff], at);
      }
      return { how: `${fields} lengths made huge`, bytes: copy };
    }
  }
}
