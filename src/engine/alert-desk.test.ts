import { describe, expect, it } from "vitest";
import { studyAuthority } from "../../test/support/authority.ts";
import { HandClock } from "../../test/support/hand-clock.ts";
import type { Episode, EpisodeChange } from "../alerts/episode.ts";
import { defaultCamera, defaultConfig } from "../config/load.ts";
import type { CameraConfig } from "../config/schema.ts";
import type { EvidenceRecorder } from "../evidence/recorder.ts";
import { decisionRef } from "../policy/decision-ref.ts";
import { isAuthorised } from "../policy/mint.ts";
import { EMPTY_WORLD } from "../policy/world.ts";
import { AlertDesk } from "./alert-desk.ts";
import type { CameraJob, CameraMessage } from "./messages.ts";
import { Permission } from "./permission.ts";
import { RunBook } from "./run-book.ts";

const RECORDING = "b".repeat(64);
const MODEL = { name: "an example", sha256: "c".repeat(64) };
const NOW = Date.now();

function desk(use: "alert" | "shadow" = "alert", validUntil = NOW + 3_600_000) {
  const clock = new HandClock(NOW);
  const rule = { id: "area", event: "zone_intrusion" } as CameraConfig["rules"][number];
  const camera: CameraConfig = { ...defaultCamera("a.mp4", "camera"), rules: [rule] };
  const config = defaultConfig([camera]);
  const authority = studyAuthority({ recording: RECORDING, modelSha256: MODEL.sha256, use, validUntil });
  const job: CameraJob = {
    camera,
    engine: { ...config.engine, threads: 1 },
    evidence: config.evidence,
    authority,
    vault: null,
    configSha256: "0".repeat(64),
    out: "/nowhere",
    realtime: false,
    longest: null,
  };
  const said: CameraMessage[] = [];
  const say = (message: CameraMessage) => said.push(message);
  const permission = new Permission({
    authority,
    camera,
    modelSha256: MODEL.sha256,
    clock,
    onIncident: (incident) => expect(incident.kind).toBeNull(),
  });
  const made: string[] = [];
  // Stands where the recorder of a real picture would: what it is asked for is all that matters here.
  const evidence: EvidenceRecorder = {
    observe: () => undefined,
    opened: (episode) => {
      expect(isAuthorised(episode)).toBe(true);
      made.push(episode.id);
      const id = `evidence-of-${made.length}`;
      return { id, sealed: true, still: `${id}.png`, clip: `${id}.mp4`, manifest: `${id}.json` };
    },
    remember: () => null,
    emptyView: () => null,
    greyShare: () => 1,
    reset: () => undefined,
    finish: async () => undefined,
  };
  const book = new RunBook(job, clock, say);
  const one = new AlertDesk({
    ...{ job, modelOf: () => MODEL, evidence, permission, book, clock, say },
    geometry: new Map(),
  });
  const tell = (...changes: EpisodeChange[]) => one.tell(changes, { pts: 10, wallClock: clock.now() });
  return {
    clock,
    said,
    made,
    permission,
    tell,
    finish: () => one.finish(),
    kinds: () => said.map((m) => m.kind),
  };
}

const episode = (over: Partial<Episode> = {}): Episode => ({
  id: "secret-episode-id",
  ruleId: "area",
  event: "zone_intrusion",
  place: { kind: "zone", id: "z", box: { x: 1, y: 2, width: 3, height: 4 } },
  since: 8,
  raisedAt: 10,
  endedAt: null,
  count: null,
  densityPerM2: null,
  ...over,
});
const opened = (of = episode()): EpisodeChange => ({ kind: "opened", episode: of });
const closed = (of = episode({ endedAt: 12 })): EpisodeChange => ({
  kind: "closed",
  episode: of,
  reason: "cleared",
});

describe("an alert desk", () => {
  it("says the decision first, then the alert that names it, then its end", () => {
    const { tell, said, kinds, made } = desk();
    tell(opened());
    tell({ kind: "updated", episode: episode() }, closed());
    expect(kinds()).toEqual(["decision", "alert", "alert"]);
    expect(made).toEqual(["secret-episode-id"]);
    const [decision, raised, end] = said;
    if (decision?.kind !== "decision" || raised?.kind !== "alert" || end?.kind !== "alert") throw new Error();
    expect(raised.alert.decisionRef).toBe(decisionRef(decision.decision));
    expect([raised.alert.kind, end.alert.kind]).toEqual(["raised", "closed"]);
    expect(end.alert.decisionRef).toBe(raised.alert.decisionRef);
  });

  it("leaves of a denied episode a count, and no alert, evidence or id anywhere, also when it closes", () => {
    const { tell, said, made, finish, kinds, permission } = desk("alert", NOW - 1);
    tell(opened(), opened(episode({ id: "another-secret" })));
    tell(closed());
    finish();
    expect(kinds()).toEqual(["denials"]);
    expect(said[0]).toMatchObject({
      denials: { count: 2, ruleId: "area", reasons: ["authorisation_expired"] },
    });
    expect(made).toEqual([]);
    expect(JSON.stringify(said)).not.toMatch(/secret/);
    expect(permission.any).toBe(false);
  });

  it("counts in the dark, and makes and shows nothing", () => {
    const { tell, said, made, finish, kinds } = desk("shadow");
    tell(opened(), closed());
    finish();
    expect(kinds()).toEqual(["shadow"]);
    expect(made).toEqual([]);
    expect(JSON.stringify(said)).not.toMatch(/secret/);
  });

  it("asks at the instant of raising: what began before the end of an authorisation is not raised after it", () => {
    const { tell, clock, kinds, finish } = desk("alert", NOW + 1000);
    clock.pass(0.999);
    tell(opened(episode({ id: "in-time" })));
    clock.pass(0.001);
    // Began eight seconds into the recording, long before; raised a millisecond too late.
    tell(opened());
    finish();
    expect(kinds()).toEqual(["decision", "alert", "denials"]);
  });

  it("tells the end of what was raised in time, and of that alone", () => {
    const { tell, clock, said, finish } = desk("alert", NOW + 1000);
    tell(opened(episode({ id: "in-time" })));
    clock.pass(2);
    tell(opened(), closed(), closed(episode({ id: "in-time", endedAt: 12 })));
    // Twice the same end is told once.
    tell(closed(episode({ id: "in-time", endedAt: 12 })));
    finish();
    const alerts = said.flatMap((message) => (message.kind === "alert" ? [message.alert] : []));
    expect(alerts.map(({ id, kind }) => [id, kind])).toEqual([
      ["in-time", "raised"],
      ["in-time", "closed"],
    ]);
  });

  it("denies from the next episode on when the world is replaced", () => {
    const { tell, permission, kinds, finish } = desk();
    tell(opened(episode({ id: "before" })));
    permission.replaceWorld(EMPTY_WORLD);
    tell(opened());
    finish();
    expect(kinds()).toEqual(["decision", "alert", "denials"]);
  });

  it("says nothing of a rule that its camera does not have", () => {
    const { tell, said, finish } = desk();
    tell(opened(episode({ ruleId: "of another camera" })));
    finish();
    expect(said).toEqual([]);
  });
});
