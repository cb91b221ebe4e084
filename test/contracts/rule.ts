import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Episode, EpisodeChange } from "../../src/alerts/episode.ts";
import { intersectionOverUnion } from "../../src/geometry/shapes.ts";
import type { Observation, Rule } from "../../src/rules/rule.ts";
import { anyWalkers, mirrored, observationsOf, VIEW, type Walker } from "../support/walkers.ts";

/** What a rule's test has to bring. The view is 640 x 480. */
export interface RuleCase {
  /**
   * Makes the rule: `after` at most 2 s, `clear` 2 s.
   * @param options.mirrored for the same view seen in a mirror: places and directions flipped left to right
   * @param options.longest the longest life of an episode, seconds
   */
  readonly make: (options: { readonly mirrored: boolean; readonly longest: number }) => Rule;
  /** Walkers who clearly do, within 20 s, what the rule watches for: so many episodes. */
  readonly does: { readonly walkers: readonly Walker[]; readonly episodes: number };
  /** Walkers who clearly do not. */
  readonly doesNot: readonly Walker[];
  /** Several episodes may be open at one declared place, each at its own part of it (crossings of a line). */
  readonly severalAtOnce?: boolean;
  /** What the rule sees of walkers, where tracks and foreground are not what it watches. Default: `observationsOf`. */
  readonly observed?: (walkers: readonly Walker[], hz: number, seconds: number) => readonly Observation[];
  /** Observations a second at which it must find the same, where it needs more than 2. */
  readonly rates?: readonly number[];
  /** Where it looks at what it watches less often than it is asked: every so many seconds. Default: each time. */
  readonly looksEvery?: number;
}

const SECONDS = 20;
const LONG = 600;

/** What every rule must hold to, whatever its event. */
export function ruleContract(name: string, ruleCase: RuleCase): void {
  const observed = ruleCase.observed ?? observationsOf;
  const raised = (rule: Rule, walkers: readonly Walker[], hz: number) =>
    openedOf(rule, observed(walkers, hz, SECONDS));
  const make = (longest = LONG, mirror = false) => ruleCase.make({ mirrored: mirror, longest });

  describe(`${name} keeps the contract of a rule`, () => {
    it("opens once, updates only what is open, closes once, and leaves nothing open", () => {
      fc.assert(
        fc.property(anyWalkers(8), fc.constantFrom(2, 5, 12), fc.boolean(), (walkers, hz, suspend) => {
          const reason = suspend ? "suspended" : "stream_ended";
          const changes = play(make(), observed(walkers, hz, SECONDS), reason);
          const open = new Map<string, Episode>();
          const closed = new Set<string>();
          for (const change of changes) {
            const { episode } = change;
            expect(closed.has(episode.id)).toBe(false);
            expect(open.has(episode.id)).toBe(change.kind !== "opened");
            checkEpisode(episode);
            if (change.kind === "closed") {
              open.delete(episode.id);
              closed.add(episode.id);
              expect(episode.endedAt).toBeGreaterThanOrEqual(episode.raisedAt);
            } else {
              expect(episode.endedAt).toBeNull();
              for (const other of open.values()) {
                if (other.id === episode.id) continue;
                expect(ruleCase.severalAtOnce, "a second episode at one place").toBe(true);
                expect(intersectionOverUnion(other.place.box, episode.place.box)).toBeLessThan(0.999);
              }
              open.set(episode.id, episode);
            }
          }
          expect(open.size).toBe(0);
        }),
        { numRuns: 20 },
      );
    });

    it("finds what it watches for, and nothing where it does not happen", () => {
      expect(raised(make(), ruleCase.does.walkers, 10)).toHaveLength(ruleCase.does.episodes);
      expect(raised(make(), ruleCase.doesNot, 10)).toHaveLength(0);
      expect(raised(make(), [], 10)).toHaveLength(0);
    });

    it("finds the same at 2 to 30 observations a second", () => {
      const reference = raised(make(), ruleCase.does.walkers, 10);
      for (const hz of ruleCase.rates ?? [2, 3.3, 5, 12, 25, 30]) {
        const found = raised(make(), ruleCase.does.walkers, hz);
        expect(found.length, `${hz}/s`).toBe(reference.length);
        for (const [index, episode] of found.entries()) {
          const other = reference[index];
          // What changes between two observations is known to within their distance.
          const slack = 1 / hz + 0.2 + (ruleCase.looksEvery ?? 0);
          expect(Math.abs(episode.since - (other?.since ?? Number.NaN)), `${hz}/s`).toBeLessThanOrEqual(
            slack,
          );
          expect(Math.abs(episode.raisedAt - (other?.raisedAt ?? Number.NaN)), `${hz}/s`).toBeLessThanOrEqual(
            2 * slack,
          );
        }
      }
    });

    it("gives the same for the same input, whatever the tracks are called", () => {
      fc.assert(
        fc.property(anyWalkers(6), (walkers) => {
          // Two streams of one scene differ in their random ids alone; the second comes in another order.
          const first = play(make(), observed(walkers, 5, SECONDS));
          const second = play(make(), observed(walkers, 5, SECONDS).map(reordered));
          expect(second.map(nameless)).toEqual(first.map(nameless));
        }),
        { numRuns: 20 },
      );
    });

    it("gives the mirror image for the mirrored scene", () => {
      fc.assert(
        fc.property(anyWalkers(6), (walkers) => {
          const straight = play(make(), observed(walkers, 5, SECONDS));
          const flipped = play(make(LONG, true), observed(mirrored(walkers), 5, SECONDS));
          expect(flipped.map(timeOnly).toSorted()).toEqual(straight.map(timeOnly).toSorted());
        }),
        { numRuns: 20 },
      );
    });

    it("lets no episode outlive its longest life, and none follow before the place was clear", () => {
      const longest = 4;
      fc.assert(
        fc.property(anyWalkers(8), (walkers) => {
          for (const change of play(make(longest), observed(walkers, 5, SECONDS))) {
            const { raisedAt, endedAt } = change.episode;
            if (endedAt !== null) expect(endedAt - raisedAt).toBeLessThanOrEqual(longest + 1e-6);
          }
        }),
        { numRuns: 20 },
      );
      const lasting = ruleCase.does.walkers.map((w) => ({ ...w, stays: w.stays === 0 ? 0 : 60 }));
      const kinds = play(make(longest), observed(lasting, 5, 40)).filter((c) => c.kind === "opened");
      expect(kinds).toHaveLength(ruleCase.does.episodes);
    });

    it("survives gaps in the stream", () => {
      fc.assert(
        fc.property(
          anyWalkers(6),
          fc.nat({ max: 99 }),
          fc.integer({ min: 1, max: 900 }),
          (walkers, cut, gap) => {
            const observations = observed(walkers, 5, SECONDS).map((o, index) =>
              index < cut ? o : { ...o, at: o.at + gap, scene: { ...o.scene, at: o.at + gap } },
            );
            const changes = play(make(), observations);
            const count = (kind: EpisodeChange["kind"]) => changes.filter((c) => c.kind === kind).length;
            expect(count("closed")).toBe(count("opened"));
          },
        ),
        { numRuns: 20 },
      );
    });
  });
}

function play(
  rule: Rule,
  observations: readonly Observation[],
  reason: "stream_ended" | "suspended" = "stream_ended",
): readonly EpisodeChange[] {
  const changes = observations.flatMap((o) => rule.observe(o));
  return [...changes, ...rule.finish(observations.at(-1)?.at ?? 0, reason)];
}

function openedOf(rule: Rule, observations: readonly Observation[]): readonly Episode[] {
  return play(rule, observations).flatMap((c) => (c.kind === "opened" ? [c.episode] : []));
}

function checkEpisode({ place, since, raisedAt, count }: Episode): void {
  expect(since).toBeGreaterThanOrEqual(0);
  expect(raisedAt).toBeGreaterThanOrEqual(since);
  const { x, y, width, height } = place.box;
  for (const value of [x, y, width, height]) expect(Number.isFinite(value)).toBe(true);
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(VIEW.width);
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThanOrEqual(VIEW.height);
  if (count !== null) {
    expect(count.low).toBeLessThanOrEqual(count.best);
    expect(count.best).toBeLessThanOrEqual(count.high);
  }
}

function reordered(observation: Observation): Observation {
  return { ...observation, tracks: observation.tracks.toReversed() };
}

/** Without its random name, and with sums rounded: they are not the same to the last bit in another order. */
function nameless(change: EpisodeChange): unknown {
  const text = JSON.stringify({ ...change, episode: { ...change.episode, id: "" } }, (_, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(6)) : value,
  );
  return JSON.parse(text);
}

function timeOnly(change: EpisodeChange): string {
  const { since, raisedAt, endedAt } = change.episode;
  return [change.kind, ...[since, raisedAt, endedAt ?? -1].map((t) => t.toFixed(3))].join(" ");
}
