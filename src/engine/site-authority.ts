import { isAbsolute } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expandSource } from "../config/address.ts";
import type { CameraConfig } from "../config/schema.ts";
import type { JournalEntry } from "../journal/leaf.ts";
import { type SlotModel, slotHashes } from "../models/slot-models.ts";
import { CLOCK_SLACK } from "../policy/gate.ts";
import type { SecondOpinion } from "../policy/gate-opinion.ts";
import type { Hold } from "../policy/hold.ts";
import { watchHolds } from "../policy/hold-store.ts";
import { loadWorld, type WorldSources } from "../policy/load-world.ts";
import type { Incident } from "../policy/mint.ts";
import type { Decision } from "../policy/question.ts";
import type { ReasonCode } from "../policy/reasons.ts";
import type { PolicyWorld } from "../policy/world.ts";
import { recordingSha256 } from "../sources/recording-hash.ts";
import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import {
  type Baseline,
  baselineOf,
  changesSince,
  modelsSha256,
  readBaseline,
  remembered,
  writeBaseline,
} from "./baseline.ts";
import { toPayload } from "./ledger.ts";
import { type JobAuthority, Permission } from "./permission.ts";
import { replayedFrom } from "./questions.ts";
import type { AuthoritySummary } from "./run-summary.ts";
import { authoritySummary, SiteRecord } from "./site-record.ts";
import { ClockWatch, fileSha256, fingerprint } from "./site-watch.ts";
import { StandingHolds } from "./standing-holds.ts";

/** One camera, as the site answers for it. */
export interface SiteCamera {
  readonly camera: CameraConfig;
  readonly authority: Omit<JobAuthority, "world">;
}

export interface SiteOptions {
  readonly cameras: readonly SiteCamera[];
  readonly sources: WorldSources;
  /** The configuration file that runs, null where there is none. */
  readonly configFile: string | null;
  readonly configSha256: string;
  /** See `sourcesSha256`. */
  readonly sourcesSha256: string;
  readonly model: { readonly sha256: string; readonly file: string };
  /** Networks that rules name for themselves; none where missing. */
  readonly slots?: readonly SlotModel[];
  readonly clock: Clock;
  /** Takes what must leave a trace. */
  readonly record: (entry: JournalEntry) => void;
  /** Whether the journal tells of a camera that ran before: asked where no file says any more under what. */
  readonly ranBefore: () => Promise<boolean>;
  /** The second evaluator of a world: by default Cedar. */
  readonly secondOpinion?: (world: PolicyWorld) => SecondOpinion;
}

/** What the world is looked at for changes: well within the second that a suspension may take. */
const LOOK_EVERY: Seconds = 0.25;
/** A recording whose beginning is not permitted is looked through where that changes within so long of its own time. */
export const LONGEST_RECORDING: Seconds = 7 * 24 * 3600;
/** Denials that a person can lift while it runs: a stream waits for that, and ends for any other. */
const MAY_BE_LIFTED: ReadonlySet<ReasonCode> = new Set([
  "documents_unreadable",
  "stopped",
  "clock_set_back",
  "view_moved",
  "model_changed",
  "configuration_changed",
  "condition_lapse_held",
  "incident_held",
  "suspended",
  "condition_lapsed",
  "condition_not_attested",
]);

/**
 * What a site may do, instant by instant: reads the world, looks for changes in it and in what runs, and holds what
 * must not go on. Where the profile says that only a person resumes, a moved view, another model or configuration, a
 * clock that was set back and a lapsed condition each leave a hold behind, which outlives this process.
 */
export class SiteAuthority {
  readonly #options: SiteOptions;
  readonly #permissions = new Map<string, Permission>();
  readonly #listeners = new Set<() => void>();
  readonly #clocks: ClockWatch;
  readonly #record: SiteRecord;
  readonly #holds: StandingHolds;
  /** Each recording's mark when it was last looked at, by camera. */
  readonly #recordings = new Map<string, string>();
  #world: PolicyWorld;
  #mark = "";
  #again = true;
  #configFileSha256: string | null = null;
  #known: Baseline | "unreadable" | null = null;
  #resumedByPerson = false;

  private constructor(options: SiteOptions, world: PolicyWorld) {
    this.#options = options;
    this.#world = world;
    this.#clocks = new ClockWatch(options.clock);
    this.#record = new SiteRecord(options.record);
    this.#holds = new StandingHolds({
      state: options.sources.state,
      clock: options.clock,
      record: options.record,
      onPlaced: (hold) => {
        const others = this.#world.holds.filter(({ id }) => id !== hold.id);
        this.#take({ ...this.#world, holds: [...others, hold] });
      },
    });
    for (const { camera, authority } of options.cameras) {
      this.#permissions.set(
        camera.id,
        new Permission({
          authority: { ...authority, world },
          camera,
          modelSha256: options.model.sha256,
          slots: slotHashes(options.slots ?? []),
          clock: options.clock,
          onIncident: (incident) => this.incident(camera.id, incident),
          ...(options.secondOpinion === undefined ? {} : { secondOpinion: options.secondOpinion }),
        }),
      );
    }
  }

  static async open(options: SiteOptions): Promise<SiteAuthority> {
    const { world, trust } = await loadWorld(options.sources);
    const site = new SiteAuthority(options, world);
    const { configFile, sources, clock } = options;
    site.#configFileSha256 = configFile === null ? null : await fileSha256(configFile);
    for (const { id, path } of site.#recordingFiles) site.#recordings.set(id, await fingerprint([path]));
    site.#known = await readBaseline(sources.state);
    // Where a person must resume, that stays so, whatever profile is put in the place of the one that says so.
    site.#resumedByPerson = site.#known !== null;
    site.#record.world(world, trust);
    await site.#compareWithBaseline();
    const { newest } = sources;
    if (newest !== null && clock.now() < newest - CLOCK_SLACK) {
      site.#hold("clock_set_back", null, `the journal knows ${formatUtc(newest)} already`);
    }
    await site.#holds.place();
    site.#refresh();
    return site;
  }

  get world(): PolicyWorld {
    return this.#world;
  }

  /** Called whenever what may run could be another than before. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The latest answers about a camera, one a rule. */
  decisions(cameraId: string): readonly Decision[] {
    return this.#permissions.get(cameraId)?.decisions ?? [];
  }

  /** Whether a camera may be decoded now. */
  mayRun(cameraId: string): boolean {
    const permission = this.#permissions.get(cameraId);
    if (permission === undefined) return false;
    if (permission.any) return true;
    const begin = this.#replayed(cameraId);
    if (begin === null || this.#liftable(cameraId)) return false;
    // The recording's own clock may yet reach a permitted time.
    const opens = permission.opensAfter(begin);
    return opens !== null && opens < begin + 1000 * LONGEST_RECORDING;
  }

  /** Whether a camera that may not run might do so later, in this run. */
  waits(cameraId: string): boolean {
    const found = this.#options.cameras.find(({ camera }) => camera.id === cameraId);
    // A recording stays where it is: who lifts what holds it starts again.
    if (found?.authority.footage !== "live") return false;
    if (this.#liftable(cameraId)) return true;
    return this.#permissions.get(cameraId)?.opensAfter(this.#options.clock.now()) != null;
  }

  /** Codes of what denies a camera, for messages. */
  why(cameraId: string): string {
    const codes = this.decisions(cameraId).flatMap(({ reasons }) => reasons.map(({ code }) => code));
    return [...new Set(codes)].filter((code) => code !== "permitted").join(", ");
  }

  /** The world and its answers, as a run's summary has them. */
  summary(): Omit<AuthoritySummary, "journal"> {
    const { cameras } = this.#options;
    const standing = cameras.flatMap(({ camera }) => this.decisions(camera.id));
    return authoritySummary(this.#world, standing, cameras[0]?.authority.use ?? "alert");
  }

  /** Looks for changes until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock, sources } = this.#options;
    const holds = watchHolds(sources.state, { signal, clock, onChange: (found) => this.#takeHolds(found) });
    while (!signal.aborted) {
      await this.look();
      await clock.sleep(LOOK_EVERY, signal);
    }
    await holds;
    await this.#holds.place();
  }

  /** A camera looks elsewhere than its zones were drawn for. */
  viewMoved(cameraId: string): void {
    this.#hold("view_moved", cameraId, `camera ${cameraId} does not look where it did`);
  }

  /** The evaluators did not agree on a camera's question: the answer was no, and somebody must find out why. */
  incident(cameraId: string, incident: Incident): void {
    this.#options.record({
      type: "incident",
      actor: "engine",
      payload: toPayload({ cameraId, ...incident }),
    });
    this.#hold("incident", cameraId, `the gate's evaluators did not agree: ${incident.kind}`);
  }

  /** Notes what the gate says of a camera's rules, where it says something else than before. */
  recordStanding(decisions: readonly Decision[]): void {
    this.#record.standing(decisions);
  }

  /** One look at the clocks and at the files; the holds are watched by `follow`. */
  async look(): Promise<void> {
    const jump = this.#clocks.look();
    if (jump !== null) {
      this.#options.record({
        type: "clock_check",
        actor: "engine",
        payload: { jumpSeconds: jump.by, before: formatUtc(jump.expected), now: formatUtc(jump.now) },
      });
      if (jump.by < 0) {
        this.#take({ ...this.#world, newest: Math.max(this.#world.newest ?? 0, jump.expected) });
        this.#hold("clock_set_back", null, `the clock was set back by ${(-jump.by).toFixed(1)} s`);
      }
    }
    // By what was known until now: what has lapsed has lapsed, even where its remedy is there already.
    this.#refresh();
    await this.#lookAtFiles();
    this.#refresh();
    await this.#holds.place();
  }

  async #lookAtFiles(): Promise<void> {
    const mark = await fingerprint(this.#watched);
    const changed = mark !== this.#mark;
    if (changed || this.#again) {
      this.#mark = mark;
      this.#again = changed;
      await this.#reload();
      await this.#compareFiles();
    }
    for (const { id, path } of this.#recordingFiles) {
      const found = await fingerprint([path]);
      if (this.#recordings.get(id) === found) continue;
      this.#recordings.set(id, found);
      await this.#compareRecording(id, path);
    }
  }

  /** Files and folders whose change may change an answer. Profiles that ship change with the program only. */
  get #watched(): readonly string[] {
    const { sources, configFile, model, slots = [] } = this.#options;
    const paths = [sources.profile, ...sources.overlays].filter(
      (path): path is string => path !== null && isAbsolute(path),
    );
    const networks = [model, ...slots].map(({ file }) => file);
    return [...paths, sources.documents, configFile, ...networks].filter((path) => path !== null);
  }

  get #recordingFiles(): readonly { readonly id: string; readonly path: string }[] {
    return this.#options.cameras
      .filter(({ authority }) => authority.recordingSha256 !== null)
      .map(({ camera }) => ({ id: camera.id, path: expandSource(camera.source, process.env) }));
  }

  async #reload(): Promise<void> {
    const { world, trust } = await loadWorld(this.#options.sources);
    const { holds, newest } = this.#world;
    // Who watches the holds knows also those that somebody took out of their files.
    this.#take({ ...world, holds, newest });
    this.#record.world(world, trust);
    await this.#compareWithBaseline();
  }

  /** @param found what the files say */
  #takeHolds(found: readonly Hold[]): void {
    const { holds, newest } = this.#world;
    const lifted = holds.some(
      ({ id, cause, released }) =>
        cause === "clock_set_back" && released === null && found.some((one) => one.id === id && one.released),
    );
    // Who lets it run again although the clock was set back says that the clock is right now.
    this.#take({ ...this.#world, holds: found, newest: lifted ? this.#options.clock.now() : newest });
  }

  #take(world: PolicyWorld): void {
    this.#world = { ...world, holds: this.#holds.merged(world.holds, this.#world.holds) };
    this.#resumedByPerson ||= world.profile?.profile.requires.resumeByPerson ?? false;
    for (const permission of this.#permissions.values()) permission.replaceWorld(this.#world);
    this.#refresh();
    for (const listener of this.#listeners) listener();
  }

  /** Asks the gate anew where a clock has struck. */
  #refresh(): void {
    let changed = false;
    for (const { camera } of this.#options.cameras) {
      const permission = this.#permissions.get(camera.id);
      if (permission === undefined) continue;
      const before = permission.any;
      if (!permission.refresh(this.#replayed(camera.id) ?? this.#options.clock.now())) continue;
      this.recordStanding(permission.decisions);
      changed ||= before !== permission.any;
      const lapsed = permission.decisions.some(({ reasons }) =>
        reasons.some(({ code }) => code === "condition_lapsed"),
      );
      if (before && lapsed) this.#hold("condition_lapsed", camera.id, "a condition was not attested in time");
    }
    if (changed) for (const listener of this.#listeners) listener();
  }

  /** The instant at which a replayed recording begins; null where the gate is asked about now. */
  #replayed(cameraId: string): UtcMilliseconds | null {
    const found = this.#options.cameras.find(({ camera }) => camera.id === cameraId);
    return found === undefined
      ? null
      : replayedFrom(found.camera, found.authority, this.#options.clock.now());
  }

  #liftable(cameraId: string): boolean {
    return this.decisions(cameraId).some(({ reasons }) =>
      reasons.some(({ code }) => MAY_BE_LIFTED.has(code)),
    );
  }

  /** Holds at once, in memory; the disk follows. */
  #hold(cause: Hold["cause"], cameraId: string | null, reason: string): void {
    if (!this.#resumedByPerson) return;
    const scope: Hold["scope"] = cameraId === null ? { kind: "site" } : { kind: "camera", cameraId };
    if (!this.#holds.add({ cause, scope, reason }, this.#world.holds)) return;
    this.#take(this.#world);
    void this.#holds.place();
  }

  /** Something else than last time: a person must answer for it. The new one is noted once the hold stands. */
  async #compareWithBaseline(): Promise<void> {
    const { sources, ranBefore } = this.#options;
    const { profile } = this.#world;
    this.#resumedByPerson ||= profile?.profile.requires.resumeByPerson ?? false;
    // Law that cannot be read lets nothing run; it is compared when it can.
    const readable = profile !== null && this.#world.overlays.length === sources.overlays.length;
    if (!this.#resumedByPerson || !readable) return;
    const { model, slots = [] } = this.#options;
    const found = baselineOf(this.#world, { ...this.#options, modelSha256: modelsSha256(model, slots) });
    if (this.#known === null && (await ranBefore())) this.#known = "unreadable";
    for (const { cause, reason } of changesSince(this.#known, found)) this.#hold(cause, null, reason);
    await this.#holds.place();
    // Noted before its hold, a change would be forgotten by whoever is killed between the two.
    if (!this.#holds.placed) return;
    const now = remembered(this.#known, found);
    if (!isDeepStrictEqual(now, this.#known)) await writeBaseline(sources.state, now);
    this.#known = now;
  }

  /** Another recording in the place of the one that was named is one that nobody has named. */
  async #compareRecording(cameraId: string, path: string): Promise<void> {
    const named = this.#options.cameras.find(({ camera }) => camera.id === cameraId)?.authority;
    const found = await recordingSha256(path).catch(() => null);
    if (found === named?.recordingSha256) return;
    this.#permissions.get(cameraId)?.forgetRecording();
    this.#refresh();
    for (const listener of this.#listeners) listener();
  }

  async #compareFiles(): Promise<void> {
    const { configFile, model, slots = [] } = this.#options;
    if (configFile !== null) {
      const found = await fileSha256(configFile);
      if (found !== this.#configFileSha256) {
        this.#configFileSha256 = found;
        this.#hold("configuration_changed", null, `${configFile} was changed while it ran`);
      }
    }
    // One that is not there yet is fetched and checked before it runs.
    for (const { file, sha256 } of [model, ...slots]) {
      const found = await fileSha256(file);
      if (found === null || found === sha256) continue;
      this.#hold("model_changed", null, `${file} was changed while it ran`);
    }
  }
}
