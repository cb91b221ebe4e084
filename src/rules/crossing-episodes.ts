import { randomUUID } from "node:crypto";
import type { Episode, EpisodeChange } from "../alerts/episode.ts";
import type { EventType } from "../event.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { EpisodeTimes } from "./lasting-condition.ts";
import type { SureCrossing } from "./line-crossings.ts";
import { clipToPicture } from "./view-geometry.ts";

/**
 * Episodes of crossings of one line. Each crossing is an episode of its own, at the part of the line where it
 * happened: two people who cross side by side are two. It is over `clear` after it was raised.
 */
export class CrossingEpisodes {
  readonly #rule: { readonly id: string; readonly event: EventType };
  readonly #lineId: string;
  readonly #life: Seconds;
  readonly #view: Box;
  #open: Episode[] = [];

  constructor(
    rule: { readonly id: string; readonly event: EventType },
    lineId: string,
    times: EpisodeTimes,
    view: Box,
  ) {
    this.#rule = rule;
    this.#lineId = lineId;
    this.#life = Math.min(times.clear, times.longest);
    this.#view = view;
  }

  observe(at: Seconds, crossings: readonly SureCrossing[]): readonly EpisodeChange[] {
    const over = this.#open.filter((e) => at - e.raisedAt >= this.#life);
    this.#open = this.#open.filter((e) => !over.includes(e));
    const opened = crossings.map(
      (crossing): Episode => ({
        id: randomUUID(),
        ruleId: this.#rule.id,
        event: this.#rule.event,
        place: { kind: "line", id: this.#lineId, box: clipToPicture(this.#view, crossing.box) },
        since: crossing.at,
        raisedAt: at,
        endedAt: null,
        count: null,
        densityPerM2: null,
      }),
    );
    this.#open.push(...opened);
    return [
      ...over.map((e) => closed(e, e.raisedAt + this.#life, "cleared")),
      ...opened.map((episode) => ({ kind: "opened" as const, episode })),
    ];
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    const changes = this.#open.map((e) =>
      at - e.raisedAt >= this.#life ? closed(e, e.raisedAt + this.#life, "cleared") : closed(e, at, reason),
    );
    this.#open = [];
    return changes;
  }
}

function closed(
  episode: Episode,
  endedAt: Seconds,
  reason: "cleared" | "stream_ended" | "suspended",
): EpisodeChange {
  return { kind: "closed", episode: { ...episode, endedAt }, reason };
}
