import { EXIT, entry } from "./entry.ts";

/** Configuration files. */
export const CONFIGURATION_ERRORS = {
  CONFIG_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `The configuration ${p.file} cannot be read: ${p.reason}`,
    () => "Check the path and that you may read the file. examples/watch.yml is a commented example.",
  ),
  CONFIG_TOO_LARGE: entry<{ file: string; bytes: number; limit: number }>(
    EXIT.config,
    (p) => `The configuration ${p.file} has ${p.bytes} bytes; at most ${p.limit} are read`,
    () => "Make sure that it is a configuration and not a recording. Split a large site into several files.",
  ),
  CONFIG_INVALID: entry<{ file: string; count: number; list: string }>(
    EXIT.config,
    (p) => `${p.file} has ${p.count} ${p.count === 1 ? "problem" : "problems"}:\n${p.list}`,
    () =>
      "Mend them and run `contrechamp check --config FILE`. docs/reference/configuration.md lists every key.",
  ),
  CONFIG_SYNTAX: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: not valid YAML: ${p.what}`,
    () => "Indent with spaces, write a space after each colon, and quote texts that hold : or #.",
  ),
  CONFIG_DUPLICATE_KEY: entry<{ at: string; key: string }>(
    EXIT.config,
    (p) => `${p.at}: the key ${p.key} stands twice in the same place`,
    () => "Keep one of them: which one should count cannot be guessed.",
  ),
  CONFIG_ALIASES: entry<{ at: string; limit: number }>(
    EXIT.config,
    (p) => `${p.at}: the aliases (*name) of the file expand to more than ${p.limit} values`,
    () => "Write the repeated parts out, or split the file.",
  ),
  CONFIG_UNKNOWN_KEY: entry<{ at: string; key: string; hint: string; allowed: string }>(
    EXIT.config,
    (p) => `${p.at}: unknown key ${p.key}${p.hint}; allowed here: ${p.allowed}`,
    () => "Correct the name or remove the key. docs/reference/configuration.md lists every key.",
  ),
  CONFIG_MISSING_KEY: entry<{ at: string; key: string; expected: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.key} is missing, expected ${p.expected}`,
    () => "Add the key. docs/reference/configuration.md says what it means.",
  ),
  CONFIG_VALUE: entry<{ at: string; found: string; expected: string }>(
    EXIT.config,
    (p) => `${p.at}: found ${p.found}, expected ${p.expected}`,
    () => "Correct the value. docs/reference/configuration.md says what each key takes.",
  ),
  CONFIG_DUPLICATE_ID: entry<{ at: string; what: string; id: string; first: string }>(
    EXIT.config,
    (p) => `${p.at}: the ${p.what} ${p.id} already exists (${p.first})`,
    () => "Give each its own id: alerts are told apart by it.",
  ),
  CONFIG_UNKNOWN_PLACE: entry<{ at: string; what: string; id: string; known: string }>(
    EXIT.config,
    (p) => `${p.at}: there is no ${p.what} ${p.id} in this camera; there is ${p.known}`,
    () => "Correct the id, or declare the zone or line under zones or lines of the same camera.",
  ),
  CONFIG_PLACE_TWICE: entry<{ at: string; rule: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} names both a zone and a line`,
    () => "Keep one of them, or write two rules.",
  ),
  CONFIG_PLACE_MISSING: entry<{ at: string; rule: string; event: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} (${p.event}) names neither a zone nor a line`,
    () => "This event is watched at declared places only: add zone or line.",
  ),
  CONFIG_ZONE_NATURE: entry<{ at: string; rule: string; zone: string; nature: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: the rule ${p.rule} watches for intrusion in the zone ${p.zone}, which is declared ${p.nature}`,
    () => "Declare the zone forbidden or sensitive, if it lawfully is, or remove the rule.",
  ),
  CONFIG_DIRECTION_MISSING: entry<{ at: string; rule: string; zone: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: the rule ${p.rule} needs the direction of travel of the zone ${p.zone}, which declares none`,
    () => "Add direction to the zone: left, right, up, down, or an arrow { from: [x, y], to: [x, y] }.",
  ),
  CONFIG_FORBIDDEN: entry<{ at: string; rule: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} ${p.what}`,
    () => "A line takes forbidden (left, right, up or down); a zone has its own direction instead.",
  ),
  CONFIG_ACROSS_LINE: entry<{ at: string; rule: string; line: string; forbidden: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: nothing can cross the line ${p.line} towards ${p.forbidden}, along which it runs (rule ${p.rule})`,
    () =>
      "A line that runs left to right is crossed up or down, one that runs up and down is crossed left or right.",
  ),
  CONFIG_NOT_CALIBRATED: entry<{ at: string; rule: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} counts persons per square metre, and the camera has no calibration`,
    () => "Add calibration with at least 4 points of the ground, or use persons alone.",
  ),
  CONFIG_CALIBRATION: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "Take at least 4 points of the ground that are far apart, no three in a line, and measure them again.",
  ),
  CALIBRATION_DEGENERATE: entry<{ what: string }>(
    EXIT.config,
    (p) => `The calibration does not fix the ground: ${p.what}`,
    () =>
      "Take at least 4 points of the ground that are far apart, no three in a line, and measure them again.",
  ),
  CONFIG_POLYGON: entry<{ at: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: the polygon ${p.what}`,
    () => "List the corners in order around the area, each once.",
  ),
  CONFIG_LINE_EMPTY: entry<{ at: string; line: string }>(
    EXIT.config,
    (p) => `${p.at}: the line ${p.line} begins and ends at the same point`,
    () => "Give it two different ends.",
  ),
  CONFIG_OUTSIDE_PICTURE: entry<{ at: string; what: string; width: number; height: number }>(
    EXIT.config,
    (p) => `${p.at}: ${p.what} lies outside the picture of ${p.width}x${p.height} px`,
    () => "Read the coordinates off a frame of this very stream: its size may have changed.",
  ),
  CONFIG_PICTURE_SIZE: entry<{ at: string; declared: string; found: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: coordinates were read off a picture of ${p.declared} px, and the stream has ${p.found} px`,
    () => "Set the camera back to that size, or draw zones, lines and calibration anew and change picture.",
  ),
  CONFIG_LINE_CANNOT_FIRE: entry<{ at: string; line: string; why: string }>(
    EXIT.config,
    (p) => `${p.at}: the line ${p.line} can never be crossed: ${p.why}`,
    () => "Move it to where people or vehicles pass with both its sides in view.",
  ),
  CONFIG_PASSWORD_WRITTEN: entry<{ at: string }>(
    EXIT.config,
    (p) => `${p.at}: a user name or password stands in the file itself`,
    () => `Take it from the environment instead: \${CAMERA_USER}:\${CAMERA_PASSWORD} before the @.`,
  ),
  CONFIG_VARIABLE_MISSING: entry<{ name: string; source: string }>(
    EXIT.config,
    (p) => `The environment variable ${p.name} is not set, and the address ${p.source} needs it`,
    () => "Set it for the process that runs Contrechamp, for instance in the service's environment file.",
  ),
} as const;
