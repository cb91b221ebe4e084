import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type CheckReport, checkReportSchema } from "../../src/cli/check-report.ts";
import { formatReport } from "../../src/cli/check-text.ts";
import { worldSources } from "../../src/cli/site-sources.ts";
import { loadConfig } from "../../src/config/load.ts";
import { baselineOf, sourcesSha256, writeBaseline } from "../../src/engine/baseline.ts";
import { openJournal } from "../../src/journal/journal.ts";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import { writeDocument } from "../../src/policy/documents.ts";
import { loadWorld } from "../../src/policy/load-world.ts";
import { analyticId } from "../../src/policy/question.ts";
import { recordingSha256 } from "../../src/sources/recording-hash.ts";
import { systemClock } from "../../src/time/clock.ts";
import { SITE_PLACE, type SiteOf, writeSite, writeStudy } from "../support/authority.ts";
import {
  EXAMPLE_CAMERA,
  EXAMPLE_INSTANT,
  exampleAuthorisation,
  exampleCameraAuthorisation,
  exampleCertificate,
  exampleNotice,
  testKeys,
} from "../support/policy-fixtures.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const HALL: [number, number][] = [
  [120, 120],
  [480, 120],
  [480, 380],
  [120, 380],
];
const HOUR = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contrechamp-check-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A camera with one rule on a forbidden zone, or more of the same. */
function camera(id: string, source: string, more: object = {}, rules = ["enters"]) {
  return {
    ...{ id, source },
    zones: [{ id: "hall", nature: "forbidden", polygon: HALL }],
    rules: rules.map((rule) => ({ id: rule, event: "zone_intrusion", zone: "hall" })),
    ...more,
  };
}

function configure(cameras: readonly object[], authority: object = {}): void {
  const config = { schema: "contrechamp/config@1", cameras, authority };
  writeFileSync(join(folder, "site.yml"), stringify(config));
}

function recording(name: string): string {
  const path = join(folder, name);
  // To check it is to hash it; nothing decodes it.
  writeFileSync(path, `an example of a recording: ${name}`);
  return path;
}

function command(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", XDG_STATE_HOME: join(folder, "machine") },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Runs `contrechamp check --json`, says it as text, and sees to it that nothing was written. */
function check(...args: readonly string[]) {
  const before = everything();
  const { status, stdout, stderr } = command("check", "--config", "site.yml", "--json", ...args);
  expect(stderr).toBe("");
  expect(everything()).toEqual(before);
  const report = checkReportSchema.parse(JSON.parse(stdout));
  if (report.gate === null) throw new Error("the gate was not asked");
  return { status, text: formatReport(report), report, gate: report.gate };
}

function everything(): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return names.map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);
}

const codes = ({ gate }: { gate: NonNullable<CheckReport["gate"]> }, cameraId: string) =>
  gate.cameras
    .filter(({ id }) => id === cameraId)
    .flatMap(({ answers }) => answers.flatMap(({ reasons }) => reasons.map(({ code }) => code)));

describe("check without a profile", () => {
  it("says that nothing may run, why, and what would change it, in both languages", () => {
    configure([camera("gate", "rtsp://127.0.0.1/stream")]);
    const said = command("check", "--config", "site.yml", "--lang", "en");
    expect(said.status).toBe(77);
    expect(said.stdout).toContain("gate: its only rule MAY NOT RUN. No profile says which law applies here.");
    expect(said.stdout).toContain(
      "what would change it: Name a profile in the configuration (authority.profile)",
    );
    const french = command("check", "--config", "site.yml", "--lang", "fr");
    expect(french.status).toBe(77);
    expect(french.stdout).toContain(
      "gate : sa seule règle NE PEUT PAS TOURNER. Aucun profil ne dit quel droit",
    );
    expect(french.stdout).toContain("ce qui y changerait quelque chose : Nommer un profil");
    expect(readdirSync(folder)).toEqual(["site.yml"]);
  });

  it("says of a camera without rules that not even statistics may run", () => {
    configure([{ id: "gate", source: "rtsp://127.0.0.1/stream" }]);
    const { status, text, gate } = check();
    expect(status).toBe(77);
    expect(text).toContain("gate: no rules, and even statistics MAY NOT RUN.");
    expect(gate.cameras[0]?.answers).toHaveLength(8);
  });
});

describe("check of a study", () => {
  const validUntil = Math.floor(Date.now() / 60_000) * 60_000 + 48 * HOUR;
  let authority: readonly string[];
  beforeEach(async () => {
    const recordings = [recording("listed.mp4"), recording("other.mp4")];
    authority = await writeStudy(join(folder, "study"), recordings.slice(0, 1), { validUntil });
    configure([camera("first", "listed.mp4", {}, ["enters", "again"]), camera("second", "other.mp4")]);
  });

  it("tells the recording that is listed from the one that is not", () => {
    const { status, text, gate, report } = check(...authority);
    expect(status).toBe(1);
    const [first, second] = gate.cameras;
    expect(first).toMatchObject({ runs: true, footage: "recording", error: null, instant: "now" });
    for (const answer of first?.answers ?? []) {
      expect(answer).toMatchObject({ allow: true, authorisation: { id: "urn:example:etude" } });
      expect(answer.turn).toMatchObject({ at: new Date(validUntil).toISOString(), allow: false });
      expect(answer.turn?.reasons.map(({ code }) => code)).toContain("authorisation_expired");
      expect(answer.reasons[0]?.law?.verification).toBe("verified");
    }
    expect(second).toMatchObject({ runs: false, answers: [{ allow: false, turn: null }] });
    expect(codes({ gate }, "second")).toEqual(["recording_not_authorised"]);
    expect(gate.evidence?.atRest).toBe("clear");
    expect(report.gate?.state.journal).toBeNull();
    expect(text).toMatch(/first: all 2 rules MAY RUN, until \d+ \w+ \d{4} at \d\d:\d\d \(/);
    expect(text).toContain("second: its only rule MAY NOT RUN.");
    expect(text).toContain("MAY RUN: enters, again");
    expect(text).toMatch(/evidence: in clear, as files, kept for \d/);
  });

  it("takes other recordings in the place of a camera's own, as watch does", () => {
    const { status, gate } = check(...authority, "--camera", "second", "listed.mp4");
    expect(status).toBe(0);
    expect(gate.cameras.map(({ id, runs }) => [id, runs])).toEqual([["second", true]]);
  });

  it("says which recording is missing, and checks the others", () => {
    rmSync(join(folder, "other.mp4"));
    const { status, gate, text } = check(...authority);
    expect(status).toBe(1);
    expect(gate.cameras.map(({ runs }) => runs)).toEqual([true, false]);
    expect(gate.cameras[1]?.error?.code).toBe("SOURCE_NOT_FOUND");
    expect(text).toContain("its footage cannot be read, and `watch` leaves it out");
  });

  it("is asked in the dark only for what may be counted in the dark", () => {
    const shadow = check(...authority, "--shadow");
    expect(shadow.status).toBe(77);
    expect(codes(shadow, "first")).toContain("use_not_permitted");
  });

  it("denies everything by a document that cannot be read, and names the file", () => {
    writeFileSync(join(folder, "study", "broken.yml"), "schema: contrechamp/authorisation@1\nkind: [\n");
    const { status, gate, text } = check(...authority);
    expect(status).toBe(77);
    expect(gate.faults.map(({ file }) => file)).toEqual([expect.stringContaining("broken.yml")]);
    expect(codes({ gate }, "first")).toContain("documents_unreadable");
    expect(text).toMatch(/CANNOT BE READ: .*broken\.yml/);
  });

  it("refuses an instant that is none", () => {
    const { status, stderr } = command("check", "--config", "site.yml", "--at", "soon");
    expect(status).toBe(64);
    expect(stderr).toContain('found "soon"');
  });
});

describe("check of a closed site", () => {
  const state = () => join(folder, "state");
  const documents = (overrides: SiteOf["overrides"] = {}) =>
    writeSite(join(folder, "documents"), {
      cameras: ["gate"],
      events: ["zone_intrusion"],
      zones: [
        {
          ...{ cameraId: "gate", event: "zone_intrusion", nature: "forbidden" },
          polygon: HALL,
          justification: "An example",
        },
      ],
      overrides,
    });
  /** Attested an hour ago. */
  const condition = (validFor: string): SiteOf["overrides"] => ({
    conditions: [
      {
        ...{ id: "closed", text: { fr: "Exemple : fermé.", en: "Example: closed." }, validFor },
        ...{ attestedBy: null, attestedAt: null, signature: null },
      },
    ],
  });
  beforeEach(() =>
    configure([camera("gate", "rtsp://127.0.0.1/stream", SITE_PLACE)], {
      ...{ profile: "private-premises", documents: "documents", state: "state" },
    }),
  );

  it("says until when it runs, and what is kept of it", async () => {
    await documents(condition("PT3H"));
    const { status, gate, text } = check();
    expect(status).toBe(0);
    const [answer] = gate.cameras[0]?.answers ?? [];
    expect(answer?.turn?.reasons.map(({ code }) => code)).toContain("condition_lapsed");
    const left = Date.parse(answer?.turn?.at ?? "") - Date.now();
    expect(left).toBeGreaterThan(1.9 * HOUR);
    expect(left).toBeLessThan(2 * HOUR);
    expect(answer?.evidence).toMatchObject({ atMost: "P7D" });
    expect(text).toContain("gate: its only rule MAY RUN, until");
    expect(text).toContain("evidence: sealed (encrypted), kept for 7 days at most");
  });

  it("says that a condition has lapsed, and that somebody attests it anew", async () => {
    await documents(condition("PT30M"));
    const { status, gate, text } = check();
    expect(status).toBe(77);
    expect(codes({ gate }, "gate")).toEqual(["condition_lapsed"]);
    expect(gate.cameras[0]?.answers[0]?.turn).toBeNull();
    expect(text).toContain("condition closed, attested");
    expect(text).toContain("contrechamp authorise attest");
    expect(text).toContain("time alone changes nothing: somebody has to do something");
  });

  it("says when a daily window opens", async () => {
    const at = new Date(Date.now() + 3 * HOUR).toISOString();
    const hour = Number(
      new Intl.DateTimeFormat("en-GB", {
        timeZone: "Europe/Paris",
        hour: "2-digit",
        hourCycle: "h23",
      }).format(Date.parse(at)),
    );
    const time = (hours: number) => `${String(hours % 24).padStart(2, "0")}:00`;
    await documents({ dailyWindows: [{ from: time(hour + 1), until: time(hour + 2), days: null }] });
    const { status, gate, text } = check("--at", at);
    expect(status).toBe(77);
    expect(gate.given).toBe(true);
    expect(codes({ gate }, "gate")).toEqual(["outside_daily_window"]);
    expect(gate.cameras[0]?.answers[0]?.turn).toMatchObject({ allow: true });
    expect(text).toMatch(/gate: its only rule MAY NOT RUN, from \d+ \w+ \d+ at \d\d:00 \([A-Za-z/]+\) on\./);
  });

  it("says who has stopped it, when and why", async () => {
    await documents();
    const stop = command("stop", "--state", "state", "--by", "Exemple Martin", "--reason", "a fire drill");
    expect(stop.stderr).toBe("");
    const { status, gate, text } = check();
    expect(status).toBe(77);
    expect(gate.holds).toMatchObject([{ cause: "stop_switch", by: "Exemple Martin", placed: true }]);
    expect(codes({ gate }, "gate")).toEqual(["stopped"]);
    expect(text).toMatch(/the site: stop switch, since .*, by Exemple Martin\n +a fire drill/);
  });

  it("says that a start would be held where the configuration was changed, and holds nothing", async () => {
    await documents();
    const { gate: before, report } = check();
    const config = await loadConfig(join(folder, "site.yml"));
    const { world } = await loadWorld(worldSources(config, state(), null));
    const { present: _, ...found } = baselineOf(world, {
      configSha256: report.configSha256 ?? "",
      modelSha256: (await loadManifest(DEFAULT_MODEL)).onnx.sha256,
      sourcesSha256: sourcesSha256(config.cameras, {}),
    });
    mkdirSync(state(), { recursive: true });
    await writeBaseline(state(), found);
    expect(check().status).toBe(0);
    expect(before.holds).toEqual([]);
    await writeBaseline(state(), { ...found, configSha256: "0".repeat(64) });
    const { status, gate, text } = check();
    expect(status).toBe(77);
    expect(gate.holds).toMatchObject([{ cause: "configuration_changed", placed: false, id: null }]);
    expect(codes({ gate }, "gate")).toEqual(["configuration_changed"]);
    expect(text).toContain("A start would be held, until a person resumes with a reason:");
  });

  it("says what the journal holds, and that a clock before it was set back", async () => {
    await documents();
    const ahead = Date.now() + HOUR;
    const clock = { ...systemClock, now: () => ahead };
    const journal = await openJournal(join(state(), "journal"), { clock, onFault: () => undefined });
    await journal.append({ type: "clock_check", actor: "engine", payload: {} });
    const leaves = journal.size;
    await journal.close();
    const { status, gate, text } = check();
    expect(status).toBe(77);
    const at = new Date(ahead).toISOString();
    expect(gate.state.journal).toMatchObject({ leaves, newest: at, checkpoint: { leaves, at } });
    expect(codes({ gate }, "gate")).toEqual(["clock_set_back"]);
    expect(text).toContain(`last checkpoint: ${leaves} entries signed`);
    // Who asks about another instant does not ask about the clock.
    expect(check("--at", new Date().toISOString()).status).toBe(0);
  });

  it("says that a start would be held where the journal tells of a run that nothing else remembers", async () => {
    await documents();
    const journal = await openJournal(join(state(), "journal"), {
      clock: systemClock,
      onFault: () => undefined,
    });
    await journal.append({ type: "start", actor: "engine", payload: {} });
    await journal.close();
    const { status, gate } = check();
    expect(status).toBe(77);
    expect(gate.holds).toMatchObject([{ cause: "configuration_changed", placed: false }]);
  });

  it("says that a site needs a state folder that lasts", async () => {
    await documents();
    configure([camera("gate", "rtsp://127.0.0.1/stream", SITE_PLACE)], {
      ...{ profile: "private-premises", documents: "documents" },
    });
    const { status, gate, text } = check();
    expect(status).toBe(1);
    expect(gate.state.error?.code).toBe("STATE_NOT_NAMED");
    expect(text).toContain("(STATE_NOT_NAMED)");
  });
});

describe("check of the French public space", () => {
  beforeEach(async () => {
    const path = recording("replayed.mp4");
    const modelSha256 = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;
    const documents = join(folder, "documents");
    mkdirSync(documents);
    const event = "zone_intrusion" as const;
    const authorisation = exampleAuthorisation({
      events: [event],
      analytics: [
        {
          ...{ analyticId: analyticId(event), modelSha256 },
          benchCertificateId: "urn:example:certificat:intrusion",
        },
      ],
      zones: [
        {
          ...{ cameraId: EXAMPLE_CAMERA, event, nature: "forbidden" },
          polygon: HALL,
          justification: "Exemple : accès technique",
        },
      ],
      recordings: [{ name: "an example", sha256: await recordingSha256(path) }],
    });
    const write = (name: string, document: Parameters<typeof writeDocument>[1]) =>
      writeDocument(join(documents, name), document);
    await write("analysis.yml", authorisation);
    await write("camera.yml", exampleCameraAuthorisation());
    await write("certificate.yml", exampleCertificate({ modelSha256 }));
    await write("notice.yml", exampleNotice({ events: [event] }));
    await write("trust.yml", testKeys().trust);
    const place = {
      startedAt: new Date(EXAMPLE_INSTANT).toISOString(),
      location: [2.005, 48.005],
      fieldOfView: [
        [2.005, 48.005],
        [2.006, 48.006],
        [2.006, 48.004],
      ],
    };
    configure([camera(EXAMPLE_CAMERA, path, place)], {
      ...{ profile: "fr-loi-2023-380", documents: "documents", state: "state" },
    });
  });

  it("judges a recording by the law of its own time", () => {
    const { status, gate, text } = check();
    expect(gate.cameras[0]?.answers[0]?.reasons.map(({ code }) => code)).toEqual(["permitted"]);
    expect(status).toBe(0);
    expect(gate.cameras[0]).toMatchObject({ instant: "recording", at: "2024-07-20T18:00:00.000Z" });
    const [answer] = gate.cameras[0]?.answers ?? [];
    expect(answer?.reasons[0]?.law).toMatchObject({
      ruleId: "experiment-2023-2025",
      verification: "verified",
      checkedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    // The daily window closes at 02:00 in Paris.
    expect(answer?.turn?.at).toBe("2024-07-21T00:00:00.000Z");
    expect(text).toContain(
      `${EXAMPLE_CAMERA}: its only rule MAY RUN, judged on 20 July 2024 at 20:00 (Europe/Paris), until 21 July 2024 at 02:00 (Europe/Paris)`,
    );
    expect(text).toContain("Arrêté d’exemple 2024-0001, Préfecture d’exemple");
    expect(text).toContain("https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000048007135");
    expect(text).toMatch(/checked: compared with the official text by .* on \d+ \w+ \d{4}/);
  });

  it("denies it today: the law that seems to permit it is not verified", () => {
    const { status, gate, report } = check("--at", "2026-11-22 12:00");
    const text = formatReport(report, "fr");
    expect(status).toBe(77);
    expect(codes({ gate }, EXAMPLE_CAMERA)).toContain("unverified_basis");
    const [answer] = gate.cameras[0]?.answers ?? [];
    expect(answer?.ifVerified.map(({ ruleId }) => ruleId)).toEqual(["reopened-2026"]);
    expect(answer?.turn).toBeNull();
    expect(text).toContain("NE PEUT PAS TOURNER");
    expect(text).toContain("Une règle semble le permettre, mais personne ne l'a comparée au texte officiel.");
    expect(text).toContain("NON VÉRIFIÉ : personne ne l’a comparé au texte officiel");
    expect(text).toContain("une fois cela fait : le droit le permettrait");
  });
});
