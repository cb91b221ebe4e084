import { describe, expect, it } from "vitest";
import { observationsOf, VIEW, type Walker, walker } from "../../test/support/walkers.ts";
import type { EpisodeChange } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import type { Box } from "../geometry/shapes.ts";
import { AbandonedObject } from "./abandoned-object.ts";
import type { Observation } from "./rule.ts";

const SECONDS = 40;
const COMES = walker({ from: { x: 60, y: 400 }, to: { x: 300, y: 400 }, takes: 6, height: 200 });
const GOES = walker({ from: { x: 300, y: 400 }, to: { x: 620, y: 300 }, begin: 6, takes: 3, height: 200 });
const bag = (begin: number, stays: number, height = 140, x = 360): Walker =>
  walker({ class: "luggage", from: { x, y: 400 }, to: { x, y: 400 }, begin, takes: 1, stays, height });

function rule() {
  return new AbandonedObject({ event: "abandoned_object", id: "r", after: 3, clear: 2, longest: 600 }, null, {
    ...VIEW,
    zones: [],
    lines: [],
    homography: null,
  });
}

function play(observations: readonly Observation[]): readonly EpisodeChange[] {
  const one = rule();
  const changes = observations.flatMap((o) => one.observe(o));
  return [...changes, ...one.finish(observations.at(-1)?.at ?? 0, "stream_ended")];
}

const told = (walkers: readonly Walker[]) =>
  play(observationsOf(walkers, 5, SECONDS)).filter((change) => change.kind !== "updated");

describe("AbandonedObject", () => {
  it("tells of a thing once, that long after its owner has gone", () => {
    const [opened, closed, ...rest] = told([COMES, GOES, bag(3, 60)]);
    expect(opened?.kind).toBe("opened");
    expect(opened?.episode.since).toBeGreaterThan(5);
    expect(opened?.episode.since).toBeLessThan(10);
    expect(opened?.episode.place.box.x).toBeGreaterThan(300);
    expect(closed).toMatchObject({ kind: "closed", reason: "stream_ended" });
    expect(rest).toEqual([]);
  });

  it("closes when the thing is taken away", () => {
    const [, closed] = told([COMES, GOES, bag(3, 20)]);
    expect(closed).toMatchObject({ kind: "closed", reason: "cleared" });
    expect(closed?.episode.endedAt).toBeGreaterThan(22);
    expect(closed?.episode.endedAt).toBeLessThan(28);
  });

  it("closes when somebody comes back and stays with it, and tells again when he leaves", () => {
    const back = walker({
      from: { x: 620, y: 300 },
      to: { x: 300, y: 400 },
      begin: 16,
      takes: 3,
      stays: 6,
      height: 200,
    });
    const off = walker({ from: { x: 300, y: 400 }, to: { x: 20, y: 420 }, begin: 25, takes: 3, height: 200 });
    const kinds = told([COMES, GOES, bag(3, 60, 140, 400), back, off]).map((change) => change.kind);
    expect(kinds).toEqual(["opened", "closed", "opened", "closed"]);
  });

  it.each<[string, readonly Walker[]]>([
    ["its owner stays", [{ ...COMES, stays: 60 }, bag(3, 60)]],
    ["nobody brought it", [bag(12, 60)]],
    ["nobody has gone away from it: whoever came lies there", [COMES, bag(6, 60, 140, 300)]],
    ["it is larger than what people carry", [COMES, GOES, bag(3, 60, 190)]],
    ["it is a scrap of paper", [COMES, GOES, bag(3, 60, 30)]],
    ["it is taken along", [COMES, GOES, bag(3, 4)]],
  ])("says nothing where %s", (_, walkers) => {
    expect(told(walkers)).toEqual([]);
  });

  describe("where a companion leaves, and the detector loses the owner who stood there", () => {
    const companion = [
      walker({ from: { x: 620, y: 430 }, to: { x: 470, y: 400 }, takes: 4, stays: 5, height: 200 }),
      walker({ from: { x: 470, y: 400 }, to: { x: 620, y: 300 }, begin: 9.2, takes: 2, height: 200 }),
    ];
    const lost = (stays: number) =>
      observationsOf([{ ...COMES, stays }, ...companion, bag(3, 60, 140, 385)], 5, SECONDS).map((o) => {
        const isOwner = ({ x, width }: Box) => o.at > 8 && Math.abs(x + width / 2 - 300) < 1;
        return {
          ...o,
          tracks: o.tracks.filter(({ box }) => !isOwner(box)),
          detections: (o.detections ?? []).filter(({ box }) => !isOwner(box)),
        };
      });
    const opened = (observations: readonly Observation[]) =>
      play(observations).filter((change) => change.kind === "opened");

    it("says nothing for as long as the place behind him is hidden", () => {
      expect(opened(lost(60))).toEqual([]);
    });

    it("tells of the thing when the place is seen where he stood", () => {
      const [first, ...rest] = opened(lost(14));
      expect(first?.episode.since).toBeGreaterThan(19);
      expect(rest).toEqual([]);
    });
  });

  it("says nothing of furniture that was carried nearer, where it covers more of the picture", () => {
    const chair = { class: "luggage", from: { x: 220, y: 200 }, to: { x: 220, y: 200 } } as const;
    const passer = walker({
      from: { x: 20, y: 200 },
      to: { x: 170, y: 200 },
      begin: 1,
      takes: 6,
      height: 100,
    });
    const comes = { ...COMES, begin: 2 };
    const walkers = (stood: number) => [
      walker({ ...chair, takes: 8, height: stood }),
      passer,
      comes,
      { ...GOES, begin: 10 },
      bag(9, 60),
    ];
    const seen = (stood: number) => {
      const all = observationsOf(walkers(stood), 5, SECONDS);
      const place = all[0]?.scene.picture;
      return all.map((o) => ({ ...o, scene: { ...o.scene, background: place ?? o.scene.picture } }));
    };
    expect(play(seen(70))).toEqual([]);
    // What went was another thing, of the size in the picture: the one that came is nearer, and smaller.
    expect(play(seen(140)).map((change) => change.kind)).toContain("opened");
  });

  it("takes for a thing what the detector rather takes for luggage than for somebody", () => {
    const doubted = (luggage: number) =>
      observationsOf([COMES, GOES, bag(3, 60)], 5, SECONDS).map((o) => ({
        ...o,
        detections: (o.detections ?? []).flatMap((d): Detection[] =>
          d.class === "luggage"
            ? [
                { ...d, score: luggage },
                { ...d, class: "person", score: 0.3 },
              ]
            : [d],
        ),
      }));
    expect(play(doubted(0.4)).map((change) => change.kind)).toContain("opened");
    expect(play(doubted(0.2))).toEqual([]);
  });

  it("says nothing of what was there from the first picture and goes", () => {
    // The place was learnt with a thing before it; the picture shows what is left when it has gone.
    const walkers = [COMES, GOES, bag(0, 60)];
    const swapped = observationsOf(walkers, 5, SECONDS).map((o, _, all) => {
      const first = all[0]?.scene.picture ?? o.scene.picture;
      const gone = o.at < 5 ? o.scene.picture : o.scene.background;
      return { ...o, scene: { ...o.scene, background: first, picture: gone } };
    });
    expect(play(swapped)).toEqual([]);
  });

  it("says nothing where a lamp lights up a part of the view", () => {
    const lit = observationsOf([COMES, GOES], 5, SECONDS).map((o) => {
      const data = o.scene.picture.data.map((value, i) => (o.at > 4 && i % 80 > 50 ? value + 40 : value));
      return { ...o, scene: { ...o.scene, picture: { ...o.scene.picture, data } } };
    });
    expect(play(lit)).toEqual([]);
  });

  it("says nothing of a patch through which the place is seen again for a moment: light creeps, a thing does not", () => {
    const creeping = observationsOf([COMES, GOES, bag(3, 60)], 5, SECONDS).map((o) => {
      const { picture, background } = o.scene;
      const through = (i: number) => o.at > 7 && o.at < 8.7 && ((i % 80) * VIEW.width) / 80 >= 364;
      const data = picture.data.map((value, i) => (through(i) ? (background.data[i] ?? 0) : value));
      return { ...o, scene: { ...o.scene, picture: { ...picture, data } } };
    });
    expect(play(creeping)).toEqual([]);
  });

  it("forgets everything where the camera was suspended", () => {
    const one = rule();
    const observations = observationsOf([COMES, GOES, bag(3, 60)], 5, SECONDS);
    const half = observations.filter((o) => o.at < 20);
    expect(half.flatMap((o) => one.observe(o)).filter((c) => c.kind === "opened")).toHaveLength(1);
    expect(one.finish(20, "suspended").map((c) => c.kind)).toEqual(["closed"]);
    const rest = observations
      .filter((o) => o.at > 30)
      .map((o) => ({ ...o, scene: { ...o.scene, background: o.scene.picture } }));
    expect(rest.flatMap((o) => one.observe(o))).toEqual([]);
  });
});
