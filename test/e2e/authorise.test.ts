import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Authorisation } from "../../src/policy/authorisation.ts";
import { loadDocuments, readDocument } from "../../src/policy/documents.ts";
import { mayAlert } from "../../src/policy/gate.ts";
import { loadRegime } from "../../src/policy/profile-load.ts";
import { analyticId, type GateQuestion } from "../../src/policy/question.ts";
import { EMPTY_WORLD } from "../../src/policy/world.ts";

/** The command line as people use it. Everybody and everything decided here is an example. */
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "contrechamp-authorise-"));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function authorise(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [LAUNCHER, "authorise", ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

/** A command that must succeed. */
async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await authorise(args);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const at = (name: string) => join(folder, name);
const sha256 = (file: string) =>
  createHash("sha256")
    .update(readFileSync(at(file)))
    .digest("hex");

async function authorisation(file: string): Promise<Authorisation> {
  const document = await readDocument(at(file));
  if (document.schema !== "contrechamp/authorisation@1") throw new TypeError("an authorisation was expected");
  return document;
}

const FIELDS = [
  ["authority", "Préfecture d’exemple"],
  ["territory", "75"],
  ["controller", "Transports d’exemple"],
  ["service", "Sûreté d’exemple"],
  ["contact", "droits@example.org"],
  ["title-fr", "Gare d’exemple"],
  ["title-en", "Example station"],
  ["purpose-fr", "Protéger la gare d’exemple."],
  ["purpose-en", "To keep the example station safe."],
  ["grounds-fr", "Affluence d’exemple ; d’autres voies ont été examinées."],
  ["grounds-en", "Example attendance; alternatives were considered."],
  ["perimeter", "perimeter.geojson"],
  ["decision", "decision.pdf"],
  ["decided-at", "2024-07-01 10:00"],
  ["at", "2024-07-02 09:00"],
] as const;
const ANALYTIC = [
  ["gathering", "Festival d’exemple"],
  ["gathering-start", "2024-07-04"],
  ["gathering-end", "2024-07-28"],
  ["attendance", "40000"],
  ["exposure-fr", "Exposition d’exemple."],
  ["exposure-en", "Example exposure."],
  ["means", "panneaux d’exemple"],
  ["notice-url", "https://example.org/avis"],
  ["designation", "Acte d’exemple"],
  ["operators", "4"],
  ["syllabus", "decision.pdf"],
  ["dpia", "decision.pdf"],
  ["dpia-date", "2024-06-01"],
  ["attestation-by", "Ministère d’exemple"],
  ["attestation-date", "2024-05-01"],
  ["attestation-url", "https://example.org/attestation"],
  ["zone-justification", "Voies ferrées d’exemple"],
] as const;
const flags = (fields: readonly (readonly [string, string])[]) =>
  fields.flatMap(([flag, value]) => [`--${flag}`, value]);

beforeAll(() => {
  writeFileSync(at("decision.pdf"), "Arrêté d’exemple");
  const corners = [
    [2.35, 48.85],
    [2.36, 48.85],
    [2.36, 48.86],
    [2.35, 48.85],
  ];
  writeFileSync(at("perimeter.geojson"), JSON.stringify({ type: "Polygon", coordinates: [corners] }));
  writeFileSync(
    at("site.yml"),
    `schema: contrechamp/config@1
cameras:
  - id: quai-1
    source: rtsp://camera.example.org/1
    zones: [{ id: voie, nature: forbidden, polygon: [[0, 700], [1920, 700], [1920, 1080], [0, 1080]] }]
    rules: [{ id: voie, event: zone_intrusion, zone: voie }]
`,
  );
  mkdirSync(at("docs"));
});

describe("the life of an authorisation", () => {
  const FILE = "docs/ex-a-1.yml";

  it("begins with keys: the private halves for their owners alone, the public ones trusted", async () => {
    const key = (role: string, holder: string, out: string) =>
      done(
        "key",
        "new",
        "--role",
        role,
        "--holder",
        holder,
        "--out",
        out,
        "--trust",
        "docs/trust.yml",
        "--valid-from",
        "2024-01-01",
      );
    const said = await key("issuing", "Préfecture d’exemple", "issuing.pem");
    await key("publishing,attesting", "Mairie d’exemple", "publishing.pem");
    expect(statSync(at("issuing.pem")).mode & 0o777).toBe(0o600);
    const secret = readFileSync(at("issuing.pem"), "utf8").split("\n")[1] ?? "?";
    expect(secret.length).toBeGreaterThan(40);
    expect(said).not.toContain(secret);
    expect(readFileSync(at("docs/trust.yml"), "utf8")).not.toContain(secret);
    const { keys } = JSON.parse(await done("key", "list", "--trust", "docs/trust.yml", "--json"));
    expect(keys).toMatchObject([
      { holder: "Préfecture d’exemple", roles: ["issuing"] },
      { holder: "Mairie d’exemple", roles: ["publishing", "attesting"] },
    ]);
    const again = await authorise([
      "key",
      "new",
      "--role",
      "issuing",
      "--holder",
      "x",
      "--out",
      "issuing.pem",
      "--trust",
      "docs/trust.yml",
    ]);
    expect(again.code).toBe(73);
    expect(again.stderr).toContain("KEY_EXISTS");
  });

  it("lists all that is missing at once, where nobody can be asked", async () => {
    const { code, stderr, stdout } = await authorise([
      "new",
      "--profile",
      "fr-loi-2023-380",
      "--config",
      "site.yml",
      "--valid-from",
      "demain",
    ]);
    expect(code).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toContain("AUTHORISE_INCOMPLETE");
    expect(stderr).toContain('--valid-from: found "demain"');
    for (const [flag] of [...FIELDS, ...ANALYTIC].filter(([flag]) => flag !== "at"))
      expect(stderr).toContain(`--${flag} `);
    // What the configuration says is not asked for.
    expect(stderr).not.toContain("--camera");
    expect(stderr).not.toContain("--event ");
    expect(readdirSync(at("docs"))).toEqual(["trust.yml"]);
  });

  it("is written by flags and from the configuration, both kinds of it", async () => {
    const common = [
      "new",
      "--profile",
      "fr-loi-2023-380",
      "--config",
      "site.yml",
      "--documents",
      "docs",
      ...flags(FIELDS),
    ];
    const analytic = [
      ...common,
      "--reference",
      "EX-A-1",
      "--valid-from",
      "2024-07-03",
      "--valid-until",
      "2024-08-03",
      ...flags(ANALYTIC),
    ];
    expect(await done(...analytic)).toContain(`Next: contrechamp authorise sign ${FILE}`);
    await done(
      ...common,
      "--kind",
      "camera",
      "--reference",
      "EX-F-1",
      "--valid-from",
      "2024-07-03",
      "--valid-until",
      "2029-07-03",
      "--sign",
      "issuing.pem",
    );
    expect(await authorisation(FILE)).toMatchObject({
      id: "urn:contrechamp:authorisation:ex-a-1",
      status: "draft",
      cameras: ["quai-1"],
      events: ["zone_intrusion"],
      validFrom: "2024-07-03T00:00:00+02:00",
      documentSha256: sha256("decision.pdf"),
      zones: [{ cameraId: "quai-1", nature: "forbidden", justification: "Voies ferrées d’exemple" }],
      conditions: [{ id: "grounds-still-stand" }],
    });
    expect((await authorisation("docs/ex-f-1.yml")).decisionSignature).not.toBeNull();
    // A second time nothing is written over.
    const twice = await authorise(analytic);
    expect([twice.code, twice.stderr.includes("DOCUMENT_EXISTS")]).toEqual([73, true]);
  });

  it("is signed, published and attested, each step naming the next", async () => {
    const early = await authorise([
      "publish",
      FILE,
      "--key",
      "publishing.pem",
      "--url",
      "https://example.org/a",
    ]);
    expect([early.code, early.stderr.includes("AUTHORISATION_UNSIGNED")]).toEqual([65, true]);

    expect(await done("sign", FILE, "--key", "issuing.pem", "--at", "2024-07-02 10:00")).toContain(
      "authorise publish",
    );
    const publish = ["--key", "publishing.pem", "--url", "https://example.org/a", "--at", "2024-07-02 12:00"];
    expect(await done("publish", FILE, ...publish)).toContain("--condition grounds-still-stand");
    await done("publish", "docs/ex-f-1.yml", ...publish);
    const attested = await done(
      "attest",
      FILE,
      "--condition",
      "grounds-still-stand",
      "--by",
      "Exemple",
      "--key",
      "publishing.pem",
      "--at",
      "2024-07-10 08:00",
      "--json",
    );
    expect(JSON.parse(attested)).toMatchObject({
      changes: [
        {
          type: "authorisation",
          action: "attested",
          signature: "valid",
          lapsesAt: "2024-07-11T06:00:00.000Z",
        },
      ],
    });
    const notice = await done(
      "notice",
      FILE,
      "--url",
      "https://example.org/avis",
      "--key",
      "publishing.pem",
      "--at",
      "2024-07-02 12:00",
      "--lang",
      "fr",
    );
    expect(notice).toContain("VIDÉOSURVEILLANCE AVEC ANALYSE AUTOMATIQUE");
    expect(existsSync(at("docs/ex-a-1.notice.yml"))).toBe(true);
  });

  it("is checked: all that it lacks on that day is said, with what would change it", async () => {
    const { code, stdout } = await authorise(["check", FILE, "--at", "2024-07-10 09:00", "--json"]);
    expect(code).toBe(1);
    const [checked] = JSON.parse(stdout).files;
    expect(checked).toMatchObject({
      problems: [],
      signatures: { decision: "valid", publication: "valid", decisionHolder: "Préfecture d’exemple" },
    });
    // Signed, published, attested, filmed lawfully, announced: only what nobody measured is missing.
    expect(checked.lacks.map(({ code }: { code: string }) => code)).toEqual(["no_certificate"]);
    const late = JSON.parse((await authorise(["check", FILE, "--at", "2024-07-11 08:00", "--json"])).stdout);
    expect(late.files[0].lacks.map(({ code }: { code: string }) => code)).toEqual([
      "condition_lapsed",
      "no_certificate",
    ]);
    expect((await authorise(["check", "docs/ex-f-1.yml", "--at", "2024-07-10 09:00"])).code).toBe(0);
  });

  it("is suspended by anybody, without a key; resumed only with one; and leaves its trace", async () => {
    expect(
      await done(
        "suspend",
        FILE,
        "--by",
        "Une passante d’exemple",
        "--reason",
        "La caméra a bougé.",
        "--at",
        "2024-07-10 10:00",
      ),
    ).toContain("needs no signature");
    expect((await authorisation(FILE)).status).toBe("suspended");
    const shown = await done("show", FILE, "--at", "2024-07-10 10:30", "--lang", "fr");
    expect(shown).toContain(
      "Suspendue le 10 juillet 2024 à 10:00 par Une passante d’exemple : La caméra a bougé.",
    );
    const without = await authorise(["resume", FILE, "--by", "x", "--reason", "y"]);
    expect([without.code, without.stderr.includes("--key")]).toEqual([64, true]);
    const state = ["--state", "state", "--json"];
    const resumed = JSON.parse(
      await done(
        "resume",
        FILE,
        "--by",
        "Mairie d’exemple",
        "--reason",
        "Remise.",
        "--key",
        "publishing.pem",
        "--at",
        "2024-07-10 11:00",
        ...state,
      ),
    );
    expect(resumed.journal).toEqual([expect.objectContaining({ seq: expect.any(Number) })]);
    expect((await authorisation(FILE)).status).toBe("active");
  });

  it("is shown as a page of its own that fetches nothing", async () => {
    await done("show", "urn:contrechamp:authorisation:ex-a-1", "--documents", "docs", "--html", "page.html");
    const page = readFileSync(at("page.html"), "utf8");
    // As booleans: a page that fails would fill the screen with its fonts.
    const holds = (text: string) => page.includes(text);
    expect(
      ["Example station", "Gare d’exemple", "default-src &#39;none&#39;"].filter((text) => !holds(text)),
    ).toEqual([]);
    expect(["<script", "<img", 'src="http', "@import"].filter(holds)).toEqual([]);
    const unknown = await authorise(["show", "urn:nobody", "--documents", "docs"]);
    expect([unknown.code, unknown.stderr.includes("ex-a-1.yml")]).toEqual([66, true]);
  });

  it("is renewed by a new decision on fresh grounds, and ended", async () => {
    const renew = [
      "new",
      "--from",
      FILE,
      "--documents",
      "docs",
      "--reference",
      "EX-A-2",
      "--valid-until",
      "2024-08-20",
      "--decided-at",
      "2024-07-30",
      "--decision",
      "decision.pdf",
      "--at",
      "2024-07-30 10:00",
    ];
    const same = await authorise([
      ...renew,
      "--grounds-fr",
      "affluence d’exemple; d’autres voies ont été examinées",
      "--grounds-en",
      "New.",
    ]);
    expect([same.code, same.stderr.includes("AUTHORISATION_SAME_GROUNDS")]).toEqual([65, true]);
    const stray = await authorise([
      ...renew,
      "--grounds-fr",
      "N.",
      "--grounds-en",
      "N.",
      "--controller",
      "Other",
    ]);
    expect([stray.code, stray.stderr.includes("--controller")]).toEqual([64, true]);
    await done(
      ...renew,
      "--grounds-fr",
      "Nouveaux motifs d’exemple.",
      "--grounds-en",
      "Fresh example grounds.",
    );
    expect(await authorisation("docs/ex-a-2.yml")).toMatchObject({
      renewalOf: "urn:contrechamp:authorisation:ex-a-1",
      renewalCount: 1,
      validFrom: "2024-08-03T00:00:00+02:00",
      decisionSignature: null,
      publishedAt: null,
      conditions: [{ attestedAt: null }],
    });
    await done(
      "end",
      FILE,
      "--status",
      "renewed",
      "--by",
      "Préfecture d’exemple",
      "--reason",
      "EX-A-2",
      "--key",
      "issuing.pem",
      "--at",
      "2024-08-02 10:00",
    );
    const again = await authorise(["resume", FILE, "--by", "x", "--reason", "y", "--key", "publishing.pem"]);
    expect([again.code, again.stderr.includes("AUTHORISATION_TRANSITION")]).toEqual([65, true]);
  });

  it("says at once when the key is the wrong one, and check says it too", async () => {
    await done(
      "key",
      "new",
      "--role",
      "attesting",
      "--holder",
      "Autre exemple",
      "--out",
      "other.pem",
      "--trust",
      "docs/trust.yml",
    );
    expect(await done("sign", "docs/ex-a-2.yml", "--key", "other.pem")).toContain("wrong_key");
    const published = await authorise([
      "publish",
      "docs/ex-a-2.yml",
      "--key",
      "publishing.pem",
      "--url",
      "https://example.org/a2",
    ]);
    expect([published.code, published.stderr.includes("AUTHORISATION_SIGNATURE")]).toEqual([65, true]);
    const open = await authorise(["sign", "docs/ex-a-2.yml", "--key", "decision.pdf"]);
    expect(open.code).not.toBe(0);
    expect(open.stderr).toMatch(/KEY_EXPOSED|KEY_NOT_ED25519/);
    const { code, stdout } = await authorise(["check", "docs/ex-a-2.yml"]);
    expect(code).toBe(1);
    expect(stdout).toContain("decision_unsigned");
  });

  it("says where a document is wrong, and a wrong neighbour is named too", async () => {
    writeFileSync(
      at("docs/broken.yml"),
      readFileSync(at("docs/ex-f-1.yml"), "utf8").replace("cameras:", "camras:"),
    );
    const { code, stdout } = await authorise(["check", "docs/broken.yml", FILE]);
    expect(code).toBe(65);
    expect(stdout).toMatch(/docs\/broken\.yml:\d+:\d+ camras.*did you mean cameras/);
    expect(stdout).toContain(`${FILE} cannot be used`);
    rmSync(at("docs/broken.yml"));
  });
});

describe("a study of recordings", () => {
  async function gateSays(documents: string, question: Partial<GateQuestion>) {
    const loaded = await loadDocuments(at(documents));
    expect(loaded.faults).toEqual([]);
    const { authorisations, certificates, notices } = loaded;
    const world = {
      ...EMPTY_WORLD,
      authorisations,
      certificates,
      notices,
      profile: await loadRegime("recording-study"),
    };
    const [first] = authorisations;
    const analytics = first?.document.kind === "analytic_authorisation" ? first.document.analytics : [];
    return mayAlert(
      {
        at: Date.now(),
        use: "alert",
        cameraId: "camera",
        ruleId: "r",
        event: "fire",
        analyticId: analyticId("fire"),
        modelSha256: analytics[0]?.modelSha256 ?? "",
        footage: "recording",
        recordingSha256: sha256("a.mp4"),
        place: { kind: "view", points: [] },
        ...question,
      },
      world,
    );
  }

  it("is authorised by one command, and the gate then permits these recordings and no other", async () => {
    writeFileSync(at("a.mp4"), "a recording");
    writeFileSync(at("b.mp4"), "another");
    writeFileSync(at("copy of a.mp4"), "a recording");
    const began = performance.now();
    const said = await done(
      "new",
      "--profile",
      "recording-study",
      "--recording",
      "a.mp4",
      "--recording",
      "copy of a.mp4",
      "--by",
      "Exemple de chercheuse",
      "--purpose",
      "Compter les fausses alertes.",
      "--documents",
      "study",
    );
    const took = performance.now() - began;
    expect(said.trim().split("\n")).toHaveLength(3);
    expect(said).toContain(
      "Next: contrechamp watch a.mp4 'copy of a.mp4' --profile recording-study --documents study",
    );
    expect(took).toBeLessThan(15_000);
    expect(statSync(at("study-key.pem")).mode & 0o777).toBe(0o600);
    expect(existsSync(at("study/study-key.pem"))).toBe(false);

    expect(await gateSays("study", {})).toMatchObject({ allow: true });
    const other = await gateSays("study", { recordingSha256: sha256("b.mp4") });
    expect(other).toMatchObject({ allow: false, reasons: [{ code: "recording_not_authorised" }] });
    expect(await gateSays("study", { footage: "live", recordingSha256: null })).toMatchObject({
      allow: false,
    });
    expect(await gateSays("study", { at: Date.now() + 40 * 86_400_000 })).toMatchObject({ allow: false });

    const [text] = readdirSync(at("study")).filter((name) => name.endsWith(".txt"));
    const [file] = readdirSync(at("study")).filter(
      (name) => name.startsWith("recording-study") && name.endsWith(".yml"),
    );
    const study = await authorisation(join("study", file ?? ""));
    expect(study).toMatchObject({ status: "active", documentSha256: sha256(join("study", text ?? "")) });
    expect(study.kind === "analytic_authorisation" ? study.recordings : []).toEqual([
      { name: "a.mp4", sha256: sha256("a.mp4") },
    ]);
    expect((await authorise(["check", `study/${file}`])).code).toBe(0);
  });

  it("takes the same key again, and another study stands beside the first", async () => {
    const said = await done(
      "new",
      "--profile",
      "recording-study",
      "--recording",
      "b.mp4",
      "--by",
      "Exemple de chercheuse",
      "--purpose",
      "Encore.",
      "--documents",
      "study",
      "--valid-until",
      "2099-01-01",
    ).catch(() => null);
    // A year at most: the profile's limit is the decision's too.
    expect(said).toBeNull();
    const short = await done(
      "new",
      "--profile",
      "recording-study",
      "--recording",
      "b.mp4",
      "--by",
      "Exemple de chercheuse",
      "--purpose",
      "Encore.",
      "--documents",
      "study",
    );
    expect(short).toContain("Used the key");
    expect(await gateSays("study", { recordingSha256: sha256("b.mp4") })).toMatchObject({ allow: true });
    expect(await gateSays("study", {})).toMatchObject({ allow: true });
  });

  it("is not for what others must decide", async () => {
    const { code, stderr } = await authorise([
      "new",
      "--profile",
      "fr-loi-2023-380",
      "--recording",
      "a.mp4",
      "--by",
      "x",
      "--purpose",
      "y",
      "--documents",
      "wrong",
    ]);
    expect([code, stderr.includes("AUTHORISE_STUDY_PROFILE")]).toEqual([64, true]);
    expect(existsSync(at("wrong"))).toBe(false);
    const missing = await authorise([
      "new",
      "--profile",
      "recording-study",
      "--recording",
      "absent.mp4",
      "--json",
    ]);
    expect(missing.code).toBe(64);
    expect(JSON.parse(missing.stderr).error.message).toMatch(
      /absent\.mp4[\s\S]*--by[\s\S]*--purpose[\s\S]*--documents/,
    );
  });
});

const SCRIPT = spawnSync("script", ["--version"]).status === 0;
describe.runIf(SCRIPT)("in a terminal", () => {
  it("asks for what is missing, and writes what was answered", async () => {
    const command = `stty cols 100 rows 40; '${process.execPath}' '${LAUNCHER}' authorise new --profile recording-study --recording a.mp4 --lang fr`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "pipe"],
    });
    started.push(child);
    let screen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen += stripVTControlCharacters(text);
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const type = async (after: string, keys: string) => {
      await expect.poll(() => screen, { timeout: 30_000 }).toContain(after);
      child.stdin.write(keys);
    };
    await type("Qui étudie", "Exemple de chercheur\r");
    await type("Pour quoi", "Voir.\r");
    await type("Dossier des documents", "\u0015asked\r");
    expect(await ended).toBe(0);
    expect(screen).toContain("Signé et publié asked/recording-study-");
    expect(readdirSync(at("asked")).filter((name) => name.endsWith(".yml"))).toHaveLength(2);
  });
});
