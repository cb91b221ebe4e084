import type { Context, StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import { name } from "./cedar-text.ts";
import { type WallClock, wallClock } from "./cedar-wall-clock.ts";
import { looksOnlyWithin, seesOnlyWithin } from "./perimeter.ts";
import type { GateQuestion } from "./question.ts";
import type { PolicyWorld } from "./world.ts";

export type CedarRequest = Pick<StatefulAuthorizationCall, "principal" | "action" | "resource" | "context">;

/**
 * A question as a Cedar request: the question itself, what the clock on the wall says, and which declared polygons
 * hold the place.
 * @returns null for a question that no request can be made of: an instant that is none, a place without points
 * @throws RangeError where the world has a time zone that does not exist
 */
export function cedarRequest(question: GateQuestion, world: PolicyWorld): CedarRequest | null {
  const at = datetime(question.at);
  if (at === null || !sayable(question)) return null;
  const newest = world.newest === null ? null : datetime(world.newest);
  if (world.newest !== null && newest === null) throw new RangeError("the newest instant is none");
  const context: Context = {
    at,
    use: question.use,
    event: name(question.event),
    model: name(question.modelSha256),
    footage: question.footage,
    ...(question.recordingSha256 === null ? {} : { recording: name(question.recordingSha256) }),
    ...(newest === null ? {} : { newest }),
    ...wallClockOf(question, world),
    place: question.place.kind,
    zones: zonesThatHold(question, world),
    perimeters: perimetersThatHold(question, world),
  };
  return {
    principal: { type: "Contrechamp::Analytic", id: name(question.analyticId) },
    action: { type: "Contrechamp::Action", id: "present" },
    resource: { type: "Contrechamp::Camera", id: name(question.cameraId) },
    context,
  };
}

/** What Cedar reads as `datetime`: whole milliseconds of the years 0001 to 9999. */
function datetime(at: number): { __extn: { fn: string; arg: string } } | null {
  if (typeof at !== "number" || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return null;
  const arg = new Date(Math.floor(at)).toISOString();
  return /^(?!0000)\d{4}-/.test(arg) ? { __extn: { fn: "datetime", arg } } : null;
}

function sayable({ use, footage, cameraId, ruleId, event, analyticId, modelSha256, ...other }: GateQuestion) {
  const texts = [cameraId, ruleId, event, analyticId, modelSha256, other.recordingSha256 ?? ""];
  if (texts.some((text) => typeof text !== "string")) return false;
  if (!["alert", "shadow"].includes(use) || !["live", "recording", "rendered"].includes(footage))
    return false;
  const { kind, points } = other.place;
  const enough = { zone: 3, line: 2, view: 0 }[kind] <= points.length;
  return enough && points.every(({ x, y }) => Number.isFinite(x + y));
}

/** Without a profile no policy asks for the time of day, and any time zone will do. */
function wallClockOf(question: GateQuestion, world: PolicyWorld): WallClock {
  return wallClock(Math.floor(question.at), world.profile?.profile.timeZone ?? "UTC");
}

function zonesThatHold({ place }: GateQuestion, world: PolicyWorld): string[] {
  return world.authorisations.flatMap(({ document }, index) =>
    document.kind !== "analytic_authorisation"
      ? []
      : document.zones.flatMap(({ polygon }, zone) =>
          looksOnlyWithin(polygon, place) ? [`${index}/${zone}`] : [],
        ),
  );
}

function perimetersThatHold({ cameraId }: GateQuestion, world: PolicyWorld): string[] {
  const sites = world.cameras.filter(({ id }) => id === cameraId);
  return world.authorisations.flatMap(({ document: { perimeter } }, index) => {
    if (perimeter === null || sites.length === 0) return [];
    return sites.every((site) => seesOnlyWithin(perimeter, site) === true) ? [String(index)] : [];
  });
}
