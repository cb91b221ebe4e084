import type { Measure } from "../../rules/rule.ts";
import type { Seconds } from "../../time/clock.ts";
import type { CountFact } from "../record.ts";
import type { ReferenceCounts } from "../reference.ts";

/** Presentation times are rationals that were rounded to doubles. */
const HAIR: Seconds = 1e-3;

/**
 * What a counting rule said at each instant of a reference: its newest measure then. Before its first measure, and
 * after the clip's end, there is no sample.
 */
export class CountSamples {
  readonly #counts: ReferenceCounts;
  readonly #samples: CountFact["samples"] = [];
  #latest: Measure | null = null;
  #next = 0;

  constructor(counts: ReferenceCounts) {
    this.#counts = counts;
  }

  observe(ruleId: string, measure: Measure): void {
    if (ruleId !== this.#counts.rule) return;
    this.#upTo(measure.at - HAIR);
    this.#latest = measure;
  }

  /** @param end presentation time of the clip's last picture */
  facts(end: Seconds): CountFact {
    this.#upTo(end + HAIR);
    return { rule: this.#counts.rule, samples: this.#samples };
  }

  /** Closes the instants that lie before a newer measure. */
  #upTo(limit: Seconds): void {
    const { everySeconds, values } = this.#counts;
    for (; this.#next < values.length && this.#next * everySeconds < limit; this.#next += 1) {
      const reference = values[this.#next];
      if (this.#latest === null || reference === undefined) continue;
      const at = this.#next * everySeconds;
      this.#samples.push({ at, reference, measured: this.#latest.count.best });
    }
  }
}
