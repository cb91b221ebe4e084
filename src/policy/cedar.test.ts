import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { analysing, CAMERA, QUESTION, WORLD } from "../../test/contracts/evaluator-worlds.ts";
import type { AnalyticAuthorisation } from "./authorisation.ts";
import { createSecondOpinion } from "./cedar.ts";
import { cedarPolicies } from "./cedar-policies.ts";
import { name } from "./cedar-text.ts";
import { wallClock } from "./cedar-wall-clock.ts";
import { mayAlert } from "./gate.ts";
import type { Hold } from "./hold.ts";
import { inDailyWindow } from "./validity.ts";
import type { PolicyWorld } from "./world.ts";

const HOLD: Hold = {
  id: "8d8ac610-566d-4ef0-9c22-186b2a5ed793",
  scope: { kind: "camera", cameraId: CAMERA },
  cause: "incident",
  at: "2024-07-26T10:00:00Z",
  by: "Personne Exemple",
  reason: "Exemple",
  released: null,
};

describe("createSecondOpinion", () => {
  it("cites the policy that permits, and the ones that forbid", () => {
    expect(createSecondOpinion(WORLD).ask(QUESTION)).toEqual({
      kind: "answered",
      allow: true,
      policies: ["example-regime law-and-decree, urn:example:analysing"],
    });
    const held = { ...WORLD, holds: [HOLD] };
    expect(createSecondOpinion(held).ask(QUESTION)).toEqual({
      kind: "answered",
      allow: false,
      policies: [`hold ${HOLD.id}`],
    });
  });

  it.each([
    [
      "a misspelt attribute in a prohibition",
      'forbid (principal, action, resource) when { context.evnt == "fire" };',
    ],
    [
      "an attribute that may be missing",
      'forbid (principal, action, resource) when { context.recording == "a" };',
    ],
    ["a type that does not fit", "forbid (principal, action, resource) when { context.at == 3 };"],
    ["a syntax error", "forbid (principal, action, resource) when { context.at ;"],
    ["a policy that never applies", "forbid (principal, action, resource) when { false };"],
    ["letters of two scripts", 'forbid (principal, action, resource) when { context.event == "fіre" };'],
  ])("fails on %s, where Cedar by itself would go on and permit", (_what, text) => {
    const generate = (world: PolicyWorld) => [...cedarPolicies(world), { id: "faulty", text }];
    const opinion = createSecondOpinion(WORLD, generate).ask(QUESTION);
    expect(opinion.kind).toBe("failed");
    // And still after another, sound set was asked.
    expect(createSecondOpinion(WORLD).ask(QUESTION)).toMatchObject({ allow: true });
    expect(createSecondOpinion(WORLD, generate).ask(QUESTION).kind).toBe("failed");
  });

  it("fails where a policy fails while it is evaluated", () => {
    const text =
      'forbid (principal, action, resource) when { context.at.offset(duration("9223372036854775807ms")) == context.at };';
    const generate = (world: PolicyWorld) => [...cedarPolicies(world), { id: "overflow", text }];
    expect(createSecondOpinion(WORLD, generate).ask(QUESTION).kind).toBe("failed");
  });

  it("is asked no more once its engine has broken down", async () => {
    vi.resetModules();
    const { createSecondOpinion: fresh } = await import("./cedar.ts");
    const generate = () => {
      throw Object.assign(new Error("memory access out of bounds"), { name: "RuntimeError" });
    };
    expect(fresh(WORLD).ask(QUESTION)).toMatchObject({ allow: true });
    expect(fresh(WORLD, generate).ask(QUESTION).kind).toBe("failed");
    expect(fresh(WORLD).ask(QUESTION)).toEqual({
      kind: "failed",
      diagnostics: ["Cedar broke down: memory access out of bounds"],
    });
  });

  it("fails where no policies can be made, and never throws", () => {
    const broken = analysing({ validFrom: "yesterday" });
    expect(createSecondOpinion({ ...WORLD, ...broken }).ask(QUESTION).kind).toBe("failed");
    const generate = () => {
      throw new Error("out of memory");
    };
    expect(createSecondOpinion(WORLD, generate).ask(QUESTION)).toEqual({
      kind: "failed",
      diagnostics: ["out of memory"],
    });
  });

  it("keeps more policy sets apart than Cedar keeps parsed", () => {
    const opinions = Array.from({ length: 20 }, (_, index) => {
      const holds = [{ ...HOLD, scope: { kind: "camera" as const, cameraId: `camera-${index}` } }];
      return createSecondOpinion({ ...WORLD, holds: index % 2 === 0 ? holds : [HOLD] });
    });
    for (const [index, opinion] of [...opinions.entries(), ...opinions.entries()]) {
      expect(opinion.ask(QUESTION)).toMatchObject({ kind: "answered", allow: index % 2 === 0 });
    }
  });

  it("makes policies of a long history and of many cameras", () => {
    const [entry] = analysingDocument().statusHistory;
    if (entry === undefined) throw new Error("no history");
    const statusHistory = Array.from({ length: 120 }, (_, index) => ({
      ...entry,
      status: index % 2 === 0 ? ("suspended" as const) : ("active" as const),
      at: new Date(QUESTION.at - (200 - index) * 1000).toISOString(),
    }));
    const cameras = [...Array.from({ length: 2000 }, (_, index) => `camera-${index}`), CAMERA];
    const world = { ...WORLD, ...analysing({ statusHistory, cameras }) };
    expect(createSecondOpinion(world).ask(QUESTION)).toMatchObject({ kind: "answered", allow: true });
    expect(mayAlert(QUESTION, world).allow).toBe(true);
  });
});

function analysingDocument() {
  const found = WORLD.authorisations.find(({ document }) => document.kind === "analytic_authorisation");
  if (found === undefined) throw new Error("no authorisation");
  return found.document;
}

/** Names that try to end a string, a policy or a comment, or to pass for another. */
const HOSTILE = [
  'a"',
  'a\\"',
  "a\\",
  'a" };\npermit (principal, action, resource);\n//',
  "a\npermit (principal, action, resource);",
  "a\u2028b\u0000c",
  "`$(1+1)`",
  "*/ permit (principal, action, resource); /*",
  "caméra-nord",
  "сamera",
  "\u202ecamera",
  "\ud800",
  "\udfff",
  "\ufffd",
  "%0041",
  "A",
  "%",
  "",
  "__proto__",
  "🎥",
];

describe("names of others in policies", () => {
  it("stay different, and are plain", () => {
    expect(new Set(HOSTILE.map(name)).size).toBe(HOSTILE.length);
    for (const text of HOSTILE) expect(name(text)).toMatch(/^[A-Za-z0-9 :/._~@+,;=?&#()%-]*$/);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(name(a) === name(b)).toBe(a === b);
      }),
    );
  });

  it.each(HOSTILE.filter((text) => text !== ""))("neither permit nor stop another camera: %j", (id) => {
    const holds = [{ ...HOLD, id, scope: { kind: "camera" as const, cameraId: id } }];
    const faults = [{ file: id, code: id, message: id }];
    const named = analysing({ id, cameras: [id], zones: [] });
    const filming = WORLD.authorisations.slice(0, 1);
    const [analytic] = named.authorisations.slice(1);
    if (analytic === undefined) throw new Error("no authorisation");
    const signatures = { ...analytic.signatures, decisionHolder: id };
    const world: PolicyWorld = { ...WORLD, holds, authorisations: [...filming, { ...analytic, signatures }] };
    for (const [asked, expected] of [
      [{ ...QUESTION, cameraId: id }, false],
      [QUESTION, false],
    ] as const) {
      expect(mayAlert(asked, world).allow).toBe(expected);
      expect(createSecondOpinion(world).ask(asked)).toMatchObject({ kind: "answered", allow: expected });
    }
    // A hold of a camera of that name leaves this one alone; a file of that name does not.
    expect(createSecondOpinion({ ...WORLD, holds }).ask(QUESTION)).toMatchObject({ allow: true });
    expect(createSecondOpinion({ ...WORLD, faults }).ask(QUESTION)).toMatchObject({ allow: false });
  });

  it.each(HOSTILE.filter((text) => text !== ""))("permit the camera that is really called so: %j", (id) => {
    const cameras = WORLD.cameras.map((site) => ({ ...site, id }));
    const world: PolicyWorld = {
      ...WORLD,
      cameras,
      notices: WORLD.notices.map((found) => ({ ...found, document: { ...found.document, cameras: [id] } })),
      authorisations: WORLD.authorisations.map((found) => {
        const { document } = found;
        if (document.kind === "camera_authorisation")
          return { ...found, document: { ...document, cameras: [id] } };
        const zones = document.zones.map((zone) => ({ ...zone, cameraId: id }));
        return { ...found, document: { ...document, cameras: [id], zones } };
      }),
    };
    const question = { ...QUESTION, cameraId: id };
    expect(mayAlert(question, world).allow).toBe(true);
    expect(createSecondOpinion(world).ask(question)).toMatchObject({ kind: "answered", allow: true });
    expect(createSecondOpinion(world).ask(QUESTION)).toMatchObject({ kind: "answered", allow: false });
  });
});

describe("wallClock", () => {
  const at = (text: string) => wallClock(Date.parse(text), "Europe/Paris");

  it("says the time of day and the day", () => {
    expect(at("2024-07-26T20:15:59.999+02:00")).toEqual({
      minute: 20 * 60 + 15,
      today: "fri",
      yesterday: "thu",
      dayBefore: "wed",
    });
  });

  it("says which of two an hour is that comes twice", () => {
    expect(at("2024-10-27T01:59:59+02:00").repeated).toBeUndefined();
    expect(at("2024-10-27T02:00:00+02:00").repeated).toEqual({ from: 120, until: 180, second: false });
    expect(at("2024-10-27T02:59:59+02:00").repeated).toEqual({ from: 120, until: 180, second: false });
    expect(at("2024-10-27T02:00:00+01:00").repeated).toEqual({ from: 120, until: 180, second: true });
    expect(at("2024-10-27T02:59:59+01:00").repeated).toEqual({ from: 120, until: 180, second: true });
    expect(at("2024-10-27T03:00:00+01:00").repeated).toBeUndefined();
    expect(at("2024-03-31T03:00:00+02:00").repeated).toBeUndefined();
  });

  it.each([
    ["Europe/Paris", "2024-10-27T00:00:00Z"],
    ["Europe/Paris", "2024-03-31T00:00:00Z"],
    ["America/Havana", "2024-11-03T05:00:00Z"],
    ["America/Sao_Paulo", "2018-02-18T02:00:00Z"],
    ["Australia/Lord_Howe", "2024-04-06T15:00:00Z"],
  ])("agrees with the gate about windows on both sides of the change in %s on %s", (timeZone, change) => {
    const times = ["00:00", "00:30", "02:00", "02:15", "03:00", "23:30", "24:00"];
    const [profile] = [WORLD.profile];
    if (profile === null) throw new Error("no profile");
    const zoned = { profile: { ...profile.profile, timeZone }, sha256: profile.sha256 };
    // The clause about the window alone, as a policy of its own.
    const clause = (windows: AnalyticAuthorisation["dailyWindows"]) => {
      const world = { ...WORLD, ...analysing({ dailyWindows: windows }), profile: zoned };
      const lines = cedarPolicies(world).flatMap(({ text }) => text.split("\n"));
      return lines.find((line) => line.includes("context.minute"))?.replace(/;$/, "");
    };
    for (const from of times) {
      for (const until of times) {
        const windows = [{ from, until, days: null }];
        const found = clause(windows);
        // A window without a minute has no clause.
        const policy = { id: "window", text: `permit (principal, action, resource)\n${found};` };
        const generate = () => (found === undefined ? [] : [policy]);
        const opinion = createSecondOpinion({ ...WORLD, profile: zoned }, generate);
        for (let minutes = -180; minutes <= 180; minutes += 30) {
          for (const offset of [-1, 0]) {
            const instant = Date.parse(change) + minutes * 60_000 + offset;
            const expected = inDailyWindow(windows, instant, timeZone);
            expect(opinion.ask({ ...QUESTION, at: instant })).toMatchObject({
              kind: "answered",
              allow: expected,
            });
          }
        }
      }
    }
  });
});
