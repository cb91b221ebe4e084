import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { SITE_PLACE, type SiteOf, siteAuthorisation, writeSite } from "../../test/support/authority.ts";
import { HandClock } from "../../test/support/hand-clock.ts";
import { testKeys } from "../../test/support/policy-fixtures.ts";
import { defaultCamera } from "../config/load.ts";
import type { CameraConfig } from "../config/schema.ts";
import type { JournalEntry } from "../journal/leaf.ts";
import { DEFAULT_MODEL, loadManifest } from "../models/manifest.ts";
import { writeDocument } from "../policy/documents.ts";
import type { SecondOpinion } from "../policy/gate-opinion.ts";
import { placeHold, readHolds, releaseHold } from "../policy/hold-store.ts";
import { attest, resume, suspend } from "../policy/lifecycle.ts";
import { SiteAuthority, type SiteOptions } from "./site-authority.ts";

/** A site whose time, files and evaluators are in the test's hand. */
const HOUR = 3_600_000;
const NONE = "0".repeat(64);
const POLYGON: [number, number][] = [
  [0, 0],
  [100, 0],
  [100, 100],
];
const model = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;

let folder: string;
let clock: HandClock;
let leaves: JournalEntry[];
let opened: AbortController[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-site-authority-"));
  process.env["XDG_STATE_HOME"] = join(folder, "machine");
  clock = new HandClock(Date.now());
  leaves = [];
  opened = [];
});
afterEach(async () => {
  for (const one of opened) one.abort();
  delete process.env["XDG_STATE_HOME"];
  await rm(folder, { recursive: true, force: true });
});

const camera = (): CameraConfig => {
  const plain = defaultCamera("rtsp://127.0.0.1:9/camera", "gate");
  const rule = { id: "area", event: "zone_intrusion", zone: "z" } as CameraConfig["rules"][number];
  const polygon = POLYGON.map(([x, y]) => ({ x, y }));
  const zone: CameraConfig["zones"][number] = { id: "z", nature: "forbidden", polygon };
  return { ...plain, rules: [rule], zones: [zone] };
};
const documents = () => join(folder, "documents");
const state = () => join(folder, "state");
const siteOf = (over: Partial<SiteOf> = {}): SiteOf => ({
  cameras: ["gate"],
  events: ["zone_intrusion"],
  zones: [
    {
      cameraId: "gate",
      event: "zone_intrusion",
      polygon: POLYGON,
      nature: "forbidden",
      justification: "An example",
    },
  ],
  ...over,
});

async function open(over: Partial<SiteOptions> = {}, newest: number | null = null): Promise<SiteAuthority> {
  const one = camera();
  return SiteAuthority.open({
    cameras: [
      {
        camera: one,
        authority: { use: "alert", footage: "live", recordingSha256: null, instant: "picture" },
      },
    ],
    sources: {
      profile: "private-premises",
      overlays: [],
      documents: documents(),
      state: state(),
      cameras: [{ id: "gate", location: SITE_PLACE.location, fieldOfView: SITE_PLACE.fieldOfView }],
      newest,
      ...over.sources,
    },
    configFile: null,
    configSha256: NONE,
    sourcesSha256: NONE,
    model: { sha256: model, file: join(folder, "no-model.onnx") },
    clock,
    record: (entry) => leaves.push(entry),
    ranBefore: async () => false,
    ...over,
  });
}

/** Time goes on, and the site looks. */
async function later(site: SiteAuthority, seconds = 0.25): Promise<void> {
  clock.pass(seconds);
  await site.look();
}
const standing = async () => (await readHolds(state())).filter(({ released }) => released === null);
const causes = async () => (await standing()).map(({ cause }) => cause);
const types = () => leaves.map(({ type }) => type);
const releaseAll = async () => {
  const ids = (await standing()).map(({ id }) => id);
  await releaseHold(state(), ids, { by: "Exemple", reason: "looked into", at: clock.now() });
};
/** Lets the site see its holds as `follow` would. */
async function seeHolds(site: SiteAuthority): Promise<void> {
  const over = new AbortController();
  opened.push(over);
  const following = site.follow(over.signal);
  await new Promise((resolve) => setTimeout(resolve, 150));
  over.abort();
  await following;
}

describe("what ends at its time", () => {
  it("an authorisation, at the first look after it", async () => {
    const validUntil = clock.now() + HOUR;
    await writeSite(documents(), siteOf({ validUntil }));
    const site = await open();
    expect(site.why("gate")).toBe("");
    expect(site.mayRun("gate")).toBe(true);
    await later(site, 3599);
    expect(site.mayRun("gate")).toBe(true);
    await later(site, 1);
    expect(site.mayRun("gate")).toBe(false);
    expect(site.why("gate")).toContain("authorisation_expired");
    expect(await causes()).toEqual([]);
  });

  it("a condition: held, and neither attesting again nor a restart lets it run, but a person does", async () => {
    const overrides = {
      conditions: [
        {
          id: "closed",
          text: { fr: "Exemple", en: "Example" },
          validFor: "PT24H",
          attestedBy: null,
          attestedAt: null,
          signature: null,
        },
      ],
    };
    const of = siteOf({ overrides, validUntil: clock.now() + 100 * HOUR });
    await writeSite(documents(), of);
    const site = await open();
    expect(site.why("gate")).toBe("");
    // Attested an hour ago.
    await later(site, 23 * 3600 - 30);
    expect(site.mayRun("gate")).toBe(true);
    const attested = attest(siteAuthorisation(of), "closed", {
      by: "Exemple",
      at: clock.now() + 31_000,
      key: testKeys().attesting,
    });
    clock.pass(31);
    // Attested anew between two looks: it had lapsed before.
    await writeDocument(join(documents(), "site.yml"), attested);
    clock.pass(1);
    await site.look();
    expect(site.mayRun("gate")).toBe(false);
    await later(site);
    expect(site.why("gate")).toBe("condition_lapse_held");
    expect(await causes()).toEqual(["condition_lapsed"]);

    const again = await open();
    expect(again.why("gate")).toBe("condition_lapse_held");
    expect(again.mayRun("gate")).toBe(false);
    expect(again.waits("gate")).toBe(true);
    await releaseAll();
    await seeHolds(again);
    expect(again.mayRun("gate")).toBe(true);
  });

  it("and opens again with its daily window", async () => {
    clock = new HandClock(new Date().setUTCHours(3, 0, 0, 0) + 24 * HOUR);
    const overrides = { dailyWindows: [{ from: "12:00", until: "13:00", days: null }] };
    await writeSite(documents(), siteOf({ overrides, validUntil: clock.now() + 90 * HOUR }));
    const site = await open();
    expect(site.why("gate")).toBe("outside_daily_window");
    expect(site.waits("gate")).toBe(true);
    let opens = 0;
    let was = false;
    for (let minute = 0; minute < 48 * 60; minute += 10) {
      await later(site, 600);
      const may = site.mayRun("gate");
      if (may && !was) opens += 1;
      was = may;
    }
    expect(opens).toBe(2);
    expect(await causes()).toEqual([]);
  });
});

describe("a clock that is set by hand", () => {
  beforeEach(() => writeSite(documents(), siteOf()));

  it("back: held within one look, also after a restart", async () => {
    const site = await open();
    clock.pass(10);
    clock.set(clock.now() - 3000);
    await site.look();
    expect(site.mayRun("gate")).toBe(false);
    expect(await causes()).toEqual(["clock_set_back"]);
    expect(types()).toContain("clock_check");
    const again = await open();
    expect(again.mayRun("gate")).toBe(false);
  });

  it("back by a little, again and again: held all the same", async () => {
    const site = await open();
    for (let i = 0; i < 12 && site.mayRun("gate"); i += 1) {
      // It stands still: the authorisation would never end.
      clock.pass(0.25);
      clock.set(clock.now() - 250);
      await site.look();
    }
    expect(site.why("gate")).toContain("clock_set_back");
    expect(await causes()).toEqual(["clock_set_back"]);
  });

  it("forth: noted, and nothing more", async () => {
    const site = await open();
    clock.set(clock.now() + HOUR);
    await site.look();
    expect(site.mayRun("gate")).toBe(true);
    expect(types()).toContain("clock_check");
    expect(await causes()).toEqual([]);
  });

  it("back between two runs: held, and the next run too, which finds a journal that says the earlier time", async () => {
    const site = await open({}, clock.now() + HOUR);
    expect(site.mayRun("gate")).toBe(false);
    expect(await causes()).toEqual(["clock_set_back"]);
    const again = await open({}, clock.now());
    expect(again.mayRun("gate")).toBe(false);
    await releaseAll();
    await seeHolds(again);
    expect(again.mayRun("gate")).toBe(true);
  });

  it("and what a person lets run again runs, although the journal knows a later time", async () => {
    const site = await open({}, clock.now() + HOUR);
    await releaseAll();
    await seeHolds(site);
    expect(site.why("gate")).toBe("");
  });

  it("back, where no person need resume: denied without a hold, until it is as late again", async () => {
    const profile = await laxProfile();
    const site = await open({ sources: { ...sources(), profile } });
    expect(site.why("gate")).toBe("");
    clock.set(clock.now() - 60_000);
    await site.look();
    expect(site.why("gate")).toBe("clock_set_back");
    expect(await causes()).toEqual([]);
    await later(site, 61);
    expect(site.mayRun("gate")).toBe(true);
  });
});

describe("what holds", () => {
  beforeEach(() => writeSite(documents(), siteOf()));

  it("a moved view, that camera alone and at once", async () => {
    const site = await open();
    site.viewMoved("gate");
    expect(site.mayRun("gate")).toBe(false);
    await later(site);
    expect((await standing()).map(({ scope, cause }) => [scope, cause])).toEqual([
      [{ kind: "camera", cameraId: "gate" }, "view_moved"],
    ]);
    expect(types().filter((type) => type === "hold")).toHaveLength(1);
  });

  it("a model file that was changed, not one that is still to be fetched", async () => {
    const file = join(folder, "model.onnx");
    const site = await open({ model: { sha256: model, file } });
    await writeFile(join(documents(), ".note"), "something changes");
    await later(site);
    expect(site.mayRun("gate")).toBe(true);
    await writeFile(file, "another network");
    await later(site);
    expect(await causes()).toEqual(["model_changed"]);
    expect(site.mayRun("gate")).toBe(false);
  });

  it("a configuration file that was changed", async () => {
    const configFile = join(folder, "site.yml");
    await writeFile(configFile, "a: 1\n");
    const site = await open({ configFile });
    await later(site);
    expect(site.mayRun("gate")).toBe(true);
    await writeFile(configFile, "a: 1 # \n");
    await later(site);
    expect(await causes()).toEqual(["configuration_changed"]);
    expect(site.why("gate")).toBe("configuration_changed");
  });

  it.each([
    ["configuration", { configSha256: "1".repeat(64) }, "configuration_changed"],
    ["an address from the environment", { sourcesSha256: "1".repeat(64) }, "configuration_changed"],
    ["model", { model: { sha256: "1".repeat(64), file: "/no/model" } }, "model_changed"],
  ] as const)("another %s than in the last run, before anything runs", async (_, over, cause) => {
    await open();
    const site = await open(over);
    expect(site.mayRun("gate")).toBe(false);
    expect(site.why("gate")).toContain(cause);
    expect(await causes()).toEqual([cause]);
    // The new one is what ran last; the hold stays.
    expect((await open(over)).mayRun("gate")).toBe(false);
  });

  it("a note of the last run that was removed", async () => {
    await open();
    rmSync(join(state(), "baseline.json"));
    const site = await open({ ranBefore: async () => true });
    expect(await causes()).toEqual(["configuration_changed"]);
    expect(site.mayRun("gate")).toBe(false);
  });

  it("a more permissive profile in the place of the one that ran, while it runs and in the next run", async () => {
    const profile = await laxProfile(true);
    const site = await open({ sources: { ...sources(), profile } });
    expect(site.mayRun("gate")).toBe(true);
    await laxProfile(false);
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(await causes()).toEqual(["configuration_changed"]);
    expect(leaves.filter(({ type }) => type === "profile")).toHaveLength(2);
    await releaseAll();
    await laxProfile(true);
    const again = await open({ sources: { ...sources(), profile } });
    expect(again.why("gate")).toContain("configuration_changed");
  });

  it("a suspension that was taken out of its document again", async () => {
    const document = siteAuthorisation(siteOf());
    const file = join(documents(), "site.yml");
    await writeDocument(file, document);
    const site = await open();
    const act = { by: "Exemple", at: clock.now(), reason: "an example", key: null };
    const suspended = suspend(document, act);
    await writeDocument(file, suspended);
    clock.pass(1);
    await site.look();
    expect(site.why("gate")).toBe("suspended");
    // Gone for a while, then back as it was before.
    rmSync(file);
    await later(site);
    await writeDocument(file, document);
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(await causes()).toEqual(["configuration_changed"]);
    await releaseAll();

    await writeDocument(file, suspended);
    const again = await open();
    expect(again.why("gate")).toContain("suspended");
    const resumed = resume(suspended, { ...act, at: clock.now(), key: testKeys().issuing });
    await writeDocument(file, resumed);
    await later(again);
    expect(again.why("gate")).toBe("");
    await writeDocument(file, document);
    expect((await open()).why("gate")).toContain("configuration_changed");
  });

  it("evaluators that do not agree: denied, an incident, a hold", async () => {
    let honest = true;
    const secondOpinion = (): SecondOpinion => ({
      name: "an example",
      ask: () => ({ kind: "answered", allow: honest, policies: [] }),
    });
    const site = await open({ secondOpinion });
    expect(site.mayRun("gate")).toBe(true);
    honest = false;
    await writeFile(join(documents(), ".note"), "something changes");
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(types()).toContain("incident");
    expect(await causes()).toEqual(["incident"]);
    expect(site.why("gate")).toContain("incident_held");
    honest = true;
    expect((await open({ secondOpinion })).mayRun("gate")).toBe(false);
  });

  it("holds although it cannot be written, says so once, and writes it when it can", async () => {
    const site = await open();
    rmSync(state(), { recursive: true });
    writeFileSync(state(), "not a folder");
    site.viewMoved("gate");
    expect(site.mayRun("gate")).toBe(false);
    await later(site);
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(types().filter((type) => type === "incident")).toHaveLength(1);
    rmSync(state());
    await later(site);
    expect(await causes()).toEqual(["view_moved"]);
    expect(site.mayRun("gate")).toBe(false);
  });

  it("although its file is removed and documents are read anew", async () => {
    const site = await open();
    await placeHold(state(), {
      scope: { kind: "site" },
      cause: "stop_switch",
      by: "Exemple",
      reason: "an example",
      at: clock.now(),
    });
    await seeHolds(site);
    expect(site.why("gate")).toBe("stopped");
    rmSync(join(state(), "holds.json"));
    await writeFile(join(documents(), ".note"), "something changes");
    await later(site);
    expect(site.why("gate")).toBe("stopped");
  });

  it("everything, by the machine's folder, whatever state folder is named", async () => {
    await placeHold(null, {
      scope: { kind: "everything" },
      cause: "stop_switch",
      by: "Exemple",
      reason: "an example",
      at: clock.now(),
    });
    const site = await open({ sources: { ...sources(), state: join(folder, "another-state") } });
    expect(site.why("gate")).toBe("stopped");
  });
});

describe("documents that change while it runs", () => {
  it("removed or damaged: denied at the next look; back: permitted", async () => {
    await writeSite(documents(), siteOf());
    const site = await open();
    const text = await readFile(join(documents(), "site.yml"));
    await writeFile(join(documents(), "other.yml"), "schema: [");
    await later(site);
    expect(site.why("gate")).toContain("documents_unreadable");
    rmSync(join(documents(), "other.yml"));
    await later(site);
    expect(site.mayRun("gate")).toBe(true);
    rmSync(documents(), { recursive: true });
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(site.waits("gate")).toBe(true);
    mkdirSync(documents());
    await writeSite(documents(), siteOf());
    await writeFile(join(documents(), "site.yml"), text);
    await later(site);
    expect(site.mayRun("gate")).toBe(true);
  });

  it("between the first reading and the first look: seen by that", async () => {
    await writeSite(documents(), siteOf());
    const site = await open();
    await writeFile(join(documents(), "trust.yml"), "schema: [");
    await later(site);
    expect(site.why("gate")).toContain("documents_unreadable");
  });
});

describe("a recording", () => {
  it("that is replaced while it runs is one that nobody has named", async () => {
    const path = join(folder, "a.mp4");
    await writeFile(path, "an example");
    const { recordingSha256 } = await import("../sources/recording-hash.ts");
    const sha256 = await recordingSha256(path);
    await writeSite(documents(), siteOf({ overrides: { recordings: [{ name: "an example", sha256 }] } }));
    const one = { ...camera(), source: path };
    const authority = {
      use: "alert",
      footage: "recording",
      recordingSha256: sha256,
      instant: "picture",
    } as const;
    const site = await open({ cameras: [{ camera: one, authority }] });
    expect(site.why("gate")).toBe("");
    await utimes(path, new Date(), new Date(0));
    await later(site);
    expect(site.mayRun("gate")).toBe(true);
    await writeFile(path, "another");
    await later(site);
    expect(site.mayRun("gate")).toBe(false);
    expect(site.why("gate")).toBe("recording_not_authorised");
    expect(site.waits("gate")).toBe(false);
  });
});

function sources() {
  return {
    profile: "private-premises",
    overlays: [],
    documents: documents(),
    state: state(),
    cameras: [{ id: "gate", location: SITE_PLACE.location, fieldOfView: SITE_PLACE.fieldOfView }],
    newest: null,
  } satisfies SiteOptions["sources"];
}

/** The profile of closed sites, in which nobody need resume what was held. @returns its path */
async function laxProfile(resumeByPerson = false): Promise<string> {
  const path = join(folder, "profile.yml");
  const shipped = new URL("../../profiles/private-premises.yml", import.meta.url);
  const profile = parse(await readFile(shipped, "utf8"));
  profile.requires.resumeByPerson = resumeByPerson;
  await writeFile(path, stringify(profile));
  return path;
}
