import { describe, expect, it } from "vitest";
import type { EpisodeChange } from "../alerts/episode.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";

const finding: Finding = {
  place: { kind: "zone", id: "z", box: { x: 0, y: 0, width: 10, height: 10 } },
  count: null,
  densityPerM2: null,
};
const TIMES = { after: 1, clear: 2, longest: 30 };

/** Plays stretches [begin, end) in which the condition holds, at a rate, and lists what came of it. */
function play(
  stretches: readonly (readonly [number, number])[],
  { hz = 10, until = 60, times = TIMES }: { hz?: number; until?: number; times?: typeof TIMES } = {},
): readonly EpisodeChange[] {
  const condition = new LastingCondition({ id: "r", event: "zone_intrusion" }, times);
  const changes: EpisodeChange[] = [];
  for (let index = 0; index <= until * hz; index++) {
    const at = index / hz;
    const holds = stretches.some(([begin, end]) => at >= begin - 1e-9 && at < end - 1e-9);
    changes.push(...condition.observe(at, holds ? finding : null));
  }
  return [...changes, ...condition.finish(until, "stream_ended")];
}

function told(changes: readonly EpisodeChange[]): readonly string[] {
  return changes.flatMap((c) => {
    if (c.kind === "opened") return [`opened ${c.episode.raisedAt.toFixed(1)}`];
    return c.kind === "closed" ? [`${c.reason} ${(c.episode.endedAt ?? Number.NaN).toFixed(1)}`] : [];
  });
}

describe("a lasting condition", () => {
  it.each<[string, readonly (readonly [number, number])[], readonly string[]]>([
    ["never holds", [], []],
    ["holds too briefly", [[5, 5.8]], []],
    ["holds for its time", [[5, 8]], ["opened 6.0", "cleared 7.9"]],
    [
      "holds for its time in two parts",
      [
        [5, 5.6],
        [6.6, 7.6],
      ],
      ["opened 7.0", "cleared 7.5"],
    ],
    [
      "flickers for less than its time",
      [
        [5, 5.2],
        [7, 7.2],
        [9, 9.2],
      ],
      [],
    ],
    [
      "is absent for less than the clearing time",
      [
        [5, 8],
        [9.5, 12],
      ],
      ["opened 6.0", "cleared 11.9"],
    ],
    [
      "is absent for longer",
      [
        [5, 8],
        [11, 14],
      ],
      ["opened 6.0", "cleared 7.9", "opened 12.0", "cleared 13.9"],
    ],
    ["outlives its longest life, and stays", [[5, 50]], ["opened 6.0", "longest_life 36.0"]],
    [
      "outlives it, clears, and comes again",
      [
        [5, 40],
        [45, 48],
      ],
      ["opened 6.0", "longest_life 36.0", "opened 46.0", "cleared 47.9"],
    ],
    ["holds at the end", [[55, 100]], ["opened 56.0", "stream_ended 60.0"]],
  ])("that %s", (_, stretches, expected) => {
    expect(told(play(stretches))).toEqual(expected);
  });

  it.each([2, 3, 5, 10, 25, 30])("measures a presence of 1.3 s as longer than 1 s at %d/s", (hz) => {
    for (let offset = 0; offset < 1; offset += 0.13) {
      const found = told(play([[5 + offset, 6.3 + offset]], { hz, until: 12 }));
      expect(found.filter((t) => t.startsWith("opened"))).toHaveLength(hz === 2 ? found.length / 2 : 1);
      if (hz > 2) expect(found).toHaveLength(2);
    }
  });

  it("opens at once where nothing is asked", () => {
    expect(told(play([[5, 6]], { times: { ...TIMES, after: 0 } }))).toEqual(["opened 5.0", "cleared 5.9"]);
  });

  it("takes no credit for time that nobody watched", () => {
    const condition = new LastingCondition({ id: "r", event: "zone_intrusion" }, TIMES);
    expect(condition.observe(0, finding)).toEqual([]);
    expect(condition.observe(10, finding)).toEqual([]);
    expect(condition.observe(10.6, finding)).toEqual([]);
    expect(condition.observe(11.1, finding).map((c) => c.kind)).toEqual(["opened"]);
  });

  it("counts what is known to have held before it could be told", () => {
    const condition = new LastingCondition({ id: "r", event: "zone_intrusion" }, TIMES);
    condition.observe(5, null);
    const [change] = condition.observe(5.1, { ...finding, heldSince: 4 });
    expect(change).toMatchObject({ kind: "opened", episode: { since: 4, raisedAt: 5.1 } });
  });

  it("tells at most once a second that it goes on", () => {
    const updates = play([[5, 15]], { hz: 25, until: 20 }).filter((c) => c.kind === "updated");
    expect(updates.length).toBeGreaterThanOrEqual(8);
    expect(updates.length).toBeLessThanOrEqual(9);
  });
});
