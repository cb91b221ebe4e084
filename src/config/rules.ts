import { z } from "zod";
import type { ObjectClass } from "../detectors/detector.ts";
import { EVENT_TYPES, type EventType } from "../event.ts";
import { duration, rate, slug, text } from "./quantities.ts";

/** Which classes a rule may watch: things and animals trigger nothing by themselves. */
export const WATCHED_CLASSES = ["person", "vehicle"] as const satisfies readonly ObjectClass[];
export type WatchedClass = (typeof WATCHED_CLASSES)[number];

/** The sense of a movement as seen in the picture. */
export const DIRECTIONS = ["left", "right", "up", "down"] as const;

/**
 * Fewest persons that may be called a crowd. Below it a density rule would be a detector of gatherings of a
 * few people, which the charter refuses.
 */
export const CROWD_FLOOR = 10;

const HOUR = 3600;

const MANIFEST = "the path of a manifest, such as models/ours.yml";
const WEAPON_MODEL = `${MANIFEST}: weapon needs a model of your own, none comes with Contrechamp`;

function eventKey<E extends EventType>(event: E) {
  return z.literal(event).describe("What is watched for.");
}

function commonKeys(after: string, clear: string, longest: string) {
  return {
    id: slug().describe("Name of the rule, unique within the camera. It stands in alerts and in the report."),
    after: duration(0, HOUR)
      .prefault(after)
      .describe(
        "How long the condition must hold before there is an alert. Longer means fewer false alarms and a later alert.",
      ),
    clear: duration(0.1, HOUR)
      .prefault(clear)
      .describe(
        "How long the condition must be absent before the episode is over. It bridges the moments when a detection is missed, so that one event gives one alert.",
      ),
    longest: duration(1, 24 * HOUR)
      .prefault(longest)
      .describe("Longest life of an episode: it is closed then even where the condition lasts."),
  };
}

const zoneId = slug().describe("Id of the zone it watches.");
const lineId = slug().describe("Id of the line it watches.");
const wholeViewZone = zoneId
  .exactOptional()
  .describe("Id of the zone it watches. Without it the whole view is watched.");

function classes(defaults: readonly WatchedClass[]) {
  return z
    .array(z.enum(WATCHED_CLASSES), { error: "a list of classes, such as [person, vehicle]" })
    .min(1, { error: "at least one class, such as [person]" })
    .refine((list) => new Set(list).size === list.length, { error: "each class once" })
    .meta({ title: `list of ${WATCHED_CLASSES.join(", ")}` })
    .default([...defaults])
    .describe("What may trigger it.");
}

export const zoneIntrusionSchema = z
  .strictObject({
    event: eventKey("zone_intrusion"),
    ...commonKeys("1s", "2s", "10m"),
    zone: zoneId
      .exactOptional()
      .describe("Id of the zone, of nature forbidden or sensitive. Either this or line."),
    line: lineId
      .exactOptional()
      .describe("Id of the line whose crossing, in either sense, is the intrusion. Either this or zone."),
    classes: classes(["person", "vehicle"]),
  })
  .describe(
    "A person or a vehicle is in a zone, or has crossed a line, that is declared forbidden or sensitive.",
  );

export const wrongWaySchema = z
  .strictObject({
    event: eventKey("wrong_way"),
    ...commonKeys("500ms", "2s", "10m"),
    zone: zoneId.exactOptional().describe("Id of a zone that has a direction. Either this or line."),
    line: lineId.exactOptional().describe("Id of the line. Either this or zone."),
    forbidden: z
      .enum(DIRECTIONS)
      .exactOptional()
      .describe("For a line: the sense of movement across it, as seen in the picture, that is forbidden."),
    classes: classes(["person", "vehicle"]),
  })
  .describe(
    "A person or a vehicle moves against the declared direction of a zone, or crosses a line in the forbidden one.",
  );

export const crowdDensitySchema = z
  .strictObject({
    event: eventKey("crowd_density"),
    ...commonKeys("10s", "5s", "1h"),
    zone: wholeViewZone,
    persons: z
      .int({ error: `a whole number of persons from ${CROWD_FLOOR} to 10000` })
      .min(CROWD_FLOOR, {
        error: `a whole number of persons from ${CROWD_FLOOR} to 10000: fewer are no crowd, and gatherings of a few people are not watched`,
      })
      .max(10_000, { error: `a whole number of persons from ${CROWD_FLOOR} to 10000` })
      .default(CROWD_FLOOR)
      .describe(
        `How many persons in the area are too many. With perM2 it is the floor under which no density alerts. At least ${CROWD_FLOOR}: fewer are no crowd.`,
      ),
    perM2: z
      .number({ error: "a number of persons per square metre from 0.1 to 15" })
      .min(0.1, { error: "a number of persons per square metre from 0.1 to 15" })
      .max(15, { error: "a number of persons per square metre from 0.1 to 15" })
      .exactOptional()
      .describe(
        "How many persons per square metre of ground are too many. Needs the camera's calibration. Crowds grow dangerous from about 5.",
      ),
    countFactor: z
      .number({ error: "a number from 0.5 to 2, such as 1.08" })
      .min(0.5, { error: "a number from 0.5 to 2, such as 1.08" })
      .max(2, { error: "a number from 0.5 to 2, such as 1.08" })
      .exactOptional()
      .describe(
        "Persons that were there for each that was counted, found at this camera on pictures counted by hand: the place's own share of hidden people and of things taken for people. Without it 1.",
      ),
  })
  .describe(
    "Too many persons are in an area. It says an area, a count band and a time, never who or which group.",
  );

/** Events whose rule takes a zone and a time alone. */
function plainRule<E extends "abandoned_object" | "person_down" | "crowd_movement">(
  event: E,
  after: string,
  clear: string,
  longest: string,
  description: string,
) {
  return z
    .strictObject({
      event: eventKey(event),
      ...commonKeys(after, clear, longest),
      zone: wholeViewZone,
    })
    .describe(description);
}

/** Of a rule whose network an operator brings: which one, and how much it may look. */
const slotKeys = {
  looksPerSecond: rate(0.2, 30)
    .prefault("4/s")
    .describe(
      "At most how often a second the rule's own network looks, at up to two persons' surroundings and two closer looks each time. Nobody in view: not at all.",
    ),
};

function score(what: string, value: number, description: string) {
  return z
    .number({ error: what })
    .min(0.01, { error: what })
    .max(1, { error: what })
    .default(value)
    .describe(description);
}

export const abandonedObjectSchema = plainRule(
  "abandoned_object",
  "60s",
  "5s",
  "1h",
  "A thing was left behind.",
);
export const personDownSchema = plainRule(
  "person_down",
  "3s",
  "5s",
  "30m",
  "A person lies on the ground after a fall.",
);
export const crowdMovementSchema = plainRule(
  "crowd_movement",
  "1s",
  "5s",
  "10m",
  "A crowd moves suddenly as one: a surge, a dispersal, a counter-wave. It watches the flow of the area, never one runner.",
);
export const fireSchema = z
  .strictObject({
    event: eventKey("fire"),
    ...commonKeys("2s", "5s", "1h"),
    zone: wholeViewZone,
    model: text(MANIFEST)
      .exactOptional()
      .describe(
        "Path of the manifest of a network of your own that finds flames and smoke, relative to this file. With it, it confirms what glows and flickers, and finds smoke by itself. The certificate is then that of this network.",
      ),
    smoke: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe(
        "Tells of smoke without flames too: what rises, spreads and churns over one source for 10 s. Steam does the same and is told of as well.",
      ),
  })
  .describe("Flames, by colour and flicker; where asked for, smoke by the veil that it lays over the view.");
export const weaponSchema = z
  .strictObject({
    event: eventKey("weapon"),
    ...commonKeys("1s", "5s", "10m"),
    zone: wholeViewZone,
    model: text(WEAPON_MODEL).describe(
      "Path of the manifest of a network of your own that finds weapons, relative to this file. None ships: docs/models.md says what it must bring.",
    ),
    candidateScore: score(
      "a score from 0.01 to 1",
      0.3,
      "From this score on what the network sees near a person is looked at again, closer.",
    ),
    confirmScore: score(
      "a score from 0.01 to 1",
      0.5,
      "The score that it must have in the closer looks, again and again, to count.",
    ),
    ...slotKeys,
  })
  .describe(
    "A weapon is shown or used: a network of your own sees one by a person, and again and again when it looks closer. Who holds it is not known here.",
  );

/** One rule: told apart by its event, and each event takes its own keys only. */
export const ruleSchema = z.discriminatedUnion(
  "event",
  [
    zoneIntrusionSchema,
    wrongWaySchema,
    crowdDensitySchema,
    abandonedObjectSchema,
    personDownSchema,
    crowdMovementSchema,
    fireSchema,
    weaponSchema,
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `one of the events ${EVENT_TYPES.join(", ")}`
        : "a rule, such as { id: verge, event: zone_intrusion, zone: verge, after: 1s }",
  },
);
