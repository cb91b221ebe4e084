import type { Episode } from "../alerts/episode.ts";
import type { CameraConfig } from "../config/schema.ts";
import { type EvidenceGrounds, groundsOf } from "../evidence/grounds.ts";
import type { SlotHashes } from "../models/slot-models.ts";
import { createSecondOpinion } from "../policy/cedar.ts";
import { mayAlert } from "../policy/gate.ts";
import type { SecondOpinion } from "../policy/gate-opinion.ts";
import { type Authorised, Gate, type Incident } from "../policy/mint.ts";
import type { Decision, FootageKind, GateQuestion, Use } from "../policy/question.ts";
import { nextChange } from "../policy/standing.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { Clock, UtcMilliseconds } from "../time/clock.ts";
import { cameraQuestions, type QuestionContext, ruleQuestion } from "./questions.ts";

/** On what authority a camera's process works. Plain data. */
export interface JobAuthority {
  readonly world: PolicyWorld;
  readonly use: Use;
  readonly footage: FootageKind;
  /** Of the recording; null for a stream. */
  readonly recordingSha256: string | null;
  /**
   * Which instant the gate is asked about. `now`: that of the analysis. `picture`: that at which a recording was
   * taken, as when a lawful period is replayed; a stream's is now all the same.
   */
  readonly instant: "now" | "picture";
}

export interface PermissionOptions {
  readonly authority: JobAuthority;
  readonly camera: CameraConfig;
  /** Of the camera's detector. */
  readonly modelSha256: string;
  /** Of the networks that rules name for themselves; none where missing. */
  readonly slots?: SlotHashes;
  readonly clock: Clock;
  /** The two evaluators did not agree, or one of them failed. */
  readonly onIncident: (incident: Incident) => void;
  /** The second evaluator of a world: by default Cedar. */
  readonly secondOpinion?: (world: PolicyWorld) => SecondOpinion;
}

/** Clocks that are looked at for an opening: weeks of daily windows, and years of what strikes seldom. */
const MOST_STRIKES = 100;

/**
 * What one camera may do at each instant. The answer is asked for anew whenever the world is another one, when a
 * clock in it strikes, and when time goes back; between two of these it cannot change.
 */
export class Permission {
  readonly #options: PermissionOptions;
  readonly #gate: Gate;
  readonly #secondOpinion: (world: PolicyWorld) => SecondOpinion;
  #context: QuestionContext;
  #world: PolicyWorld;
  #decisions: readonly Decision[] = [];
  #permitted: ReadonlySet<string> = new Set();
  /** The answers hold from `#from`, inclusive, to `#until`, exclusive. */
  #from: UtcMilliseconds = Number.POSITIVE_INFINITY;
  #until: UtcMilliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: PermissionOptions) {
    const { authority, modelSha256, slots } = options;
    this.#options = options;
    this.#world = authority.world;
    this.#secondOpinion = options.secondOpinion ?? createSecondOpinion;
    this.#gate = new Gate(authority.world, this.#secondOpinion(authority.world), {
      onIncident: options.onIncident,
    });
    this.#context = {
      use: authority.use,
      footage: authority.footage,
      recordingSha256: authority.recordingSha256,
      modelSha256,
      ...(slots === undefined ? {} : { slots }),
    };
  }

  /** The latest answers, one a rule. */
  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  replaceWorld(world: PolicyWorld): void {
    this.#world = world;
    this.#gate.replaceWorld(world, this.#secondOpinion(world));
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The recording is no longer the one that was named: no authorisation lists what nobody has named. */
  forgetRecording(): void {
    this.#context = { ...this.#context, recordingSha256: null };
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /**
   * @param picture the instant of the picture at hand
   * @returns whether the answers were asked for anew
   */
  refresh(picture: UtcMilliseconds): boolean {
    const at = this.#instant(picture);
    if (at >= this.#from && at < this.#until) return false;
    let world: PolicyWorld;
    do {
      // Whoever is told of an incident may replace the world by one with a hold: then none of the answers counts.
      world = this.#world;
      this.#decisions = cameraQuestions(this.#options.camera, this.#context, at).map((question) =>
        this.#gate.ask(question),
      );
    } while (world !== this.#world);
    this.#permitted = new Set(this.#decisions.filter(({ allow }) => allow).map(({ ruleId }) => ruleId));
    this.#from = at;
    this.#until = nextChange(this.#world, at) ?? Number.POSITIVE_INFINITY;
    return true;
  }

  /** Whether anything at all may be analysed. */
  get any(): boolean {
    return this.#permitted.size > 0;
  }

  /**
   * The next instant at which something will be permitted if nothing but time changes, as when a daily window opens;
   * null where time alone changes nothing.
   */
  opensAfter(at: UtcMilliseconds): UtcMilliseconds | null {
    let next = nextChange(this.#world, at);
    for (let strikes = 0; next !== null && strikes < MOST_STRIKES; strikes += 1) {
      const instant = next;
      const questions = cameraQuestions(this.#options.camera, this.#context, instant);
      if (questions.some((question) => mayAlert(question, this.#world).allow)) return instant;
      next = nextChange(this.#world, instant);
    }
    return null;
  }

  permits(ruleId: string): boolean {
    return this.#permitted.has(ruleId);
  }

  /** Asks for one episode, at the instant of its picture. */
  authorise(
    episode: Episode,
    picture: UtcMilliseconds,
  ): { readonly decision: Decision; readonly authorised: Authorised<Episode> | null } | null {
    const question = this.#question(episode.ruleId, this.#instant(picture));
    return question === null ? null : this.#gate.authorise(episode, question);
  }

  /** The same episode, later: what was authorised to begin may be told to have ended. */
  carry(authorised: Authorised<Episode>, next: Episode): Authorised<Episode> {
    return this.#gate.carry(authorised, next);
  }

  /**
   * On what grounds evidence of what was let through is kept, and until when: counted from now, when it is made, also
   * where a recording is replayed. Null without a profile.
   */
  grounds(decision: Decision): EvidenceGrounds | null {
    const { profile, authorisations } = this.#world;
    if (profile === null) return null;
    const found = authorisations.find(({ document }) => document.id === decision.authorisationId)?.document;
    const analytic = found?.kind === "analytic_authorisation" ? found : null;
    return groundsOf(decision, profile.profile, analytic, this.#options.clock.now());
  }

  #question(ruleId: string, at: UtcMilliseconds): GateQuestion | null {
    const rule = this.#options.camera.rules.find(({ id }) => id === ruleId);
    return rule === undefined ? null : ruleQuestion(this.#options.camera, rule, this.#context, at);
  }

  #instant(picture: UtcMilliseconds): UtcMilliseconds {
    const { authority, clock } = this.#options;
    return authority.instant === "picture" && authority.footage !== "live" ? picture : clock.now();
  }
}
