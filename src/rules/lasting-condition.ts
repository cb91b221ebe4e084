import { randomUUID } from "node:crypto";
import type { CountBand, Episode, EpisodeChange, Place } from "../alerts/episode.ts";
import type { EventType } from "../event.ts";
import type { Seconds } from "../time/clock.ts";

/** The times that every rule has: how long it must hold, how long be absent, how long it may last. */
export interface EpisodeTimes {
  readonly after: Seconds;
  readonly clear: Seconds;
  readonly longest: Seconds;
}

/** What a rule found at an instant where its condition holds. */
export interface Finding {
  readonly place: Place;
  readonly count: CountBand | null;
  readonly densityPerM2: number | null;
  /**
   * Since when it is known to have held without a break, where that is earlier than the first observation of
   * it: a track that is confirmed now was there before.
   */
  readonly heldSince?: Seconds;
}

/** Two observations further apart than this say nothing of the time between them. */
const BLIND_AFTER: Seconds = 2;
/** An open episode says at most this often that it changed. */
const UPDATE_EVERY: Seconds = 1;

type State =
  | { readonly kind: "idle" }
  | { kind: "pending"; since: Seconds; lastHeld: Seconds; held: Seconds; finding: Finding }
  | { kind: "open"; episode: Episode; lastHeld: Seconds; lastTold: Seconds }
  /** Closed by its longest life while the condition lasted: the place must clear before it may alert again. */
  | { kind: "spent"; lastHeld: Seconds };

/**
 * Turns a condition that holds, flickers and ceases at one place into episodes: it must have held for `after`
 * in all, absences shorter than `clear` forgiven but not counted; it is over when absent for `clear` or at its
 * longest life, after which the place must clear before the next. Who or what makes the condition hold is
 * never known here, so an episode cannot depend on a track.
 */
export class LastingCondition {
  readonly #rule: { readonly id: string; readonly event: EventType };
  readonly #times: EpisodeTimes;
  #state: State = { kind: "idle" };
  #before: { readonly at: Seconds; readonly held: boolean } | null = null;

  constructor(rule: { readonly id: string; readonly event: EventType }, times: EpisodeTimes) {
    this.#rule = rule;
    this.#times = times;
  }

  /** The condition at `at` (strictly increasing): what was found, or null where it does not hold. */
  observe(at: Seconds, finding: Finding | null): readonly EpisodeChange[] {
    const before = this.#before;
    this.#before = { at, held: finding !== null };
    const changes: EpisodeChange[] = [...this.#expire(at)];
    const step = before !== null && at - before.at <= BLIND_AFTER ? at - before.at : 0;
    // Where it changed since the last observation it changed, as well as one can know, half-way: short presences
    // then measure the same at every rate of observations.
    const gained = before?.held && finding !== null ? step : step / 2;
    if (finding === null) {
      if (this.#state.kind === "pending" && before?.held) {
        this.#state.held += gained;
        changes.push(...this.#raise(at));
      }
      return changes;
    }

    const since = Math.min(at - gained, finding.heldSince ?? at);
    const state = this.#state;
    if (state.kind === "idle") {
      this.#state = { kind: "pending", since, lastHeld: at, held: at - since, finding };
    } else if (state.kind === "pending") {
      state.held = Math.max(state.held + gained, at - since);
      state.since = Math.min(state.since, since);
      state.lastHeld = at;
      state.finding = finding;
    } else {
      state.lastHeld = at;
    }
    changes.push(...this.#raise(at), ...this.#update(at, finding));
    return changes;
  }

  /** Closes what is open. */
  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    const changes = [...this.#expire(at)];
    if (this.#state.kind === "open") changes.push(this.#closed(this.#state.episode, at, reason));
    this.#state = { kind: "idle" };
    this.#before = null;
    return changes;
  }

  /** Whether a human was told of what holds now: an episode is open, or its longest life has closed it. */
  get told(): boolean {
    return this.#state.kind === "open" || this.#state.kind === "spent";
  }

  #raise(at: Seconds): readonly EpisodeChange[] {
    const state = this.#state;
    // A hair of tolerance: sums of differences of floating-point instants fall short of the round figure.
    if (state.kind !== "pending" || state.held < this.#times.after - 1e-6) return [];
    const episode: Episode = {
      id: randomUUID(),
      ruleId: this.#rule.id,
      event: this.#rule.event,
      place: state.finding.place,
      count: state.finding.count,
      densityPerM2: state.finding.densityPerM2,
      since: state.since,
      raisedAt: at,
      endedAt: null,
    };
    this.#state = { kind: "open", episode, lastHeld: state.lastHeld, lastTold: at };
    return [{ kind: "opened", episode }];
  }

  #update(at: Seconds, finding: Finding): readonly EpisodeChange[] {
    const state = this.#state;
    if (state.kind !== "open" || at - state.lastTold < UPDATE_EVERY) return [];
    const { place, count, densityPerM2 } = finding;
    state.episode = { ...state.episode, place, count, densityPerM2 };
    state.lastTold = at;
    return [{ kind: "updated", episode: state.episode }];
  }

  /** Ends what time alone ends before `at` is looked at. */
  #expire(at: Seconds): readonly EpisodeChange[] {
    const state = this.#state;
    const { clear, longest } = this.#times;
    if (state.kind === "idle") return [];
    const clearedBy = state.lastHeld + clear;
    if (state.kind === "open") {
      const end = state.episode.raisedAt + longest;
      if (at >= clearedBy && clearedBy <= end) {
        this.#state = { kind: "idle" };
        return [this.#closed(state.episode, Math.max(state.lastHeld, state.episode.raisedAt), "cleared")];
      }
      if (at < end) return [];
      // It may have cleared between two observations, after its longest life and before `at`.
      this.#state = at >= clearedBy ? { kind: "idle" } : { kind: "spent", lastHeld: state.lastHeld };
      return [this.#closed(state.episode, end, "longest_life")];
    }
    if (at >= clearedBy) this.#state = { kind: "idle" };
    return [];
  }

  #closed(
    episode: Episode,
    endedAt: Seconds,
    reason: "cleared" | "longest_life" | "stream_ended" | "suspended",
  ): EpisodeChange {
    return { kind: "closed", episode: { ...episode, endedAt }, reason };
  }
}
