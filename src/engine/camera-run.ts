import type { EpisodeChange } from "../alerts/episode.ts";
import { ownModel } from "../config/own-model.ts";
import type { Detection, ModelIdentity } from "../detectors/detector.ts";
import { mergeViews } from "../detectors/merge.ts";
import { asCoded } from "../errors.ts";
import { BlockFlow } from "../frames/block-flow.ts";
import type { Frame } from "../frames/frame.ts";
import { glowOnDemand } from "../frames/glow.ts";
import type { HealthEvent } from "../frames/health.ts";
import { maskFrame } from "../frames/masked-frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { Measure, Observation, Rule } from "../rules/rule.ts";
import type { SourceItem } from "../sources/source.ts";
import type { Clock, Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";
import { AlertDesk } from "./alert-desk.ts";
import { type LookPlan, stillThere } from "./attention.ts";
import { type CameraParts, openCamera } from "./camera-parts.ts";
import { anyCounts } from "./count-looks.ts";
import type { CameraJob, CameraMessage } from "./messages.ts";
import { MomentStills, type Moments } from "./moment-stills.ts";
import { Pace } from "./pace.ts";
import { Permission } from "./permission.ts";
import { ReadAhead } from "./read-ahead.ts";
import { RunBook } from "./run-book.ts";
import type { CameraSummary } from "./run-summary.ts";
import { StageClock } from "./stage-clock.ts";
import { Suspension } from "./suspension.ts";
import { ViewBuffers } from "./view-buffers.ts";

export interface CameraRunOptions {
  readonly clock: Clock;
  readonly say: (message: CameraMessage) => void;
  readonly signal: AbortSignal;
  /** Told where to hand a new world for the gate, as often as it changes. */
  readonly onWorld?: (take: (world: PolicyWorld) => void) => void;
  /** Sees what the rules see, instant by instant, in this process only: for the audit bench. */
  readonly onObservation?: (observation: Observation) => void;
  /** Sees what the counting rules measure, as often as they do, in this process only: for the audit bench. */
  readonly onMeasure?: (ruleId: string, measure: Measure) => void;
  /** Told of every picture that was decoded, analysed or not, by its presentation time: for the audit bench. */
  readonly onPicture?: (at: Seconds) => void;
  /** Redacted stills of moments that matter though nothing may be raised there: for the audit bench. */
  readonly moments?: Moments;
}

/** What the network is asked for: the tracker's second round and the evidence's caution use doubtful ones too. */
const LOWEST_SCORE = 0.1;
/** Surer than not: what is doubtful may be a bench, which the motion mask's background must be free to learn. */
const COVER_SCORE = 0.3;
/** Pictures decoded ahead while the network works: a detection period at 25 frames/s. */
const READ_AHEAD = 4;
/** How soon after the last motion a view counts as quiet, and how often it is looked at for motion then. */
const QUIET_AFTER: Seconds = 2;
const QUIET_ANALYSIS_PER_SECOND = 4;
/** Faults of the detector in a row after which the camera gives up. */
const MOST_DETECTOR_FAULTS = 5;

/**
 * Runs one camera from its source to its alerts, until the recording ends or the signal stops it. Bad pictures,
 * lost streams and unwritable evidence become health events; it rejects only for what makes analysis
 * impossible: no such source, no model, a detector that keeps failing.
 */
export async function runCamera(job: CameraJob, options: CameraRunOptions): Promise<CameraSummary> {
  const book = new RunBook(job, options.clock, options.say);
  const parts = await openCamera(
    job,
    options.clock,
    (error) => book.fault("evidence_missing", error),
    options.say,
  );
  const stop = () => void parts.source.close();
  options.signal.addEventListener("abort", stop, { once: true });
  if (options.signal.aborted) stop();
  try {
    options.say({ kind: "ready", info: parts.info, model: parts.detector.model });
    return await new CameraRun(job, parts, book, options).run();
  } finally {
    options.signal.removeEventListener("abort", stop);
    await parts.source.close();
    await parts.detector.close();
    await parts.networks.close();
  }
}

class CameraRun {
  readonly #job: CameraJob;
  readonly #parts: CameraParts;
  readonly #options: CameraRunOptions;
  readonly #stages = new StageClock();
  readonly #analysis: Pace;
  readonly #quietAnalysis = new Pace(QUIET_ANALYSIS_PER_SECOND);
  readonly #suspension = new Suspension();
  readonly #views = new ViewBuffers();
  readonly #flow = new BlockFlow();
  readonly #items: ReadAhead;
  readonly #book: RunBook;
  readonly #desk: AlertDesk;
  readonly #permission: Permission;
  /** Null where nobody wants any: then nothing is drawn for nobody when a run ends. */
  readonly #stills: MomentStills | null;
  /** What stands in view as far as is known: seen by the network, or seen before and unmoved since. */
  #known: readonly Detection[] = [];
  /** Those that may run now. */
  #rules: readonly Rule[] = [];
  #detectorFaults = 0;
  #slotFaults = 0;
  #lastMotion: Seconds = 0;

  constructor(job: CameraJob, parts: CameraParts, book: RunBook, options: CameraRunOptions) {
    this.#job = job;
    this.#parts = parts;
    this.#options = options;
    this.#analysis = new Pace(job.engine.analysisPerSecond);
    // A live source keeps its own bounded queue; reading it ahead would only hide its drops.
    this.#items = new ReadAhead(parts.source.items(), parts.info.live ? 0 : READ_AHEAD);
    this.#book = book;
    this.#permission = new Permission({
      authority: job.authority,
      camera: job.camera,
      modelSha256: parts.detector.model.sha256,
      slots: parts.networks.hashes,
      clock: options.clock,
      onIncident: (incident) => options.say({ kind: "incident", incident }),
    });
    this.#stills =
      options.moments === undefined
        ? null
        : new MomentStills(options.moments, parts.evidence, parts.geometry);
    options.onWorld?.((world) => this.#permission.replaceWorld(world));
    this.#desk = new AlertDesk({
      job,
      book,
      modelOf: (ruleId) => this.#modelOf(ruleId),
      evidence: parts.evidence,
      geometry: parts.geometry,
      permission: this.#permission,
      clock: options.clock,
      say: options.say,
    });
  }

  async run(): Promise<CameraSummary> {
    try {
      for (;;) {
        const item = await this.#read();
        if (item.done) break;
        if (item.value.kind === "health") this.#health(item.value.health);
        else if (!(await this.#picture(item.value.frame))) break;
      }
    } finally {
      this.#items.release();
      this.#options.say({ kind: "decoded" });
    }
    const end = this.#book.lastPicture?.pts ?? 0;
    this.#tell(this.#rules.flatMap((rule) => rule.finish(end, "stream_ended")));
    this.#desk.finish();
    await this.#stills?.finish();
    await this.#parts.evidence.finish();
    return this.#book.summary(this.#parts.info, {
      stages: this.#stages.times().map(({ name, count, p50Ms, p95Ms, totalSeconds }) => ({
        name,
        count,
        p50Ms: count === 0 ? null : p50Ms,
        p95Ms: count === 0 ? null : p95Ms,
        // The wait for the inference thread is not this process's own work on one thread.
        cpuSeconds: name === "detect" ? null : totalSeconds,
      })),
      suspendedSeconds: this.#suspension.total(end),
      greyShare: this.#parts.evidence.greyShare(),
    });
  }

  async #read(): Promise<IteratorResult<SourceItem>> {
    const from = performance.now();
    const item = await this.#items.next();
    // Live, the wait for the next picture is the camera's pace, not the decoder's cost.
    if (!this.#parts.info.live) this.#stages.book("decode", performance.now() - from);
    return item;
  }

  /** @returns false when the run's longest time is over */
  async #picture(frame: Frame): Promise<boolean> {
    try {
      if (this.#job.longest !== null && frame.pts >= this.#job.longest) return false;
      this.#book.picture(frame.pts, frame.wallClock);
      this.#options.onPicture?.(frame.pts);
      await this.#ask(frame);
      if (this.#permission.any && this.#due(frame.pts))
        await this.#analyse(maskFrame(frame, this.#parts.mask));
      return true;
    } finally {
      frame.release();
    }
  }

  /** Ends what may no longer go on. */
  async #ask(frame: Frame): Promise<void> {
    const before = new Set(this.#rules.map((rule) => rule.id));
    const might = this.#permission.any;
    if (!this.#permission.refresh(frame.wallClock)) return;
    this.#options.say({ kind: "standing", decisions: this.#permission.decisions });
    this.#rules = this.#parts.rules.filter((rule) => this.#permission.permits(rule.id));
    const ended = this.#parts.rules.filter(
      (rule) => before.has(rule.id) && !this.#permission.permits(rule.id),
    );
    this.#tell(ended.flatMap((rule) => rule.finish(frame.pts, "suspended")));
    if (might && !this.#permission.any) {
      this.#forgetView();
      this.#parts.evidence.reset();
    }
    await this.#parts.slots.permit(this.#rules);
  }

  /** The network on which a rule's alert rests. */
  #modelOf(ruleId: string): ModelIdentity {
    const rule = this.#job.camera.rules.find(({ id }) => id === ruleId);
    const own = rule === undefined ? null : ownModel(rule);
    return own === null ? this.#parts.detector.model : this.#parts.networks.identity(own.manifest);
  }

  /** Analysis follows its rate while something moves, and slows down where nothing has for a while. */
  #due(at: Seconds): boolean {
    const quiet = at - this.#lastMotion > QUIET_AFTER;
    return (!quiet || this.#quietAnalysis.due(at)) && this.#analysis.due(at);
  }

  async #analyse(frame: Frame): Promise<void> {
    const parts = this.#parts;
    const scene = this.#stages.measure("scene", () => parts.scene.observe(frame));
    this.#book.frames.analysed += 1;
    this.#follow(scene, frame);
    if (this.#suspension.active) return;

    const plan = parts.attention.plan(scene);
    const seen = plan === null ? null : await this.#look(frame, plan);
    const closeLook = await this.#count(frame, scene);
    const moved = scene.regions.length > 0;
    if (moved || !scene.settled || scene.lightChanged) this.#lastMotion = scene.at;
    if (plan === null && !moved) this.#book.frames.gated += 1;
    // A look that failed showed nothing.
    const looked = plan === null || seen === null ? [] : plan.looks;
    this.#known = [...(seen ?? []), ...stillThere(this.#known, looked, scene.moving, frame)];
    parts.scene.cover(
      this.#known.filter(({ score }) => score >= COVER_SCORE).map((detection) => detection.box),
    );

    // Between looks, while things move, nothing is known anew: tracks coast. While nothing moves all that was
    // there still is.
    const detections = seen !== null || !moved ? this.#known : null;
    const tracks = this.#stages.measure("track", () => parts.tracker.update(scene.at, detections));
    const glow = glowOnDemand(frame);
    const slots = await this.#lookForRules(frame, scene, tracks);
    const observation: Observation = {
      at: scene.at,
      tracks,
      detections,
      ...closeLook,
      scene,
      glow,
      slots,
      flow: this.#flow.onDemand(scene, frame),
    };
    this.#options.onObservation?.(observation);

    // In the dark nothing is shown, so nothing is drawn either.
    if (this.#job.authority.use === "alert") {
      this.#stages.measure("evidence", () =>
        parts.evidence.observe({
          frame,
          scene,
          detections: seen,
          views: looked.map((look) => look.region),
        }),
      );
    }
    const changes = this.#stages.measure("rules", () =>
      this.#rules.flatMap((rule) => rule.observe(observation)),
    );
    this.#book.measures(this.#rules);
    this.#offerMeasures();
    this.#stills?.follow(scene.at);
    this.#tell(changes);
  }

  #offerMeasures(): void {
    const { onMeasure } = this.#options;
    if (onMeasure === undefined) return;
    for (const rule of this.#rules) {
      const measure = rule.measure();
      if (measure !== null) onMeasure(rule.id, measure);
    }
  }

  /** Enters and leaves suspension. */
  #follow(scene: SceneState, frame: Frame): void {
    const was = this.#suspension.active;
    for (const { kind, detail } of this.#suspension.observe(scene)) {
      this.#book.health({ kind, detail, pts: frame.pts, wallClock: frame.wallClock, code: null });
    }
    if (this.#suspension.active === was) return;
    this.#forgetView();
    if (this.#suspension.active) {
      this.#tell(this.#rules.flatMap((rule) => rule.finish(scene.at, "suspended")));
      this.#parts.evidence.reset();
    }
  }

  async #look(frame: Frame, plan: LookPlan): Promise<readonly Detection[] | null> {
    const views = this.#stages.measure("views", () => this.#views.render(frame, plan.looks));
    const from = performance.now();
    try {
      const answers = await this.#items.during(this.#parts.detector.detect(views, LOWEST_SCORE));
      this.#stages.book("detect", performance.now() - from);
      this.#book.frames.inferred += 1;
      this.#detectorFaults = 0;
      const seen = plan.looks.map(({ region }, i) => ({ region, detections: answers[i] ?? [] }));
      return mergeViews(seen, frame);
    } catch (thrown) {
      this.#detectorFaults += 1;
      if (this.#detectorFaults >= MOST_DETECTOR_FAULTS) throw thrown;
      this.#book.fault("detector_restarted", asCoded(thrown));
      return null;
    }
  }

  /** What rules that count see of this instant: nothing where none may run or no look of theirs is due. */
  async #count(frame: Frame, scene: SceneState): Promise<Pick<Observation, "closeLook">> {
    const { countLooks } = this.#parts;
    if (countLooks === null || !anyCounts(this.#rules)) return {};
    const plan = countLooks.plan(scene);
    const seen = plan === null ? null : await this.#look(frame, plan);
    return seen === null ? {} : { closeLook: seen };
  }

  /** What the networks see that rules name for themselves: around people, as a rule. */
  async #lookForRules(
    frame: Frame,
    scene: SceneState,
    tracks: readonly Track[],
  ): Promise<NonNullable<Observation["slots"]>> {
    const persons = [
      ...tracks.filter((track) => track.confirmed && track.class === "person"),
      ...this.#known.filter((one) => one.class === "person" && one.score >= COVER_SCORE),
    ].map(({ box }) => box);
    const from = performance.now();
    try {
      const slots = await this.#items.during(this.#parts.slots.look(frame, scene, persons));
      if (slots.size > 0) this.#stages.book("detect", performance.now() - from);
      this.#slotFaults = 0;
      return slots;
    } catch (thrown) {
      this.#slotFaults += 1;
      if (this.#slotFaults >= MOST_DETECTOR_FAULTS) throw thrown;
      this.#book.fault("detector_restarted", asCoded(thrown));
      return new Map();
    }
  }

  #health(event: HealthEvent): void {
    this.#book.health(event);
    if (event.kind === "camera_blind") {
      this.#forgetView();
      this.#analysis.reset();
    }
  }

  /** After a gap or a suspension nothing can be said of what stood where. */
  #forgetView(): void {
    this.#known = [];
    this.#parts.tracker.reset();
    this.#parts.attention.reset();
    this.#parts.countLooks?.reset();
    this.#parts.slots.reset();
  }

  #tell(changes: readonly EpisodeChange[]): void {
    const picture = this.#book.lastPicture;
    if (picture !== null) this.#desk.tell(changes, picture);
  }
}
