import { ownModel } from "../../config/own-model.ts";
import type { CameraConfig, Config, RuleConfig } from "../../config/schema.ts";
import { EVENT_TYPES, type EventType } from "../../event.ts";
import type { DirectedLine, Point } from "../../geometry/shapes.ts";
import { loadManifest } from "../../models/manifest.ts";
import type { AnalyticAuthorisation } from "../../policy/authorisation.ts";
import { slotsOf } from "../site-sources.ts";

type AuthorisedZone = AnalyticAuthorisation["zones"][number];

/** The events that a configuration's rules watch for, in the decree's order; all eight where it has no rule. */
export function eventsOf(config: Config | null): readonly EventType[] {
  const watched = new Set(config?.cameras.flatMap((camera) => camera.rules.map((rule) => rule.event)) ?? []);
  return watched.size === 0 ? EVENT_TYPES : EVENT_TYPES.filter((event) => watched.has(event));
}

/**
 * One zone for each place that a rule watches, so that nobody copies coordinates: the zone itself, or a band along a
 * line.
 * @param justification what is written where a person gives none of their own for the place
 */
export function zonesOf(
  config: Config,
  justification: (camera: CameraConfig, rule: RuleConfig) => string,
): readonly AuthorisedZone[] {
  const zones = config.cameras.flatMap((camera) =>
    camera.rules.flatMap((rule) => {
      const place = placeOf(camera, rule);
      if (place === null) return [];
      const polygon = place.polygon.map(({ x, y }): [number, number] => [x, y]);
      const { nature } = place;
      return [
        {
          cameraId: camera.id,
          event: rule.event,
          polygon,
          nature,
          justification: justification(camera, rule),
        },
      ];
    }),
  );
  const distinct = new Map(
    zones.map((zone) => [JSON.stringify([zone.cameraId, zone.event, zone.polygon]), zone]),
  );
  return [...distinct.values()];
}

/** Of the network of a name or a manifest's path, or the digits themselves. Nothing is fetched. */
export async function modelSha256(nameOrHash: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(nameOrHash)) return nameOrHash;
  return (await loadManifest(nameOrHash)).onnx.sha256;
}

/**
 * All networks of each event for which a rule names one of its own; what other rules for it do with the camera's
 * detector is among them.
 * @param detector SHA-256 of the detector's network
 */
export async function networksOf(
  config: Config | null,
  detector: string,
): Promise<readonly { readonly event: EventType; readonly sha256: string }[]> {
  if (config === null) return [];
  const rules = config.cameras.flatMap((camera) => camera.rules);
  const own = await slotsOf(config);
  const events = new Set<EventType>(own.map(({ event }) => event));
  const others = rules.filter((rule) => ownModel(rule) === null && events.has(rule.event));
  return [...own, ...others.map(({ event }) => ({ event, sha256: detector }))];
}

interface Place {
  readonly polygon: readonly Point[];
  readonly nature: AuthorisedZone["nature"];
}

function placeOf(camera: CameraConfig, rule: RuleConfig): Place | null {
  const zone = camera.zones.find((candidate) => candidate.id === rule.zone);
  if (zone !== undefined) return { polygon: zone.polygon, nature: zone.nature };
  const line = "line" in rule ? camera.lines.find((candidate) => candidate.id === rule.line) : undefined;
  if (line !== undefined) return { polygon: bandAlong(line), nature: "sensitive" };
  // Whoever watches the whole view needs no zone: the authorisation of the camera is that of its view.
  return null;
}

/** A tenth of the line's length wide on each side and beyond each end, so that the line lies well inside. */
function bandAlong({ from, to }: DirectedLine): readonly Point[] {
  const along = { x: (to.x - from.x) / 10, y: (to.y - from.y) / 10 };
  const corner = (end: Point, forward: 1 | -1, side: 1 | -1): Point => ({
    x: round(end.x + forward * along.x - side * along.y),
    y: round(end.y + forward * along.y + side * along.x),
  });
  return [corner(from, -1, -1), corner(to, 1, -1), corner(to, 1, 1), corner(from, -1, 1)];
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
