import type { EpisodeChange } from "../alerts/episode.ts";
import type { LineConfig, WrongWayConfig, ZoneIntrusionConfig } from "../config/schema.ts";
import type { Side } from "../geometry/line.ts";
import type { Seconds } from "../time/clock.ts";
import { CrossingEpisodes } from "./crossing-episodes.ts";
import { LineCrossings } from "./line-crossings.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { type ViewGeometry, wholeView } from "./view-geometry.ts";

/**
 * Somebody or something crosses a declared line: in either sense (an intrusion), or in the forbidden one
 * (wrong way). `after` is how long it must then be seen on the new side.
 */
export class LineRule implements Rule {
  readonly event: "zone_intrusion" | "wrong_way";
  readonly id: string;
  readonly #config: ZoneIntrusionConfig | WrongWayConfig;
  readonly #towards: Side | null;
  readonly #view: ViewGeometry;
  readonly #line: LineConfig;
  readonly #episodes: CrossingEpisodes;
  #crossings: LineCrossings;

  /** @param towards the side that must not be reached, null where neither may */
  constructor(
    config: ZoneIntrusionConfig | WrongWayConfig,
    line: LineConfig,
    towards: Side | null,
    view: ViewGeometry,
  ) {
    this.event = config.event;
    this.id = config.id;
    this.#config = config;
    this.#towards = towards;
    this.#view = view;
    this.#line = line;
    this.#episodes = new CrossingEpisodes(this, line.id, config, wholeView(view));
    this.#crossings = this.#watch();
  }

  observe({ at, tracks }: Observation): readonly EpisodeChange[] {
    const watched = tracks.filter((t) => this.#config.classes.some((cls) => cls === t.class));
    const crossings = this.#crossings
      .observe(at, watched)
      .filter((c) => this.#towards === null || c.towards === this.#towards);
    return this.#episodes.observe(at, crossings);
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#crossings = this.#watch();
    return this.#episodes.finish(at, reason);
  }

  #watch(): LineCrossings {
    return new LineCrossings({ line: this.#line, picture: this.#view, hold: this.#config.after });
  }
}
