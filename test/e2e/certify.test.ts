import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDocuments, writeDocument } from "../../src/policy/documents.ts";
import { exampleCertificate } from "../support/policy-fixtures.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

describe("a certificate by hand", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-certify-"));
    await writeDocument(join(folder, "certificate.yml"), exampleCertificate({ signature: null }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const authorise = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [LAUNCHER, "authorise", ...args], { encoding: "utf8" });
    return { status: run.status, said: `${run.stdout}${run.stderr}` };
  };
  const state = async () => (await loadDocuments(folder)).certificates[0]?.signature;

  it("counts once a key that is trusted to certify has signed it, and by no other", async () => {
    expect(await state()).toBe("missing");
    const file = join(folder, "certificate.yml");
    for (const role of ["certifying", "publishing"]) {
      const made = authorise(
        ...["key", "new", "--role", role, "--holder", `Exemple ${role}`],
        ...["--out", join(folder, `${role}.pem`), "--trust", join(folder, "trust.yml")],
        ...["--valid-from", "2020-01-01T00:00:00Z"],
      );
      expect(made.status, made.said).toBe(0);
    }
    const wrong = authorise("certify", file, "--key", join(folder, "publishing.pem"), "--lang", "en");
    expect(wrong.said).toContain("wrong_key");
    expect(await state()).toBe("wrong_key");
    const right = authorise("certify", file, "--key", join(folder, "certifying.pem"), "--lang", "fr");
    expect(right.status, right.said).toBe(0);
    expect(right.said).toContain("Signé : le certificat");
    expect(await state()).toBe("valid");
    const other = authorise("certify", join(folder, "trust.yml"), "--key", join(folder, "certifying.pem"));
    expect(other.said).toContain("AUTHORISE_VALUE");
  });
});
