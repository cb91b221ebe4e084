import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asCoded } from "../errors.ts";
import { openJournal } from "../journal/journal.ts";
import { systemClock } from "../time/clock.ts";
import { journalCommand } from "./journal.ts";

let root: string;
/** A state folder with a closed journal, as the engine leaves it. */
let state: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "journal-command-"));
  state = join(root, "state");
  const journal = await openJournal(join(state, "journal"), {
    clock: systemClock,
    origin: "example.org/journal",
    onFault: (fault) => {
      throw fault;
    },
  });
  const alert = { kind: "raised", event: "fire", cameraId: "cam-1", ruleId: "fires" };
  const disposition = { alertId: "a", outcome: "confirmed", operatorPseudonym: "op-1", correction: null };
  await journal.append({ type: "alert", actor: "engine", payload: { ...alert, id: "a" } });
  await journal.append({ type: "disposition", actor: "op-1", payload: disposition });
  await journal.append({ type: "view", actor: "op-1", payload: { evidenceId: "e", reason: "a reason" } });
  await journal.close();
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The command as a person writes it, in an English environment: what it prints, or the coded error it ends with. */
async function run(...words: string[]): Promise<{ code: number; out: string; said: string; err: string }> {
  let [out, said] = ["", ""];
  const output = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const errors = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  vi.stubEnv("LC_ALL", "en_GB.UTF-8");
  process.exitCode = undefined;
  const program = new Command("contrechamp").addCommand(journalCommand());
  const all = [program, ...program.commands, ...program.commands.flatMap((sub) => sub.commands)];
  for (const command of all) command.exitOverride();
  try {
    await program.parseAsync(["journal", ...words], { from: "user" });
    return { code: Number(process.exitCode ?? 0), out, said, err: "" };
  } catch (thrown) {
    const { exit, code } = asCoded(thrown);
    return { code: exit, out, said, err: code };
  } finally {
    output.mockRestore();
    errors.mockRestore();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  }
}

const file = (name: string) => join(root, name);

describe("contrechamp journal", () => {
  it("prints the public key and the signed state, wherever the journal is named", async () => {
    const { out } = await run("key", state, "--json");
    const { origin, verifierKey } = JSON.parse(out) as { origin: string; verifierKey: string };
    expect(origin).toBe("example.org/journal");
    expect((await run("key", join(state, "journal"))).out).toContain(verifierKey);
    const { out: note } = await run("checkpoint", state);
    expect(note.startsWith("example.org/journal\n4\n")).toBe(true);
  });

  it("goes the whole way from a witness's key to a verified page", async () => {
    const made = await run(
      "witness",
      "key",
      "new",
      file("w.key"),
      "--name",
      "example.org/town-hall",
      "--json",
    );
    const { verifierKey } = JSON.parse(made.out) as { verifierKey: string };
    expect((await stat(file("w.key"))).mode & 0o777).toBe(0o600);
    // PRIVATE+KEY+name+id+base64, and base64 has plus signs of its own.
    const secret = (await readFile(file("w.key"), "utf8")).split("+").slice(4).join("+");
    expect(made.out + made.said).not.toContain(secret.trim());

    await run("prove", state, "--consistency", "0", "-o", file("request"));
    const key = join(state, "journal/public");
    const witness = ["--key", file("w.key"), "--memory", file("memory")];
    expect((await run("witness", file("request"), ...witness)).err).toBe("WITNESS_LOG_UNKNOWN");
    const first = await run("witness", file("request"), ...witness, "--log", key, "-o", file("signed"));
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.said).toContain("example.org/journal with 4 leaves");

    const taken = await run(
      ...["checkpoint", state, "--add-cosignature", file("signed")],
      ...["--witness-key", verifierKey, "--by", "op-1"],
    );
    expect(taken.out).toContain("example.org/town-hall has signed the state of 4 leaves (leaf 4)");

    const checked = [
      "verify",
      state,
      "--key",
      key,
      "--witness-key",
      verifierKey,
      "--trusted",
      file("memory"),
    ];
    const { code, out } = await run(...checked, "--html", file("page.html"), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ verdict: "sound", vouchedTo: 4, size: 5 });
    const page = await readFile(file("page.html"), "utf8");
    expect(page).toContain("somebody independent vouches for it");
    expect(page).toContain("quelqu’un d’indépendant en répond");
    expect(page).not.toMatch(/<script|https?:\/\/(?!c2sp\.org)/);

    expect((await run("prove", state, "--consistency", "4", "-o", file("next"))).err).toBe("");
    expect((await run("witness", file("next"), ...witness)).code).toBe(0);
    expect(await run("witness", file("request"), ...witness)).toMatchObject({
      code: 65,
      err: "WITNESS_SMALLER",
    });
    expect(await run("witness", state, ...witness)).toMatchObject({ code: 0 });
  });

  it("says that nobody independent vouches, with its own exit code and in French", async () => {
    const { code, out } = await run("verify", state, "--lang", "fr");
    expect(code).toBe(1);
    expect(out).toContain("RIEN NE S'Y OPPOSE");
    expect(out).toContain("Personne d’indépendant n’en répond");
  });

  it("proves a leaf with what it is about, or without", async () => {
    await run("prove", state, "3", "-o", file("proof"));
    const key = join(state, "journal/public");
    const holds = await run("verify", "--proof", file("proof"), "--key", key, "--json");
    expect(JSON.parse(holds.out)).toMatchObject({
      holds: true,
      leaf: { seq: 3 },
      opening: { payload: { evidenceId: "e" } },
    });
    const { out } = await run("prove", state, "3", "--without-content");
    expect(Buffer.from(out.split("\n")[1]?.slice(6) ?? "", "base64").toString()).not.toContain("a reason");
    await writeFile(file("forged"), (await readFile(file("proof"), "utf8")).replace("index 3", "index 2"));
    expect(await run("verify", "--proof", file("forged"), "--key", key)).toMatchObject({
      code: 65,
      err: "PROOF_WRONG",
    });
    expect((await run("prove", state, "99")).err).toBe("JOURNAL_NO_LEAF");
    expect((await run("prove", state, "--consistency", "1", "2")).err).toBe("NO_SIGNED_STATE");
  });

  it("lists leaves by type", async () => {
    const { out } = await run("show", state, "--type", "view", "--json");
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ seq: 3, type: "view", actor: "op-1", payload: { reason: "a reason" } }]);
    expect((await run("show", state, "--from", "1", "--to", "2")).out.trim().split("\n")).toHaveLength(2);
  });

  it("exports a bundle and counts, each a leaf of the journal", async () => {
    expect((await run("export", state, "--bundle", file("none"))).said).toContain("--by, --reason");
    const why = ["--by", "op-2", "--reason", "asked by the association"];
    const bundle = await run(
      "export",
      state,
      "--bundle",
      file("bundle"),
      ...why,
      "--recipient",
      "association",
    );
    expect(bundle).toMatchObject({ code: 0, err: "" });
    expect((await run("verify", file("bundle"), "--key", join(state, "journal/public"))).code).toBe(1);

    const year = String(new Date().getFullYear());
    const counts = ["export", state, "--period", year, "--for", "prefect", ...why];
    const { code, out } = await run(...counts, "--html", file("t.html"), "--csv", file("t.csv"), "--json");
    expect(code).toBe(0);
    const totals = JSON.parse(out) as { sha256: string };
    expect(totals).toMatchObject({ reconciles: true, alerts: { raised: 1, confirmed: 1, open: 0 } });
    expect(await readFile(file("t.csv"), "utf8")).toContain("alerts,fire,cam-1,fires,confirmed,1\r\n");
    expect(await readFile(file("t.html"), "utf8")).toContain("Compte rendu au préfet");
    const exports = await run("show", state, "--type", "export", "--json");
    expect(
      exports.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { actor: "op-2", payload: { what: "bundle", recipients: ["association"] } },
      { actor: "op-2", payload: { what: "totals", for: "prefect", period: year, sha256: totals.sha256 } },
    ]);
    // A bundle can be counted again by whoever has it, and leaves no trace.
    const again = await run("export", file("bundle"), "--period", year, "--for", "cnil", "--lang", "fr");
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain("Les comptes se recoupent.");
  });

  it("refuses what it cannot read, and what is none", async () => {
    await copyFile(file("bundle/public"), file("not-a-note"));
    for (const [words, err] of [
      [["verify", root], "VERIFY_NO_JOURNAL"],
      [["verify", state, "--key", "nonsense"], "NOTE_KEY"],
      [["verify", state, "--trusted", file("missing")], "JOURNAL_INPUT"],
      [["witness", file("not-a-note"), "--key", file("w.key"), "--memory", file("m")], "NOTE_MALFORMED"],
      [["witness", state, "--key", file("missing"), "--memory", file("m")], "WITNESS_KEY_FILE"],
      [["witness", "key", "new", file("w.key"), "--name", "example.org/w"], "JOURNAL_OUTPUT"],
      [["witness", "key", "new", file("x.key"), "--name", "has space"], "NOTE_KEY"],
      [["export", state, "--period", "2024-W99", "--for", "cnil"], "PERIOD"],
      [["export", state, "--period", "2024", "--time-zone", "Paris", "--for", "cnil"], "TIME_ZONE"],
      [["checkpoint", state, "--add-cosignature", file("not-a-note")], "NOTE_MALFORMED"],
    ] as const) {
      expect((await run(...words)).err, words.join(" ")).toBe(err);
    }
  });
});
