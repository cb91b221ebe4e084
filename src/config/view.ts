import { CodedError, fault } from "../errors.ts";
import { Homography } from "../geometry/homography.ts";
import { lineCanFire, sideTowards } from "../geometry/line.ts";
import { clipToBox, polygonArea, polygonFault } from "../geometry/polygon.ts";
import type { Polygon } from "../geometry/shapes.ts";
import { type Finding, hint, type KeyPath } from "./diagnostics.ts";
import type { CameraView, RuleConfig } from "./schema.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What a schema cannot see of a view: whether its parts refer to each other rightly, and whether its geometry
 * makes sense. Also used for the cameras of audit suites.
 * @param base the path of the view within its file
 */
export function checkView(view: CameraView, base: KeyPath = []): readonly Finding[] {
  return [
    ...duplicates(view.zones, "zone", [...base, "zones"]),
    ...duplicates(view.lines, "line", [...base, "lines"]),
    ...duplicates(view.rules, "rule", [...base, "rules"]),
    ...view.masks.flatMap((mask, index) => checkPolygon(mask, [...base, "masks", index])),
    ...view.zones.flatMap((zone, index) => checkZone(zone, [...base, "zones", index])),
    ...view.lines.flatMap((line, index) =>
      samePoint(line.from, line.to)
        ? [error([...base, "lines", index], (at) => fault("CONFIG_LINE_EMPTY", { at, line: line.id }))]
        : [],
    ),
    ...checkCalibration(view, [...base, "calibration"]),
    ...view.rules.flatMap((rule, index) => checkRule(rule, view, [...base, "rules", index])),
    ...(view.picture === undefined ? [] : checkPicture(view, view.picture, base)),
  ];
}

/**
 * Whether a view fits a picture of a given size: nothing declared outside it, every line can be crossed in
 * view. All are warnings, except a size other than the one that the view declares.
 */
export function checkPicture(view: CameraView, size: PictureSize, base: KeyPath = []): readonly Finding[] {
  const findings: Finding[] = [];
  const { picture } = view;
  if (picture !== undefined && (picture.width !== size.width || picture.height !== size.height)) {
    findings.push(
      error([...base, "picture"], (at) =>
        fault("CONFIG_PICTURE_SIZE", {
          at,
          declared: `${picture.width}x${picture.height}`,
          found: `${size.width}x${size.height}`,
        }),
      ),
    );
  }
  const outside = (polygon: Polygon, what: string, path: KeyPath) => {
    if (clipToBox(polygon, { x: 0, y: 0, ...size }).length > 0) return;
    findings.push(warning(path, (at) => fault("CONFIG_OUTSIDE_PICTURE", { at, what, ...size })));
  };
  for (const [index, mask] of view.masks.entries()) outside(mask, "the mask", [...base, "masks", index]);
  for (const [index, zone] of view.zones.entries()) {
    outside(zone.polygon, `the zone ${zone.id}`, [...base, "zones", index]);
  }
  for (const [index, line] of view.lines.entries()) {
    const check = lineCanFire(line, size, view.masks);
    // A line without length is an error of its own.
    if (check.canFire || check.why === "no_length") continue;
    const why = WHY_NOT[check.why];
    findings.push(
      warning([...base, "lines", index], (at) =>
        fault("CONFIG_LINE_CANNOT_FIRE", { at, line: line.id, why }),
      ),
    );
  }
  return findings;
}

const WHY_NOT = {
  outside_picture: "it lies outside the picture",
  along_the_border: "it runs so near to the picture's border that one of its sides is out of view",
  masked: "it lies under a mask",
} as const;

type At = (at: string) => CodedError;

function error(path: KeyPath, make: At): Finding {
  return { severity: "error", path, fault: make };
}

function warning(path: KeyPath, make: At): Finding {
  return { severity: "warning", path, fault: make };
}

/** Says of each id that stood before where it stood first. */
export function duplicates(
  items: readonly { readonly id: string }[],
  what: string,
  path: KeyPath,
): readonly Finding[] {
  const first = new Map<string, number>();
  return items.flatMap((item, index) => {
    const before = first.get(item.id);
    if (before === undefined) {
      first.set(item.id, index);
      return [];
    }
    return [
      error([...path, index, "id"], (at) =>
        fault("CONFIG_DUPLICATE_ID", { at, what, id: item.id, first: `${path.at(-1)}[${before}]` }),
      ),
    ];
  });
}

function checkZone(zone: CameraView["zones"][number], path: KeyPath): readonly Finding[] {
  const findings = [...checkPolygon(zone.polygon, [...path, "polygon"])];
  if (typeof zone.direction === "object" && samePoint(zone.direction.from, zone.direction.to)) {
    findings.push(
      error([...path, "direction"], (at) =>
        fault("CONFIG_VALUE", {
          at,
          found: "an arrow that begins and ends at the same point",
          expected: "an arrow between two different points",
        }),
      ),
    );
  }
  return findings;
}

function checkPolygon(polygon: Polygon, path: KeyPath): readonly Finding[] {
  const broken = polygonFault(polygon);
  const what =
    polygonArea(polygon) < 1 && broken?.kind !== "crossing_sides" ? "has no area" : describe(broken);
  return what === null ? [] : [error(path, (at) => fault("CONFIG_POLYGON", { at, what }))];
}

function describe(broken: ReturnType<typeof polygonFault>): string | null {
  if (broken === null) return null;
  const corner = (index: number) => index + 1;
  if (broken.kind === "repeated_corner") {
    const [a, b] = broken.corners;
    return `has the same corner twice, as number ${corner(a)} and number ${corner(b)}`;
  }
  const [a, b, c, d] = broken.corners;
  return `crosses itself: the side from corner ${corner(a)} to ${corner(b)} meets the one from ${corner(c)} to ${corner(d)}`;
}

function checkCalibration(view: CameraView, path: KeyPath): readonly Finding[] {
  if (view.calibration.length === 0) return [];
  const ground = groundOf(view);
  if (!(ground instanceof Homography)) {
    return [error(path, (at) => fault("CONFIG_CALIBRATION", { at, what: ground.message }))];
  }
  if (ground.residualMetres <= view.calibrationTolerance) return [];
  const what =
    `The calibration misses its points by ${ground.residualMetres.toFixed(2)} m (root mean square), ` +
    `and calibrationTolerance allows ${view.calibrationTolerance} m`;
  return [error(path, (at) => fault("CONFIG_CALIBRATION", { at, what }))];
}

/** The ground as calibrated, or why it cannot be. */
function groundOf(view: CameraView): Homography | CodedError {
  try {
    return new Homography(view.calibration);
  } catch (thrown) {
    if (thrown instanceof CodedError) return thrown;
    throw thrown;
  }
}

function checkRule(rule: RuleConfig, view: CameraView, path: KeyPath): readonly Finding[] {
  const findings: Finding[] = [];
  const line = "line" in rule ? rule.line : undefined;
  const zone = view.zones.find((candidate) => candidate.id === rule.zone);

  if (rule.zone !== undefined && zone === undefined) {
    findings.push(unknownPlace("zone", rule.zone, view.zones, [...path, "zone"]));
  }
  if (line !== undefined && !view.lines.some((candidate) => candidate.id === line)) {
    findings.push(unknownPlace("line", line, view.lines, [...path, "line"]));
  }
  if (rule.zone !== undefined && line !== undefined) {
    findings.push(error(path, (at) => fault("CONFIG_PLACE_TWICE", { at, rule: rule.id })));
    return findings;
  }
  switch (rule.event) {
    case "zone_intrusion":
      findings.push(...placeMissing(rule, path));
      if (zone?.nature === "counting") {
        const { id, nature } = zone;
        findings.push(
          error([...path, "zone"], (at) =>
            fault("CONFIG_ZONE_NATURE", { at, rule: rule.id, zone: id, nature }),
          ),
        );
      }
      break;
    case "wrong_way":
      findings.push(...placeMissing(rule, path), ...checkWrongWay(rule, view, path));
      break;
    case "crowd_density":
      findings.push(...checkDensity(rule, view, path));
      break;
  }
  return findings;
}

function checkWrongWay(
  rule: RuleConfig & { event: "wrong_way" },
  view: CameraView,
  path: KeyPath,
): readonly Finding[] {
  const zone = view.zones.find((candidate) => candidate.id === rule.zone);
  const line = view.lines.find((candidate) => candidate.id === rule.line);
  const { forbidden } = rule;
  if (zone !== undefined && zone.direction === undefined) {
    return [
      error([...path, "zone"], (at) =>
        fault("CONFIG_DIRECTION_MISSING", { at, rule: rule.id, zone: zone.id }),
      ),
    ];
  }
  if (rule.zone !== undefined && forbidden !== undefined) {
    const what = "watches a zone and names a forbidden direction";
    return [error([...path, "forbidden"], (at) => fault("CONFIG_FORBIDDEN", { at, rule: rule.id, what }))];
  }
  if (rule.line !== undefined && forbidden === undefined) {
    const what = "watches a line and does not say which direction across it is forbidden";
    return [error(path, (at) => fault("CONFIG_FORBIDDEN", { at, rule: rule.id, what }))];
  }
  if (line !== undefined && forbidden !== undefined && !samePoint(line.from, line.to)) {
    if (sideTowards(line, forbidden) === null) {
      return [
        error([...path, "forbidden"], (at) =>
          fault("CONFIG_ACROSS_LINE", { at, rule: rule.id, line: line.id, forbidden }),
        ),
      ];
    }
  }
  return [];
}

function checkDensity(
  rule: RuleConfig & { event: "crowd_density" },
  view: CameraView,
  path: KeyPath,
): readonly Finding[] {
  if (rule.perM2 === undefined) return [];
  if (view.calibration.length === 0) {
    return [error([...path, "perM2"], (at) => fault("CONFIG_NOT_CALIBRATED", { at, rule: rule.id }))];
  }
  const ground = groundOf(view);
  const zone = view.zones.find((candidate) => candidate.id === rule.zone);
  const area = zone?.polygon ?? (rule.zone === undefined ? wholePicture(view) : null);
  // A calibration that cannot be used is reported by itself.
  if (area === null || !(ground instanceof Homography) || ground.groundArea(area) !== null) return [];
  const where = zone === undefined ? "The whole view" : `The zone ${zone.id}`;
  const what = `${where} reaches beyond the horizon of the calibration, so that it has no area on the ground`;
  return [error([...path, "perM2"], (at) => fault("CONFIG_CALIBRATION", { at, what }))];
}

/** The picture as a polygon; null where its size is not declared. */
function wholePicture({ picture }: CameraView): Polygon | null {
  if (picture === undefined) return null;
  const { width, height } = picture;
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}

function placeMissing(
  rule: RuleConfig & { event: "zone_intrusion" | "wrong_way" },
  path: KeyPath,
): readonly Finding[] {
  if (rule.zone !== undefined || rule.line !== undefined) return [];
  return [error(path, (at) => fault("CONFIG_PLACE_MISSING", { at, rule: rule.id, event: rule.event }))];
}

function unknownPlace(
  what: "zone" | "line",
  id: string,
  known: readonly { readonly id: string }[],
  path: KeyPath,
): Finding {
  const ids = known.map((item) => item.id);
  const list = ids.length === 0 ? "none" : ids.join(", ") + hint(id, ids);
  return error(path, (at) => fault("CONFIG_UNKNOWN_PLACE", { at, what, id, known: list }));
}

function samePoint(a: { x: number; y: number }, b: { x: number; y: number }): boolean {
  return a.x === b.x && a.y === b.y;
}
