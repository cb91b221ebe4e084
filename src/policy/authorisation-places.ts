import type { Finding } from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import { contains, polygonFault } from "../geometry/polygon.ts";
import type { Point } from "../geometry/shapes.ts";
import type { AnalyticAuthorisation, Perimeter } from "./authorisation.ts";
import { wrong } from "./document-checks.ts";

/** No perimeter of a person comes near it, and a ring's check grows with the square of its corners. */
export const MOST_CORNERS = 2000;

/**
 * What keeps a perimeter from being areas of the ground: a ring that does not close or crosses itself, a hole that
 * lies outside.
 */
export function checkPerimeter(perimeter: Perimeter | null): readonly Finding[] {
  if (perimeter === null) return [];
  const say = (path: readonly (string | number)[], what: string) =>
    wrong(["perimeter", "coordinates", ...path], (at) => fault("AUTHORISATION_PERIMETER", { at, what }));
  const polygons =
    perimeter.type === "Polygon"
      ? [{ rings: perimeter.coordinates, path: [] }]
      : perimeter.coordinates.map((rings, index) => ({ rings, path: [index] }));
  const count = polygons.flatMap(({ rings }) => rings).reduce((sum, ring) => sum + ring.length, 0);
  if (count > MOST_CORNERS) {
    return [say([], `the perimeter has ${count} corners, and at most ${MOST_CORNERS} are read`)];
  }
  return polygons.flatMap(({ rings, path }) => {
    const faults = rings.flatMap((ring, index) => {
      const what = ringFault(ring);
      return what === null ? [] : [say([...path, index], what)];
    });
    if (faults.length > 0) return faults;
    const [outside, ...holes] = rings.map(corners);
    return holes.flatMap((hole, index) =>
      outside !== undefined && hole.every((point) => contains(outside, point))
        ? []
        : [say([...path, index + 1], "the ring is a hole, and does not lie inside the first ring")],
    );
  });
}

/** Zones of cameras and events that the authorisation does not list, or that are no areas. */
export function checkZones(a: AnalyticAuthorisation): readonly Finding[] {
  return a.zones.flatMap((zone, index) => {
    const say = (key: string, what: string) =>
      wrong(["zones", index, key], (at) => fault("AUTHORISATION_ZONE", { at, what }));
    const findings: Finding[] = [];
    if (!a.cameras.includes(zone.cameraId)) {
      findings.push(say("cameraId", `the zone is of the camera ${zone.cameraId}, which is not listed`));
    }
    if (!a.events.includes(zone.event)) {
      findings.push(say("event", `the zone is for ${zone.event}, which is not listed`));
    }
    if (zone.event === "zone_intrusion" && zone.nature === "counting") {
      findings.push(
        say("nature", "intrusion is into a forbidden or sensitive zone, and this one is for counting"),
      );
    }
    const found = polygonFault(zone.polygon.map(([x, y]) => ({ x, y })));
    if (found !== null) findings.push(say("polygon", `the zone ${shape(found.kind)}`));
    return findings;
  });
}

type Ring = Extract<Perimeter, { type: "Polygon" }>["coordinates"][number];

function ringFault(ring: Ring): string | null {
  const [first, last] = [ring.at(0), ring.at(-1)];
  if (first === undefined || last === undefined || first[0] !== last[0] || first[1] !== last[1]) {
    return "the ring does not close: its last position is not its first";
  }
  const found = polygonFault(corners(ring));
  return found === null ? null : `the ring ${shape(found.kind)}`;
}

function shape(kind: "repeated_corner" | "crossing_sides"): string {
  return kind === "repeated_corner" ? "has one corner twice" : "crosses itself";
}

/** The corners of a closed ring, each once. */
function corners(ring: Ring): readonly Point[] {
  return ring.slice(0, -1).map(([x, y]) => ({ x, y }));
}
