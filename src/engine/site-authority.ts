import { isAbsolute } from "node:path";
import type { CameraConfig } from "../config/schema.ts";
import type { JournalEntry } from "../journal/leaf.ts";
import type { Hold } from "../policy/hold.ts";
import { placeHold, readHolds, watchHolds } from "../policy/hold-store.ts";
import { loadWorld, type WorldSources } from "../policy/load-world.ts";
import type { Incident } from "../policy/mint.ts";
import type { Decision } from "../policy/question.ts";
import type { ReasonCode } from "../policy/reasons.ts";
import type { PolicyWorld } from "../policy/world.ts";
import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import { changesSince, readBaseline, writeBaseline } from "./baseline.ts";
import { toPayload } from "./ledger.ts";
import { type JobAuthority, Permission } from "./permission.ts";
import { replayedFrom } from "./questions.ts";
import type { AuthoritySummary } from "./run-summary.ts";
import { ClockWatch, fileSha256, fingerprint } from "./site-watch.ts";
import { documentEntries } from "./world-entries.ts";

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
  readonly model: { readonly sha256: string; readonly file: string };
  readonly clock: Clock;
  /** Takes what must leave a trace. */
  readonly record: (entry: JournalEntry) => void;
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
  /** What was last said of each rule, by camera and rule. */
  readonly #said = new Map<string, string>();
  readonly #recorded = new Set<string>();
  readonly #placing = new Set<string>();
  #world: PolicyWorld;
  #mark = "";
  #configFileSha256: string | null = null;

  private constructor(options: SiteOptions, world: PolicyWorld) {
    this.#options = options;
    this.#world = world;
    this.#clocks = new ClockWatch(options.clock);
    for (const { camera, authority } of options.cameras) {
      this.#permissions.set(
        camera.id,
        new Permission({
          authority: { ...authority, world },
          camera,
          modelSha256: options.model.sha256,
          clock: options.clock,
          onIncident: (incident) => this.incident(camera.id, incident),
        }),
      );
    }
  }

  static async open(options: SiteOptions): Promise<SiteAuthority> {
    const { world } = await loadWorld(options.sources);
    const site = new SiteAuthority(options, world);
    site.#mark = await fingerprint(site.#watched);
    site.#configFileSha256 = options.configFile === null ? null : await fileSha256(options.configFile);
    site.#recordWorld();
    await site.#compareWithBaseline();
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
    const { profile, authorisations } = this.#world;
    const standing = this.#options.cameras.flatMap(({ camera }) => this.decisions(camera.id));
    const named = new Set(standing.map(({ authorisationId }) => authorisationId));
    return {
      profile:
        profile === null
          ? null
          : { id: profile.profile.id, sha256: profile.sha256, title: profile.profile.title },
      use: this.#options.cameras[0]?.authority.use ?? "alert",
      authorisations: authorisations
        .filter(({ document }) => named.has(document.id))
        .map(({ document: { id, title, validFrom, validUntil }, sha256 }) => ({
          ...{ id, sha256, title, validFrom, validUntil },
        })),
      standing: standing.map(({ cameraId, ruleId, event, allow, reasons }) => ({
        ...{ cameraId, ruleId, event, allow },
        reasons: [...reasons],
      })),
    };
  }

  /** Looks for changes until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock, sources } = this.#options;
    watchHolds(sources.state, { signal, clock, onChange: () => void this.#readHolds() });
    while (!signal.aborted) {
      await this.#look();
      await clock.sleep(LOOK_EVERY, signal);
    }
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
    for (const decision of decisions) {
      const rule = `${decision.cameraId} ${decision.ruleId} ${decision.event}`;
      const said = JSON.stringify([decision.allow, decision.reasons, decision.authorisationSha256]);
      if (this.#said.get(rule) === said) continue;
      this.#said.set(rule, said);
      this.#options.record({ type: "decision", actor: "engine", payload: toPayload(decision) });
    }
  }

  async #look(): Promise<void> {
    const jump = this.#clocks.look();
    if (jump !== null) {
      this.#options.record({
        type: "clock_check",
        actor: "engine",
        payload: { jumpSeconds: jump.by, before: formatUtc(jump.before), now: formatUtc(jump.now) },
      });
      if (jump.by < 0) {
        this.#take({ ...this.#world, newest: Math.max(this.#world.newest ?? 0, jump.before) });
        this.#hold("clock_set_back", null, `the clock was set back by ${(-jump.by).toFixed(1)} s`);
      }
    }
    const mark = await fingerprint(this.#watched);
    if (mark !== this.#mark) {
      this.#mark = mark;
      await this.#reload();
      await this.#compareFiles();
    }
    this.#refresh();
  }

  /** Files and folders whose change may change an answer. Profiles that ship change with the program only. */
  get #watched(): readonly string[] {
    const { sources, configFile, model } = this.#options;
    const paths = [sources.profile, ...sources.overlays].filter(
      (path): path is string => path !== null && isAbsolute(path),
    );
    return [...paths, sources.documents, configFile, model.file].filter((path) => path !== null);
  }

  async #reload(): Promise<void> {
    const { world } = await loadWorld({ ...this.#options.sources, newest: this.#world.newest });
    this.#take(world);
    this.#recordWorld();
  }

  async #readHolds(): Promise<void> {
    const holds = await readHolds(this.#options.sources.state);
    this.#take({ ...this.#world, holds });
  }

  #take(world: PolicyWorld): void {
    this.#world = world;
    for (const permission of this.#permissions.values()) permission.replaceWorld(world);
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

  get #resumedByPerson(): boolean {
    return this.#world.profile?.profile.requires.resumeByPerson ?? false;
  }

  #hold(cause: Hold["cause"], cameraId: string | null, reason: string): void {
    if (!this.#resumedByPerson) return;
    const scope: Hold["scope"] = cameraId === null ? { kind: "site" } : { kind: "camera", cameraId };
    const key = JSON.stringify([cause, scope]);
    const held = this.#world.holds.some(
      (hold) => hold.released === null && JSON.stringify([hold.cause, hold.scope]) === key,
    );
    if (held || this.#placing.has(key)) return;
    this.#placing.add(key);
    const { clock, sources, record } = this.#options;
    void placeHold(sources.state, { scope, cause, by: "contrechamp", reason, at: clock.now() })
      .then((hold) => {
        record({ type: "hold", actor: "engine", payload: toPayload(hold) });
        this.#take({ ...this.#world, holds: [...this.#world.holds, hold] });
      })
      .finally(() => this.#placing.delete(key));
  }

  /** Something else than last time: a person must answer for it. The new one is noted with the hold. */
  async #compareWithBaseline(): Promise<void> {
    const { sources, configSha256, model } = this.#options;
    if (!this.#resumedByPerson) return;
    const found = { configSha256, modelSha256: model.sha256 };
    for (const { cause, reason } of changesSince(await readBaseline(sources.state), found)) {
      this.#hold(cause, null, reason);
    }
    await writeBaseline(sources.state, found);
  }

  async #compareFiles(): Promise<void> {
    const { configFile, model } = this.#options;
    if (configFile !== null) {
      const found = await fileSha256(configFile);
      if (found !== this.#configFileSha256) {
        this.#configFileSha256 = found;
        this.#hold("configuration_changed", null, `${configFile} was changed while it ran`);
      }
    }
    if ((await fileSha256(model.file)) !== model.sha256) {
      this.#hold("model_changed", null, `${model.file} was changed while it ran`);
    }
  }

  /** A leaf for each document that this process had not seen before. */
  #recordWorld(): void {
    for (const entry of documentEntries(this.#world)) {
      const key = JSON.stringify(entry);
      if (this.#recorded.has(key)) continue;
      this.#recorded.add(key);
      this.#options.record(entry);
    }
  }
}
