import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  arbitraryAuthorisation,
  arbitraryCameraAuthorisation,
  arbitraryCertificate,
  arbitraryNotice,
  arbitraryTrust,
} from "../../test/support/policy-arbitraries.ts";
import {
  exampleAuthorisation,
  exampleCameraAuthorisation,
  exampleCertificate,
  exampleFields,
  exampleNotice,
  testKeys,
} from "../../test/support/policy-fixtures.ts";
import { CodedError } from "../errors.ts";
import type { Authorisation } from "./authorisation.ts";
import type { AuthorityDocument } from "./document-sets.ts";
import { documentText, inspectDocument, loadDocuments, readDocument, writeDocument } from "./documents.ts";
import { draft } from "./lifecycle.ts";
import { documentSha256 } from "./signed-texts.ts";

const { trust, issuing, publishing } = testKeys();
const root = mkdtempSync(join(tmpdir(), "contrechamp-documents-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** A new folder with these files: texts as they are, documents as they are written. */
function folderOf(files: Readonly<Record<string, string | Uint8Array | AuthorityDocument>>): string {
  const folder = join(root, `${++made}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const raw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, name), raw ? content : documentText(content, name));
  }
  return folder;
}

async function refusal(act: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await act;
  } catch (thrown) {
    if (thrown instanceof CodedError) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
  throw new Error("nothing was refused");
}

const WHOLE = {
  "analytic.yml": exampleAuthorisation(),
  "camera.yaml": exampleCameraAuthorisation(),
  "certificate.json": exampleCertificate(),
  "notice.YML": exampleNotice(),
  "trust.yml": trust,
};

test("a whole folder: every document, every signature checked, where each was found", async () => {
  const folder = folderOf({ ...WHOLE, "README.md": "# Exemple", ".hidden.yml": "[", "photo.png": "x" });
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old", "broken.yml"), "[");
  const loaded = await loadDocuments(folder);
  expect(loaded).toMatchObject({ faults: [], warnings: [], trust });
  const [analytic, camera] = loaded.authorisations;
  expect(analytic).toEqual({
    document: exampleAuthorisation(),
    sha256: documentSha256(exampleAuthorisation()),
    signatures: {
      decision: "valid",
      publication: "valid",
      decisionHolder: "Exemple de clé (issuing)",
      publicationHolder: "Exemple de clé (publishing)",
      conditions: { affluence: "valid" },
      history: ["missing", "valid", "valid"],
    },
  });
  expect(camera?.document).toEqual(exampleCameraAuthorisation());
  expect(loaded.certificates).toEqual([
    {
      document: exampleCertificate(),
      sha256: documentSha256(exampleCertificate()),
      signature: "valid",
    },
  ]);
  expect(loaded.notices.map(({ signature }) => signature)).toEqual(["valid"]);
  expect(loaded.files.map(({ file, id }) => [file, id])).toEqual([
    ["analytic.yml", exampleAuthorisation().id],
    ["camera.yaml", exampleCameraAuthorisation().id],
    ["certificate.json", exampleCertificate().id],
    ["notice.YML", exampleAuthorisation().id],
    ["trust.yml", null],
  ]);
});

test("an empty folder is empty, and no fault", async () => {
  expect(await loadDocuments(folderOf({}))).toEqual({
    authorisations: [],
    certificates: [],
    notices: [],
    trust: null,
    faults: [],
    warnings: [],
    files: [],
  });
});

describe("one bad file is a fault, and the others are read", () => {
  const cases: readonly (readonly [
    what: string,
    make: (path: string) => void,
    code: string,
    said: string,
  ])[] = [
    [
      "cut off",
      (path) => writeFileSync(path, documentText(exampleAuthorisation(), "a.yml").slice(0, 1000)),
      "DOCUMENT_INVALID",
      "bad.yml has ",
    ],
    [
      "empty",
      (path) => writeFileSync(path, ""),
      "DOCUMENT_SCHEMA",
      "bad.yml:1:1: found nothing, expected one of",
    ],
    [
      "of another kind",
      (path) => writeFileSync(path, "schema: contrechamp/profile@1\n"),
      "DOCUMENT_SCHEMA",
      'bad.yml:1:1 schema: found "contrechamp/profile@1", expected one of',
    ],
    [
      "not UTF-8",
      (path) => writeFileSync(path, Buffer.from("schema: \xe9t\xe9\n", "latin1")),
      "DOCUMENT_NOT_TEXT",
      "The document bad.yml is not a text in UTF-8",
    ],
    [
      "in UTF-16",
      (path) => writeFileSync(path, Buffer.from(`\ufeffschema: x\n`, "utf16le")),
      "DOCUMENT_NOT_TEXT",
      "The document bad.yml is not a text in UTF-8",
    ],
    [
      "a picture",
      (path) => writeFileSync(path, Buffer.from("89504e470d0a1a0a0000000d49484452ff", "hex")),
      "DOCUMENT_NOT_TEXT",
      "The document bad.yml is not a text in UTF-8",
    ],
    [
      "one byte too large",
      (path) => writeFileSync(path, "#".repeat(1_048_577)),
      "DOCUMENT_TOO_LARGE",
      "The document bad.yml has 1048577 bytes; at most 1048576 are read",
    ],
    [
      "a folder",
      (path) => mkdirSync(path),
      "DOCUMENT_UNREADABLE",
      "The document bad.yml cannot be read: it is not a regular file",
    ],
    [
      "a pipe that nobody writes to",
      (path) => execFileSync("mkfifo", [path]),
      "DOCUMENT_UNREADABLE",
      "The document bad.yml cannot be read: it is not a regular file",
    ],
    [
      "a link to nothing",
      (path) => symlinkSync(`${path}.gone`, path),
      "DOCUMENT_UNREADABLE",
      "The document bad.yml cannot be read: ENOENT",
    ],
    [
      "a link to itself",
      (path) => symlinkSync(path, path),
      "DOCUMENT_UNREADABLE",
      "The document bad.yml cannot be read: ELOOP",
    ],
    [
      "a link out of the folder",
      (path) => symlinkSync("/etc/hostname", path),
      "DOCUMENT_OUTSIDE",
      "The document bad.yml is a link that leads out of its folder",
    ],
    [
      "a link to a folder beside it whose name begins alike",
      (path) => {
        const beside = `${join(path, "..")}-other`;
        mkdirSync(beside);
        writeFileSync(
          join(beside, "a.yml"),
          documentText(exampleAuthorisation({ id: "urn:example:b" }), "a.yml"),
        );
        symlinkSync(join(beside, "a.yml"), path);
      },
      "DOCUMENT_OUTSIDE",
      "The document bad.yml is a link that leads out of its folder",
    ],
  ];
  test.each(cases)("%s", async (_, make, code, said) => {
    const folder = folderOf(WHOLE);
    make(join(folder, "bad.yml"));
    const { faults, authorisations, certificates, notices, trust: believed } = await loadDocuments(folder);
    expect(faults.map((found) => [found.file, found.code])).toEqual([["bad.yml", code]]);
    expect(faults[0]?.message.slice(0, said.length)).toBe(said);
    expect([authorisations.length, certificates.length, notices.length]).toEqual([2, 1, 1]);
    expect(believed).toEqual(trust);
  });

  test.skipIf(process.getuid?.() === 0)("not to be read by this user", async () => {
    const folder = folderOf(WHOLE);
    chmodSync(join(folder, "notice.YML"), 0o000);
    const { faults } = await loadDocuments(folder);
    expect(faults.map(({ message }) => message)).toEqual(["The document notice.YML cannot be read: EACCES"]);
  });

  test("several problems are told together, each with its place", async () => {
    const text = documentText(exampleAuthorisation(), "a.yml")
      .replace("renewalCount: 0", "renewalCount: 3")
      .replace("clips: P7D", "clips: P2M");
    const { faults } = await loadDocuments(folderOf({ "bad.yml": text }));
    expect(faults.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^DOCUMENT_INVALID bad\.yml has 2 problems:\n {2}bad\.yml:\d+:1 renewalCount: it is said to be renewal 3, and names none before it\n {2}bad\.yml:\d+:3 retention\.clips: clips are kept for P2M, allowed is at most P1M$/,
      ),
    ]);
  });

  test("a link within the folder is as good as a file", async () => {
    const folder = folderOf(WHOLE);
    mkdirSync(join(folder, "real"));
    const a = exampleAuthorisation({ id: "urn:example:linked" });
    writeFileSync(join(folder, "real", "a.yml"), documentText(a, "a.yml"));
    symlinkSync(join(folder, "real", "a.yml"), join(folder, "linked.yml"));
    const { faults, authorisations } = await loadDocuments(folder);
    expect(faults).toEqual([]);
    expect(authorisations.map(({ document }) => document.id)).toContain("urn:example:linked");
  });
});

test("of two documents with one id neither counts; the others do", async () => {
  const other = exampleAuthorisation({ reference: "Another" });
  const { faults, authorisations } = await loadDocuments(folderOf({ ...WHOLE, "copy.yml": other }));
  const said = (file: string, first: string) =>
    `${file}: the authorisation urn:example:autorisation:2024-0001 stands in ${first} too`;
  expect(faults.map(({ code, message }) => [code, message])).toEqual([
    ["DOCUMENT_ID_TWICE", said("analytic.yml", "copy.yml")],
    ["DOCUMENT_ID_TWICE", said("copy.yml", "analytic.yml")],
  ]);
  expect(authorisations.map(({ document }) => document.kind)).toEqual(["camera_authorisation"]);
});

test("of two trust files none is believed", async () => {
  const loaded = await loadDocuments(folderOf({ ...WHOLE, "keys.yml": trust }));
  expect(loaded.trust).toBeNull();
  expect(loaded.faults.map(({ code, file }) => [code, file])).toEqual([
    ["DOCUMENT_TRUST_TWICE", "keys.yml"],
    ["DOCUMENT_TRUST_TWICE", "trust.yml"],
  ]);
  expect(loaded.authorisations.map(({ signatures }) => signatures.decision)).toEqual([
    "unknown_key",
    "unknown_key",
  ]);
});

test("a folder that is none, that is not there, or that holds too many files", async () => {
  const file = join(folderOf({ a: "" }), "a");
  const gone = join(root, "gone");
  const many = folderOf({ "trust.yml": trust });
  for (let index = 0; index < 10_000; index++) writeFileSync(join(many, `${index}.txt`), "");
  const said = async (folder: string) => (await loadDocuments(folder)).faults;
  expect(await said(file)).toEqual([
    {
      file,
      code: "DOCUMENTS_UNREADABLE",
      message: `The folder of documents ${file} cannot be read: ENOTDIR`,
    },
  ]);
  expect(await said(gone)).toEqual([
    {
      file: gone,
      code: "DOCUMENTS_UNREADABLE",
      message: `The folder of documents ${gone} cannot be read: ENOENT`,
    },
  ]);
  expect(await loadDocuments(many)).toMatchObject({
    trust: null,
    faults: [
      {
        file: many,
        code: "DOCUMENTS_TOO_MANY",
        message: `The folder of documents ${many} holds more than 10000 files; none is read`,
      },
    ],
  });
  rmSync(join(many, "0.txt"));
  expect((await loadDocuments(many)).faults).toEqual([]);
});

test("documents that together would fill the memory are not read", async () => {
  const large = `${documentText(exampleNotice(), "a.yml")}#${" ".repeat(1_000_000)}`;
  const folder = folderOf(
    Object.fromEntries(
      Array.from({ length: 70 }, (_, index) => [
        `${index}.yml`,
        large.replace("2024-0001", `2024-${1000 + index}`),
      ]),
    ),
  );
  const { faults, notices } = await loadDocuments(folder);
  expect(faults).toEqual([
    {
      file: folder,
      code: "DOCUMENTS_TOO_MANY",
      message: expect.stringMatching(/holds more than 67108864 bytes; none is read$/),
    },
  ]);
  expect(notices).toEqual([]);
});

describe("signatures that do not hold are told, and are no fault: the document permits nothing", () => {
  const a = exampleAuthorisation();
  const [first, published, active] = a.statusHistory;
  if (first === undefined || published === undefined || active === undefined)
    throw new Error("three entries");
  const unsigned = { ...a, decisionSignature: null };
  const crossed = { ...a, decisionSignature: a.publicationSignature };
  const { publicKey, keyId } = issuing;
  const cases: readonly (readonly [string, Authorisation, string, readonly string[]])[] = [
    ["unsigned", unsigned, "missing", ["the decision is missing"]],
    [
      "wrongly signed",
      crossed,
      "broken",
      [
        `the decision by the key ${publishing.keyId} does not fit: it was made for another text, or the text was changed`,
      ],
    ],
    [
      "an active entry without signature",
      { ...a, statusHistory: [first, published, { ...active, signature: null }] },
      "valid",
      ["the entry active of 2024-07-10T08:00:00.000Z is missing"],
    ],
    [
      "an attestation without signature",
      { ...a, conditions: a.conditions.map((condition) => ({ ...condition, signature: null })) },
      "valid",
      ["the attestation of affluence is missing"],
    ],
    [
      "a draft",
      draft(exampleFields(), { by: "Exemple", at: Date.parse("2024-07-09T00:00Z") }),
      "missing",
      [],
    ],
  ];
  test.each(cases)("%s", async (_, document, decision, said) => {
    const { faults, warnings, authorisations } = await loadDocuments(
      folderOf({ ...WHOLE, "analytic.yml": document }),
    );
    expect(faults).toEqual([]);
    expect(authorisations[0]?.signatures.decision).toBe(decision);
    expect(warnings).toEqual(
      said.map((words) => ({
        file: "analytic.yml",
        code: "DOCUMENT_SIGNATURE",
        message: `analytic.yml: the signature of ${words}`,
      })),
    );
  });

  test("a key that nobody trusts, or not for that", async () => {
    const without = { ...trust, keys: trust.keys.filter((key) => key.publicKey !== publicKey) };
    const lesser = {
      ...trust,
      keys: trust.keys.map((key) =>
        key.publicKey === publicKey ? { ...key, roles: ["attesting" as const] } : key,
      ),
    };
    const said = async (believed: typeof trust) =>
      (await loadDocuments(folderOf({ "a.yml": a, "trust.yml": believed }))).warnings.map(
        ({ message }) => message,
      );
    expect(await said(without)).toEqual([
      `a.yml: the signature of the decision is by the key ${keyId}, which the trust file does not know`,
    ]);
    expect(await said(lesser)).toEqual([
      `a.yml: the signature of the decision is by the key ${keyId}, which is not trusted for that at that time`,
    ]);
  });

  test("of certificates and notices too", async () => {
    const { warnings, faults } = await loadDocuments(
      folderOf({
        "certificate.yml": { ...exampleCertificate(), engineVersion: "other" },
        "notice.yml": exampleNotice({ signature: null }),
        "trust.yml": trust,
      }),
    );
    expect(faults).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      `certificate.yml: the signature of the certificate by the key ${testKeys().certifying.keyId} does not fit: it was made for another text, or the text was changed`,
      "notice.yml: the signature of the notice is missing",
    ]);
  });
});

describe("renewals", () => {
  const first = exampleAuthorisation();
  const second = (count: number, grounds = { fr: "Autres motifs.", en: "Other grounds." }) =>
    exampleAuthorisation({ id: "urn:example:second", renewalOf: first.id, renewalCount: count, grounds });

  test("with grounds of their own pass", async () => {
    const { faults, warnings } = await loadDocuments(
      folderOf({ "first.yml": first, "second.yml": second(1), "trust.yml": trust }),
    );
    expect([faults, warnings]).toEqual([[], []]);
  });

  test("with the grounds of the one before are flagged", async () => {
    const { faults, warnings, authorisations } = await loadDocuments(
      folderOf({ "first.yml": first, "second.yml": second(1, first.grounds), "trust.yml": trust }),
    );
    expect(faults).toEqual([]);
    expect(authorisations).toHaveLength(2);
    expect(warnings).toEqual([
      {
        file: "second.yml",
        code: "AUTHORISATION_SAME_GROUNDS",
        message: expect.stringMatching(
          /^second\.yml:\d+:1 grounds: the grounds are those of .*2024-0001, word for word$/,
        ),
      },
    ]);
  });

  test("that count wrong are a fault", async () => {
    const { faults, authorisations } = await loadDocuments(
      folderOf({ "first.yml": first, "second.yml": second(2), "trust.yml": trust }),
    );
    expect(faults.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^AUTHORISATION_RENEWAL second\.yml:\d+:1 renewalCount: it is renewal 2 of urn:example:autorisation:2024-0001, which is renewal 0$/,
      ),
    ]);
    expect(authorisations).toHaveLength(1);
  });
});

describe("writing", () => {
  test("what is written is what is read, for any document, in YAML and in JSON", () => {
    fc.assert(
      fc.property(
        fc.oneof<fc.Arbitrary<AuthorityDocument>[]>(
          arbitraryAuthorisation(),
          arbitraryCameraAuthorisation(),
          arbitraryCertificate(),
          arbitraryNotice(),
          arbitraryTrust(),
        ),
        fc.constantFrom("a.yml", "a.json"),
        (document, name) => {
          const { document: read, problems } = inspectDocument(documentText(document, name), name);
          expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
          expect(read).toEqual(document);
          // And in the same order: written twice it is the same text.
          expect(read === null ? null : documentText(read, name)).toBe(documentText(document, name));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("texts that YAML could take for something else stay texts", async () => {
    const odd = [
      "no",
      "null",
      "1e3",
      "2024-07-20",
      "12:30",
      "- a",
      "a: b",
      "#x",
      "&a *a",
      "!tag",
      "'",
      '"',
      "\\",
      "é\u00a0!",
    ];
    const path = join(folderOf({}), "odd.yml");
    const a = exampleAuthorisation({
      associatedServices: odd,
      publicInformation: { ...INFORMATION, means: odd },
    });
    await writeDocument(path, a);
    expect(await readDocument(path)).toEqual(a);
  });
  const INFORMATION = exampleAuthorisation().publicInformation;

  test("keys stand in the schema's order whatever the object's, and nothing else lies beside it", async () => {
    const folder = folderOf({});
    const path = join(folder, "a.yml");
    const a = exampleAuthorisation();
    const reversed = Object.fromEntries(Object.entries(a).toReversed()) as typeof a;
    await writeDocument(path, reversed);
    expect(readFileSync(path, "utf8")).toBe(documentText(a, "a.yml"));
    expect(Object.keys(a).slice(0, 3)).toEqual(["schema", "kind", "id"]);
    expect(readdirSync(folder)).toEqual(["a.yml"]);
    expect(statSync(path).mode & 0o022).toBe(0);
  });

  test("an old file is replaced, unless it must not be", async () => {
    const path = join(folderOf({ "a.yml": exampleNotice() }), "a.yml");
    expect(await refusal(writeDocument(path, exampleAuthorisation(), { exclusive: true }))).toEqual({
      code: "DOCUMENT_EXISTS",
      message: `${path} exists already`,
    });
    expect(await readDocument(path)).toEqual(exampleNotice());
    await writeDocument(path, exampleAuthorisation());
    expect(await readDocument(path)).toEqual(exampleAuthorisation());
    const fresh = join(folderOf({}), "b.yml");
    await writeDocument(fresh, exampleNotice(), { exclusive: true });
    expect(await readDocument(fresh)).toEqual(exampleNotice());
    expect(readdirSync(join(fresh, ".."))).toEqual(["b.yml"]);
  });

  test("a link stays a link, and the file that it names is replaced", async () => {
    const folder = folderOf({ "real.yml": exampleNotice() });
    symlinkSync("real.yml", join(folder, "link.yml"));
    await writeDocument(join(folder, "link.yml"), exampleAuthorisation());
    expect(await readDocument(join(folder, "real.yml"))).toEqual(exampleAuthorisation());
  });

  test("what does not fit its schema is not written", async () => {
    const path = join(folderOf({}), "a.yml");
    expect(await refusal(writeDocument(path, { ...exampleNotice(), cameras: [] }))).toEqual({
      code: "DOCUMENT_INVALID",
      message: `${path} has 1 problem:\n  ${path} cameras: found an empty list, expected at least 1 item`,
    });
    expect(existsSync(path)).toBe(false);
  });

  test("where nothing can be written, that is said and nothing is lost", async () => {
    const folder = folderOf({ "a.yml": exampleNotice() });
    const path = join(folder, "a.yml", "b.yml");
    const error = await refusal(writeDocument(path, exampleNotice()));
    expect(error.code).toBe("DOCUMENT_NOT_WRITTEN");
    expect(await readDocument(join(folder, "a.yml"))).toEqual(exampleNotice());
  });
});

describe("reading one", () => {
  test("says which file, and what is wrong in it", async () => {
    const folder = folderOf({
      "bad.yml": documentText(exampleNotice(), "a.yml").replace("cameras:", "camera:"),
    });
    const path = join(folder, "bad.yml");
    const { code, message } = await refusal(readDocument(path));
    expect(code).toBe("DOCUMENT_INVALID");
    expect(message).toContain(`${path}:6:1 camera: unknown key camera (did you mean cameras?)`);
    expect(await refusal(readDocument(join(folder, "none.yml")))).toEqual({
      code: "DOCUMENT_UNREADABLE",
      message: `The document ${join(folder, "none.yml")} cannot be read: ENOENT`,
    });
  });

  test("an unsigned one is read like any other", async () => {
    const a = { ...exampleAuthorisation(), decisionSignature: null };
    expect(await readDocument(join(folderOf({ "a.yml": a }), "a.yml"))).toEqual(a);
  });
});
