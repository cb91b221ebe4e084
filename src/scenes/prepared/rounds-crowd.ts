import type { GroundPoint, SceneScript, SceneZone } from "../script.ts";
import { Cast, stay } from "./people.ts";
import { hall, rectangle, type SceneOptions } from "./places.ts";

/** Too many from here on; who stays in each half all the time, and who goes to and fro. */
const LIMIT = 13;
const RESIDENTS = 5;
const MOVERS = 12;
/** How long the movers stay where they are, and how long they take to get there. */
const STAY = 5.5;
const WALK = 3;

type Round = "left" | "right" | "split" | "behind";
/** Eight of twelve on the left makes nine of thirteen there: no crowd. */
const SPLIT = { left: 4, right: 4 } as const;
const ROUNDS: readonly Round[] = ["left", "split", "right", "behind"];

function half(id: string, side: number): SceneZone {
  const [low, high] = side < 0 ? [-7, -0.2] : [0.2, 7];
  return { id, nature: "counting", corners: rectangle(low ?? 0, 7.6, high ?? 0, 18.5) };
}

/**
 * A hall in two halves, each with its limit. A dozen people gather in one half, then in the other; in between they
 * spread over both, or stand close behind both: neither half is too full then, though the hall holds as many.
 */
export function hallRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 70, ...options }, 8);
  const cast = new Cast(seed);
  for (const side of [-1, 1]) {
    for (let index = 0; index < RESIDENTS; index++) {
      const spot = spread(cast, side, index, RESIDENTS, 8.6, 17.5, 0.15);
      cast.walker(stay(spot, 0, place.seconds), { facing: cast.between(0, 360) });
    }
  }
  for (let index = 0; index < MOVERS; index++) {
    const path: { x: number; y: number; at: number }[] = [];
    let at = 0;
    for (let round = 0; at < place.seconds; round++) {
      const spot = standOf(cast, ROUNDS[round % ROUNDS.length] ?? "behind", index);
      const late = cast.between(0, 0.6);
      path.push({ ...spot, at: at + (round === 0 ? 0 : late) }, { ...spot, at: at + STAY + late });
      at += STAY + WALK;
    }
    cast.walker(path, { facing: cast.between(0, 360) });
  }
  return {
    name: "hall-rounds",
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [half("left", -1), half("right", 1)],
      lines: [],
      rules: ["left", "right"].map((zone) => ({
        id: zone,
        event: "crowd_density",
        zone,
        persons: LIMIT,
        after: 2,
        clear: 2,
      })),
    },
  };
}

/** Where one of the movers stands in a round. */
function standOf(cast: Cast, round: Round, index: number): GroundPoint {
  if (round === "behind") return behind(cast, index);
  if (round === "left") return spread(cast, -1, index, MOVERS, 9.2, 17.8, 0.5);
  if (round === "right") return spread(cast, 1, index, MOVERS, 9.2, 17.8, 0.5);
  if (index < SPLIT.left) return spread(cast, -1, index, SPLIT.left, 9.2, 17.8, 0.5);
  if (index < SPLIT.left + SPLIT.right)
    return spread(cast, 1, index - SPLIT.left, SPLIT.right, 9.2, 17.8, 0.5);
  return behind(cast, index);
}

function behind(cast: Cast, index: number): GroundPoint {
  return { x: -6 + (12 * (index + 0.5)) / MOVERS + cast.between(-0.3, 0.3), y: cast.between(19.4, 22) };
}

/** Spots over the part of a half that the camera sees, wider where it sees more. */
function spread(
  cast: Cast,
  side: number,
  index: number,
  count: number,
  near: number,
  far: number,
  phase: number,
): GroundPoint {
  const y = near + ((far - near) * (index + 0.5)) / count + cast.between(-0.2, 0.2);
  const share = 0.12 + 0.8 * ((index * 0.618 + phase) % 1);
  return { x: side * Math.max(0.6, 0.46 * y * share), y };
}
