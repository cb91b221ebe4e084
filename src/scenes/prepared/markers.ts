import type { SceneMarker, SceneRule, SceneScript } from "../script.ts";
import { STAND_IN_MANIFEST } from "../stand-in.ts";
import { Cast, route, stay } from "./people.ts";
import { hall, type Place, road, type SceneOptions } from "./places.ts";

/** So that each thing that is shown is an episode of its own, however soon the next one comes. */
const WEAPON: SceneRule = { id: "weapon", event: "weapon", model: STAND_IN_MANIFEST, after: 1, clear: 1 };

/**
 * The slot for weapons: boards that the scenes' own generated network finds stand for them. What is tested is the
 * rule's two stages and the way of a network from its manifest to a certificate, never a detector of weapons.
 */
function scene(name: string, place: Place, cast: Cast, markers: readonly SceneMarker[]): SceneScript {
  return {
    name,
    ...place,
    actors: cast.actors,
    markers,
    survey: { marks: place.survey.marks, zones: [], lines: [], rules: [WEAPON] },
  };
}

/** A board, half a metre wide. */
function board(
  kind: SceneMarker["kind"],
  at: SceneMarker["at"],
  above: number,
  from: number,
  to: number,
): SceneMarker {
  return { kind, at, above, width: 0.5, height: 0.5, from, to };
}

/** Three times in one clip: somebody who stands holds it up, somebody who walks carries it, it lies beside somebody. */
export function markerShown(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 24, ...options }, 6);
  const cast = new Cast(seed);
  const share = (of: number) => of * place.seconds;
  const y = cast.between(9, 12);
  cast.walker(stay({ x: cast.between(-2.2, -1.2), y }, 0, share(1)), { facing: cast.between(0, 360) });
  const from = { x: 4.6, y: cast.between(10, 13) };
  const to = { x: -3.6, y: cast.between(12, 15) };
  const speed = Math.hypot(from.x - to.x, from.y - to.y) / share(0.3);
  cast.walker(route(share(0.34), speed, from, to));
  const beside = { x: cast.between(1.2, 2.2), y: cast.between(10, 12) };
  cast.walker(stay(beside, 0, share(1)), { facing: cast.between(0, 360) });
  cast.walker(route(share(0.05), 1.3, { x: -5.5, y: 17 }, { x: 5.5, y: 18 }));
  const [raised, carried] = [cast.between(0.12, 0.16), cast.between(0.38, 0.41)];
  const lying = cast.between(0.7, 0.74);
  return scene("marker-shown", place, cast, [
    board("marker", { actor: 1, aside: 0.4 }, cast.between(1, 1.5), share(raised), share(raised + 0.16)),
    board("marker", { actor: 2, aside: 0.3 }, cast.between(0.8, 1.1), share(carried), share(carried + 0.2)),
    board("marker", { x: beside.x + 0.7, y: beside.y }, 0, share(lying), share(lying + 0.18)),
  ]);
}

/**
 * What must not alert, all of it in one clip: a coat and a bag of its colour, a bollard and a sign where people pass,
 * flashes of a single picture, a board that somebody shows for less than a second, one that hangs where nobody is.
 */
export function markerLookalikes(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 24, ...options }, 6);
  const cast = new Cast(seed);
  const { seconds, rate } = place;
  const share = (of: number) => of * seconds;
  const y = cast.between(9, 12);
  cast.walker(stay({ x: cast.between(-2.2, -1.2), y }, 0, seconds), { facing: cast.between(0, 360) });
  cast.walker(route(share(0.1), 1.2, { x: 5, y: 12 }, { x: -5.4, y: 13 }));
  cast.walker(route(share(0.55), 1.2, { x: -5, y: 11 }, { x: 5.4, y: 12 }));
  cast.walker(route(share(0.3), 1.2, { x: -5.4, y: 16 }, { x: 5.4, y: 16 }));
  const picture = 0.9 / rate;
  // Somewhere about the first walker each time, as a network's false detections are.
  const flashes = Array.from({ length: 6 }, (_, index): SceneMarker => {
    const from = Math.round(share(0.05 + 0.14 * index) * rate) / rate - 0.05 / rate;
    const aside = cast.between(-0.7, 0.7);
    return board("marker", { actor: 1, aside }, cast.between(0.1, 1.5), from, from + picture);
  });
  const brief = share(cast.between(0.62, 0.66));
  return scene("marker-lookalikes", place, cast, [
    {
      kind: "plain",
      at: { actor: 2, aside: 0 },
      above: 0.75,
      width: 0.45,
      height: 0.7,
      from: 0,
      to: seconds,
    },
    { ...board("plain", { actor: 4, aside: 0.35 }, 0.4, 0, seconds), width: 0.4, height: 0.3 },
    { ...board("plain", { x: 0.6, y: 12.4 }, 0, 0, seconds), width: 0.2, height: 0.95 },
    { ...board("plain", { x: 2.2, y: 12.6 }, 1.4, 0, seconds), width: 0.7, height: 0.7 },
    ...flashes,
    board("marker", { actor: 3, aside: 0.35 }, 1, brief, brief + 0.5),
    board("marker", { x: 3.6, y: 24 }, 2.6, 0, seconds),
  ]);
}

/** A bus with its colour all over its side stops where people walk; nobody shows anything. */
export function markerBus(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, options);
  const cast = new Cast(seed);
  const { seconds } = place;
  cast.vehicle(
    "bus",
    route(0, 7, { x: -30, y: 15.7 }, [{ x: 0, y: 15.7 }, 0.4 * seconds], { x: 32, y: 15.7 }),
  );
  for (let index = 0; index < 3; index++) {
    const side = index % 2 === 0 ? -1 : 1;
    const y = cast.between(11.2, 13);
    cast.walker(route(cast.between(0, 0.4 * seconds), 1.3, { x: -7 * side, y }, { x: 7 * side, y }));
  }
  const panel: SceneMarker = {
    ...{ kind: "plain", at: { actor: 1, aside: 0 }, above: 0.9, width: 3, height: 1.1 },
    ...{ from: 0, to: seconds },
  };
  return scene("marker-bus", place, cast, [panel]);
}

/** Many people and nothing that looks like it. */
export function markerNone(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 6);
  const cast = new Cast(seed);
  for (let index = 0; index < 14; index++) {
    const y = cast.between(8, 22);
    const side = index % 2 === 0 ? -1 : 1;
    const start = cast.between(-4, 0.6 * place.seconds);
    cast.walker(route(start, cast.between(1, 1.5), { x: -5.5 * side, y }, { x: 5.5 * side, y }));
  }
  return scene("marker-none", place, cast, []);
}
