import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TreeInMemory } from "../../test/support/tree-in-memory.ts";
import type { Clock } from "../time/clock.ts";
import { openCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { cosignatureTime, createCosigner, createVerifier } from "./cosignature.ts";
import { createNoteSigner, type NoteSigner } from "./note.ts";
import { formatConsistencyProof, parseConsistencyProof } from "./proof.ts";
import { formatMemory, parseMemory, readMemory, type WitnessRequest, witness } from "./witness.ts";

const key = () => generateKeyPairSync("ed25519").privateKey;
const NAME = "example.org/journal";

let folder: string;
let memory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-witness-"));
  memory = join(folder, "memory.txt");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A clock that stands still until it is moved. */
function clockAt(now: string): Clock & { set(now: string): void } {
  let at = Date.parse(now);
  return {
    now: () => at,
    monotonic: () => 0,
    sleep: () => Promise.resolve(),
    set: (then) => {
      at = Date.parse(then);
    },
  };
}

/** A journal of so many leaves, of which those from `changedFrom` on say something else. */
function tree(size: number, changedFrom = size): TreeInMemory {
  return new TreeInMemory(
    Array.from({ length: size }, (_, i) => Buffer.from(i < changedFrom ? `leaf ${i}` : `other ${i}`)),
  );
}

function signed(signer: NoteSigner, of: TreeInMemory, size: number): string {
  return signCheckpoint({ origin: signer.name, size, root: of.root(size) }, [signer]);
}

/** As from a request file. */
async function request(
  signer: NoteSigner,
  of: TreeInMemory,
  from: number,
  to: number,
): Promise<WitnessRequest> {
  const file = await formatConsistencyProof(of, from, signed(signer, of, to));
  const { oldSize, path, note } = parseConsistencyProof(file);
  return { note, proofFrom: async (size) => (size === oldSize ? path : { startsAt: oldSize }) };
}

function setUp() {
  const signer = createNoteSigner(NAME, key());
  const cosigner = createCosigner("example.org/witness", key());
  const clock = clockAt("2026-03-01T12:00:00Z");
  const options = { cosigner, memory, clock };
  return { signer, cosigner, clock, options, first: { ...options, logKey: signer.verifierKey } };
}

describe("a witness", () => {
  test("cosigns the first state that it sees, then each that continues it", async () => {
    const { signer, cosigner, clock, options, first } = setUp();
    const whole = tree(40);
    const one = await witness(await request(signer, whole, 0, 7), first);
    expect(one.before).toBeNull();
    clock.set("2026-03-02T12:00:00Z");
    const two = await witness(await request(signer, whole, 7, 40), options);
    expect(two.before?.size).toBe(7);
    const opened = openCheckpoint(two.note, [signer.verifier, createVerifier(cosigner.verifierKey)]);
    expect(opened.verified.map(({ name }) => name)).toEqual([NAME, "example.org/witness"]);
    expect(opened.checkpoint.size).toBe(40);
    expect(cosignatureTime(opened.verified[1]?.signature ?? Buffer.alloc(0))).toBe(clock.now());
    expect((await readMemory(memory)).get(NAME)?.note).toBe(two.note);
  });

  test("cosigns the same state again without a proof", async () => {
    const { signer, options, first } = setUp();
    const bare: WitnessRequest = { note: signed(signer, tree(9), 9), proofFrom: async () => null };
    await witness(bare, first);
    expect((await witness(bare, options)).before?.size).toBe(9);
  });

  test("keeps a file that fits in an e-mail, for its owner alone", async () => {
    const { signer, first } = setUp();
    await witness(await request(signer, tree(1000), 0, 1000), first);
    const { size, mode } = await stat(memory);
    expect(size).toBeLessThan(4096);
    expect(mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["memory.txt"]);
  });

  test("remembers several journals apart", async () => {
    const { signer, options, first } = setUp();
    const other = createNoteSigner("example.org/other", key());
    await witness(await request(signer, tree(5), 0, 5), first);
    await witness(await request(other, tree(3), 0, 3), { ...options, logKey: other.verifierKey });
    expect([...(await readMemory(memory)).keys()]).toEqual([NAME, "example.org/other"]);
  });

  test("two at once: one signs, the other is told to wait or continues the first", async () => {
    const { signer, first, options } = setUp();
    const whole = tree(20);
    await witness(await request(signer, whole, 0, 10), first);
    const both = await Promise.allSettled([
      witness(await request(signer, whole, 10, 15), options),
      witness(await request(signer, whole, 10, 20), options),
    ]);
    const lost = both.filter((one) => one.status === "rejected");
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: "WITNESS_MEMORY_BUSY" });
  });
});

describe("a witness refuses, signs nothing and forgets nothing:", () => {
  interface Attempt {
    readonly why: string;
    readonly code: string;
    /** Whether both states are kept as proof. */
    readonly kept: boolean;
    readonly ask: (set: ReturnType<typeof setUp>) => Promise<unknown>;
  }
  const attempts: readonly Attempt[] = [
    {
      why: "a smaller journal",
      code: "WITNESS_SMALLER",
      kept: true,
      ask: async ({ signer, options }) => witness(await request(signer, tree(20), 0, 12), options),
    },
    {
      why: "the same number of leaves with another root",
      code: "WITNESS_FORK",
      kept: true,
      ask: async ({ signer, options }) => witness(await request(signer, tree(20, 3), 0, 20), options),
    },
    {
      why: "a larger journal whose past was rewritten by the holder of its key",
      code: "WITNESS_PROOF",
      kept: true,
      ask: async ({ signer, options }) => witness(await request(signer, tree(30, 3), 20, 30), options),
    },
    {
      why: "two leaves that changed places",
      code: "WITNESS_PROOF",
      kept: true,
      ask: async ({ signer, options }) => {
        const leaves = Array.from({ length: 30 }, (_, i) =>
          Buffer.from(`leaf ${i === 4 ? 5 : i === 5 ? 4 : i}`),
        );
        return witness(await request(signer, new TreeInMemory(leaves), 20, 30), options);
      },
    },
    {
      why: "a request that starts elsewhere",
      code: "WITNESS_OTHER_START",
      kept: false,
      ask: async ({ signer, options }) => witness(await request(signer, tree(30), 10, 30), options),
    },
    {
      why: "a larger checkpoint without a proof",
      code: "WITNESS_NEEDS_PROOF",
      kept: false,
      ask: async ({ signer, options }) =>
        witness({ note: signed(signer, tree(30), 30), proofFrom: async () => null }, options),
    },
    {
      why: "another key for the journal's name",
      code: "NOTE_UNSIGNED",
      kept: false,
      ask: async ({ options }) =>
        witness(await request(createNoteSigner(NAME, key()), tree(30), 20, 30), options),
    },
    {
      why: "another key that is given with it",
      code: "WITNESS_LOG_KEY",
      kept: false,
      ask: async ({ options }) => {
        const other = createNoteSigner(NAME, key());
        return witness(await request(other, tree(30), 20, 30), { ...options, logKey: other.verifierKey });
      },
    },
    {
      why: "a journal that it does not know",
      code: "WITNESS_LOG_UNKNOWN",
      kept: false,
      ask: async ({ options }) =>
        witness(await request(createNoteSigner("example.org/other", key()), tree(30), 0, 30), options),
    },
    {
      why: "a checkpoint with the key of another journal",
      code: "WITNESS_LOG_UNKNOWN",
      kept: false,
      ask: async ({ signer, options }) => {
        const whole = tree(4);
        const checkpoint = { origin: "example.org/other", size: 4, root: whole.root() };
        const note = signCheckpoint(checkpoint, [signer]);
        return witness({ note, proofFrom: async () => [] }, { ...options, logKey: signer.verifierKey });
      },
    },
    {
      why: "a clock before its last signature",
      code: "WITNESS_CLOCK",
      kept: false,
      ask: async ({ signer, options, clock }) => {
        clock.set("2026-02-28T12:00:00Z");
        return witness(await request(signer, tree(30), 20, 30), options);
      },
    },
    {
      why: "a memory that was signed with another key",
      code: "WITNESS_MEMORY",
      kept: false,
      ask: async ({ signer, options }) =>
        witness(await request(signer, tree(30), 20, 30), {
          ...options,
          cosigner: createCosigner("example.org/witness", key()),
        }),
    },
  ];

  test.each(attempts)("$why", async ({ code, kept, ask }) => {
    const set = setUp();
    await witness(await request(set.signer, tree(20), 0, 20), set.first);
    const before = await readFile(memory, "utf8");
    await expect(ask(set)).rejects.toMatchObject({ code });
    expect(await readFile(memory, "utf8")).toBe(before);
    const files = await readdir(folder);
    expect(files.filter((name) => name.startsWith("memory.txt.refused-"))).toHaveLength(kept ? 1 : 0);
    expect(files).not.toContain("memory.txt.lock");
  });

  test("what is kept of a fork holds both signed states", async () => {
    const { signer, first, options } = setUp();
    const right = await witness(await request(signer, tree(20), 0, 20), first);
    const wrong = await request(signer, tree(20, 3), 0, 20);
    await expect(witness(wrong, options)).rejects.toMatchObject({ code: "WITNESS_FORK" });
    expect(await readFile(`${memory}.refused-20`, "utf8")).toBe(`${right.note}\n${wrong.note}`);
  });
});

describe("a memory file", () => {
  test("is read back as it was written", async () => {
    const { signer, first } = setUp();
    await witness(await request(signer, tree(20), 0, 20), first);
    const text = await readFile(memory, "utf8");
    expect(formatMemory(parseMemory(text, memory))).toBe(text);
  });

  test.each([
    ["is not one", () => "Bonjour\n"],
    ["is empty", () => ""],
    ["is cut", (text: string) => text.slice(0, -20)],
    ["has another size in it", (text: string) => text.replace("\n20\n", "\n21\n")],
    ["has a record twice", (text: string) => text + text.slice(text.indexOf("journal example"))],
  ])("that %s is refused", async (_, edit) => {
    const { signer, first, options } = setUp();
    await witness(await request(signer, tree(20), 0, 20), first);
    await writeFile(memory, edit(await readFile(memory, "utf8")));
    await expect(witness(await request(signer, tree(30), 20, 30), options)).rejects.toMatchObject({
      code: "WITNESS_MEMORY",
    });
  });
});
