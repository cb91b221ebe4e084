import { expect, test } from "vitest";
import { CodedError } from "../errors.ts";
import { parseConfig } from "./load.ts";

const HEAD = "schema: contrechamp/config@1\n";
const camera = (keys: string) => `${HEAD}cameras:\n  - { id: gate, source: clip.mp4, ${keys} }\n`;
const engine = (keys: string) => `${camera("transport: tcp")}engine: { ${keys} }\n`;

/** What is wrong, the text, and what is said of it, line by line. */
const CASES: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  ["an empty file", "", ["site.yml:1:1: found nothing, expected a mapping of keys to values"]],
  [
    "a list instead of a mapping",
    "- a\n- b\n",
    ["site.yml:1:1: found the list [a, b], expected a mapping of keys to values"],
  ],
  [
    "broken YAML",
    `${HEAD}cameras: [\n`,
    [
      "site.yml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  [
    "a tab for indentation",
    `${HEAD}cameras:\n\t- id: gate\n`,
    ["site.yml:3:1: not valid YAML: Tabs are not allowed as indentation"],
  ],
  [
    "a key that stands twice",
    `${HEAD}site: A\nsite: B\ncameras: [{ id: gate, source: clip.mp4 }]\n`,
    ["site.yml:3:1: the key site stands twice in the same place"],
  ],
  [
    "an alias of nothing",
    camera(`rules: *common`),
    ["site.yml:3:42: not valid YAML: no anchor &common stands before the alias"],
  ],
  [
    "an alias within itself",
    `${HEAD}cameras: &all [*all]\n`,
    ["site.yml:2:16: not valid YAML: the alias *all stands within itself"],
  ],
  [
    "a merge key",
    `${HEAD}cameras:\n  - &first { id: gate, source: a.mp4 }\n  - { <<: *first, id: yard, source: b.mp4 }\n`,
    [
      "site.yml:4:7 cameras[1].<<: unknown key << (merge keys are not supported: an alias stands for a whole value); allowed here: id, source, transport, startedAt, background, location, fieldOfView, picture, calibration, calibrationTolerance, masks, zones, lines, rules",
    ],
  ],
  ["a tag", camera(`transport: !best tcp`), ["site.yml:3:46: not valid YAML: Unresolved tag: !best"]],
  [
    "two documents",
    `${HEAD}---\n${HEAD}`,
    ["site.yml:2:1: not valid YAML: a second document begins here, and one is read"],
  ],
  [
    "another version of YAML",
    `%YAML 1.1\n---\n${HEAD}`,
    ["site.yml:1:1: not valid YAML: the file asks for another version of YAML than 1.2"],
  ],
  [
    "another format",
    "schema: contrechamp/suite@1\ncameras: [{ id: gate, source: clip.mp4 }]\n",
    ['site.yml:1:1 schema: found "contrechamp/suite@1", expected contrechamp/config@1'],
  ],
  [
    "no format and no camera",
    "site: A\n",
    [
      "site.yml:1:1: cameras is missing, expected a list of cameras",
      "site.yml:1:1: schema is missing, expected contrechamp/config@1",
    ],
  ],
  [
    "no camera in the list",
    `${HEAD}cameras: []\n`,
    ["site.yml:2:1 cameras: found an empty list, expected at least one camera"],
  ],
  [
    "a misspelt key at the top",
    `${HEAD}camera: []\ncameras: [{ id: gate, source: clip.mp4 }]\n`,
    [
      "site.yml:2:1 camera: unknown key camera (did you mean cameras?); allowed here: schema, site, cameras, authority, engine, evidence, output",
    ],
  ],
  [
    "a misspelt key of a camera",
    camera(`zone: []`),
    [
      "site.yml:3:35 cameras[0].zone: unknown key zone (did you mean zones?); allowed here: id, source, transport, startedAt, background, location, fieldOfView, picture, calibration, calibrationTolerance, masks, zones, lines, rules",
    ],
  ],
  [
    "a camera without source",
    `${HEAD}cameras: [{ id: gate }]\n`,
    [
      "site.yml:2:11 cameras[0]: source is missing, expected an address or a path, such as rtsp://camera.example/stream or clip.mp4",
    ],
  ],
  [
    "a name with a space",
    `${HEAD}cameras: [{ id: North gate, source: clip.mp4 }]\n`,
    [
      'site.yml:2:13 cameras[0].id: found "North gate", expected a short name of lower-case letters, digits and single hyphens, such as north-gate',
    ],
  ],
  [
    "two cameras of one name",
    `${HEAD}cameras:\n  - { id: gate, source: a.mp4 }\n  - { id: gate, source: b.mp4 }\n`,
    ["site.yml:4:7 cameras[1].id: the camera gate already exists (cameras[0])"],
  ],
  [
    "an unknown transport",
    camera(`transport: sctp`),
    ['site.yml:3:35 cameras[0].transport: found "sctp", expected one of tcp, udp'],
  ],
  [
    "an instant without offset",
    camera(`startedAt: 2026-03-01T14:30:00`),
    [
      'site.yml:3:35 cameras[0].startedAt: found "2026-03-01T14:30:00", expected an instant with its offset, such as 2026-03-01T14:30:00Z or 2026-03-01T15:30:00+01:00',
    ],
  ],
  [
    "a picture of no size",
    camera(`picture: [0, 576]`),
    ["site.yml:3:45 cameras[0].picture[0]: found 0, expected a width from 16 to 16384 px"],
  ],
  [
    "a duration without unit",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, after: 5 }]",
    ),
    [
      "site.yml:3:164 cameras[0].rules[0].after: found 5, expected a duration with its unit, such as 500ms, 1s, 2m, 1h (5 has no unit: write 5s if you mean that)",
    ],
  ],
  [
    "a duration with an unknown unit",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, after: 5 frames }]",
    ),
    [
      'site.yml:3:164 cameras[0].rules[0].after: found "5 frames", expected a duration with its unit, such as 500ms, 1s, 2m, 1h',
    ],
  ],
  [
    "a duration out of range",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, after: 2h }]",
    ),
    ['site.yml:3:164 cameras[0].rules[0].after: found "2h", expected a duration from 0s to 1h'],
  ],
  [
    "an unknown event",
    camera("rules: [{ id: r, event: loitering }]"),
    [
      'site.yml:3:52 cameras[0].rules[0].event: found "loitering", expected one of the events abandoned_object, weapon, wrong_way, zone_intrusion, person_down, crowd_movement, crowd_density, fire',
    ],
  ],
  [
    "a rule without event",
    camera("rules: [{ id: r, after: 5s }]"),
    [
      "site.yml:3:43 cameras[0].rules[0]: event is missing, expected one of the events abandoned_object, weapon, wrong_way, zone_intrusion, person_down, crowd_movement, crowd_density, fire",
    ],
  ],
  [
    "a rule that is only a word",
    camera("rules: [zone_intrusion]"),
    [
      'site.yml:3:43 cameras[0].rules[0]: found "zone_intrusion", expected a rule, such as { id: verge, event: zone_intrusion, zone: verge, after: 1s }',
    ],
  ],
  [
    "a key of another event",
    camera("lines: [{ id: door, from: [5, 0], to: [5, 9] }], rules: [{ id: r, event: fire, line: door }]"),
    [
      "site.yml:3:114 cameras[0].rules[0].line: unknown key line; allowed here: event, id, after, clear, longest, zone, model, smoke",
    ],
  ],
  [
    "a weapon without a model",
    camera("rules: [{ id: r, event: weapon }]"),
    [
      "site.yml:3:43 cameras[0].rules[0]: model is missing, expected the path of a manifest, such as models/ours.yml: weapon needs a model of your own, none comes with Contrechamp",
    ],
  ],
  [
    "a score that is none",
    camera("rules: [{ id: r, event: weapon, model: m.yml, confirmScore: 50 }]"),
    ["site.yml:3:81 cameras[0].rules[0].confirmScore: found 50, expected a score from 0.01 to 1"],
  ],
  [
    "an unknown zone",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawns }]",
    ),
    [
      "site.yml:3:152 cameras[0].rules[0].zone: there is no zone lawns in this camera; there is lawn (did you mean lawn?)",
    ],
  ],
  [
    "an unknown line where there is none",
    camera("rules: [{ id: r, event: wrong_way, line: door, forbidden: left }]"),
    ["site.yml:3:70 cameras[0].rules[0].line: there is no line door in this camera; there is none"],
  ],
  [
    "a rule with a zone and a line",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], lines: [{ id: door, from: [5, 0], to: [5, 9] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, line: door }]",
    ),
    ["site.yml:3:169 cameras[0].rules[0]: the rule r names both a zone and a line"],
  ],
  [
    "an intrusion nowhere",
    camera("rules: [{ id: r, event: zone_intrusion }]"),
    ["site.yml:3:43 cameras[0].rules[0]: the rule r (zone_intrusion) names neither a zone nor a line"],
  ],
  [
    "an intrusion into a counting zone",
    camera(
      "zones: [{ id: hall, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: hall }]",
    ),
    [
      "site.yml:3:151 cameras[0].rules[0].zone: the rule r watches for intrusion in the zone hall, which is declared counting",
    ],
  ],
  [
    "wrong way in a zone without direction",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: wrong_way, zone: lawn }]",
    ),
    [
      "site.yml:3:147 cameras[0].rules[0].zone: the rule r needs the direction of travel of the zone lawn, which declares none",
    ],
  ],
  [
    "wrong way across a line without a side",
    camera(
      "lines: [{ id: door, from: [5, 0], to: [5, 9] }], rules: [{ id: r, event: wrong_way, line: door }]",
    ),
    [
      "site.yml:3:92 cameras[0].rules[0]: the rule r watches a line and does not say which direction across it is forbidden",
    ],
  ],
  [
    "wrong way along a line",
    camera(
      "lines: [{ id: door, from: [5, 0], to: [5, 9] }], rules: [{ id: r, event: wrong_way, line: door, forbidden: up }]",
    ),
    [
      "site.yml:3:131 cameras[0].rules[0].forbidden: nothing can cross the line door towards up, along which it runs (rule r)",
    ],
  ],
  [
    "a forbidden sense in a zone",
    camera(
      "zones: [{ id: way, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]], direction: left }], rules: [{ id: r, event: wrong_way, zone: way, forbidden: up }]",
    ),
    [
      "site.yml:3:174 cameras[0].rules[0].forbidden: the rule r watches a zone and names a forbidden direction",
    ],
  ],
  [
    "a crowd of three",
    camera("rules: [{ id: r, event: crowd_density, persons: 3 }]"),
    [
      "site.yml:3:74 cameras[0].rules[0].persons: found 3, expected a whole number of persons from 10 to 10000: fewer are no crowd, and gatherings of a few people are not watched",
    ],
  ],
  [
    "a count that is all correction",
    camera("rules: [{ id: r, event: crowd_density, countFactor: 3 }]"),
    ["site.yml:3:74 cameras[0].rules[0].countFactor: found 3, expected a number from 0.5 to 2, such as 1.08"],
  ],
  [
    "a density without calibration",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: crowd_density, zone: lawn, perM2: 3 }]",
    ),
    [
      "site.yml:3:163 cameras[0].rules[0].perM2: the rule r counts persons per square metre, and the camera has no calibration",
    ],
  ],
  [
    "a density beyond the horizon",
    camera(
      "calibration: [{ px: [334, 100], m: [0, 100] }, { px: [434, 100], m: [10, 100] }, { px: [768, 576], m: [10, 0] }, { px: [0, 576], m: [0, 0] }], zones: [{ id: sky, nature: counting, polygon: [[0, 0], [9, 0], [9, 500]] }], rules: [{ id: r, event: crowd_density, zone: sky, perM2: 3 }]",
    ),
    [
      "site.yml:3:305 cameras[0].rules[0].perM2: The zone sky reaches beyond the horizon of the calibration, so that it has no area on the ground",
    ],
  ],
  [
    "a misspelt event",
    camera("rules: [{ id: r, event: zone_intrusoin }]"),
    [
      'site.yml:3:52 cameras[0].rules[0].event: found "zone_intrusoin", expected one of the events abandoned_object, weapon, wrong_way, zone_intrusion, person_down, crowd_movement, crowd_density, fire (did you mean zone_intrusion?)',
    ],
  ],
  [
    "a class that is not watched",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, classes: [person, dog] }]",
    ),
    ['site.yml:3:182 cameras[0].rules[0].classes[1]: found "dog", expected one of person, vehicle'],
  ],
  [
    "a class twice",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: zone_intrusion, zone: lawn, classes: [person, person] }]",
    ),
    ["site.yml:3:164 cameras[0].rules[0].classes: found the list [person, person], expected each class once"],
  ],
  [
    "two rules of one name",
    camera(
      "zones: [{ id: lawn, nature: sensitive, polygon: [[0, 0], [9, 0], [9, 9]] }], rules: [{ id: r, event: fire }, { id: r, event: zone_intrusion, zone: lawn }]",
    ),
    ["site.yml:3:146 cameras[0].rules[1].id: the rule r already exists (rules[0])"],
  ],
  [
    "two zones of one name",
    camera(
      "zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]] }, { id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]] }]",
    ),
    ["site.yml:3:109 cameras[0].zones[1].id: the zone a already exists (zones[0])"],
  ],
  [
    "a zone of two corners",
    camera("zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0]] }]"),
    [
      "site.yml:3:70 cameras[0].zones[0].polygon: found the list [[0, 0], [9, 0]], expected a polygon: a list of at least 3 corners [x, y] in px",
    ],
  ],
  [
    "a zone that crosses itself",
    camera("zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 9], [9, 0], [0, 9]] }]"),
    [
      "site.yml:3:70 cameras[0].zones[0].polygon: the polygon crosses itself: the side from corner 1 to 2 meets the one from 3 to 4",
    ],
  ],
  [
    "a zone that repeats its first corner",
    camera("zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9], [0, 0]] }]"),
    [
      "site.yml:3:70 cameras[0].zones[0].polygon: the polygon has the same corner twice, as number 1 and number 4",
    ],
  ],
  [
    "a zone without area",
    camera("zones: [{ id: a, nature: counting, polygon: [[0, 0], [0.5, 0], [0, 0.5]] }]"),
    ["site.yml:3:70 cameras[0].zones[0].polygon: the polygon has no area"],
  ],
  [
    "a corner beyond any camera",
    camera("masks: [[[0, 0], [90000, 0], [9, 9]]]"),
    ["site.yml:3:53 cameras[0].masks[0][1][0]: found 90000, expected a number from -16384 to 16384"],
  ],
  [
    "a corner of three numbers",
    camera("masks: [[[0, 0], [9, 0, 1], [9, 9]]]"),
    [
      "site.yml:3:52 cameras[0].masks[0][1]: found the list [9, 0, 1], expected a point of the picture as [x, y] in px, such as [320, 240]",
    ],
  ],
  [
    "a corner of words",
    camera("masks: [[[0, 0], [left, 0], [9, 9]]]"),
    ['site.yml:3:53 cameras[0].masks[0][1][0]: found "left", expected a number from -16384 to 16384'],
  ],
  [
    "a direction that is no sense",
    camera("zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]], direction: north }]"),
    [
      'site.yml:3:105 cameras[0].zones[0].direction: found "north", expected left, right, up, down, or an arrow { from: [x, y], to: [x, y] }',
    ],
  ],
  [
    "an arrow without an end",
    camera(
      "zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]], direction: { from: [0, 0] } }]",
    ),
    [
      "site.yml:3:105 cameras[0].zones[0].direction: to is missing, expected a point of the picture as [x, y] in px, such as [320, 240]",
    ],
  ],
  [
    "an arrow of no length",
    camera(
      "zones: [{ id: a, nature: counting, polygon: [[0, 0], [9, 0], [9, 9]], direction: { from: [1, 1], to: [1, 1] } }]",
    ),
    [
      "site.yml:3:105 cameras[0].zones[0].direction: found an arrow that begins and ends at the same point, expected an arrow between two different points",
    ],
  ],
  [
    "a line of no length",
    camera("lines: [{ id: door, from: [5, 5], to: [5, 5] }]"),
    ["site.yml:3:43 cameras[0].lines[0]: the line door begins and ends at the same point"],
  ],
  [
    "three calibration points",
    camera("calibration: [{ px: [0, 0], m: [0, 0] }, { px: [9, 0], m: [1, 0] }, { px: [9, 9], m: [1, 1] }]"),
    [
      "site.yml:3:35 cameras[0].calibration: The calibration does not fix the ground: it has 3 point pairs, and 4 are needed",
    ],
  ],
  [
    "calibration points in a line",
    camera(
      "calibration: [{ px: [0, 0], m: [0, 0] }, { px: [9, 9], m: [1, 1] }, { px: [18, 18], m: [2, 2] }, { px: [27, 27], m: [3, 3] }]",
    ),
    [
      "site.yml:3:35 cameras[0].calibration: The calibration does not fix the ground: its points lie in a line, or three of them nearly do",
    ],
  ],
  [
    "calibration points in the wrong order",
    camera(
      "calibration: [{ px: [0, 0], m: [0, 0] }, { px: [100, 0], m: [5, 5] }, { px: [100, 100], m: [5, 0] }, { px: [0, 100], m: [0, 5] }]",
    ),
    [
      "site.yml:3:35 cameras[0].calibration: The calibration does not fix the ground: the points cannot all be on one flat ground in front of the camera: two of them are probably swapped",
    ],
  ],
  [
    "a calibration that does not fit",
    camera(
      "calibration: [{ px: [0, 0], m: [0, 0] }, { px: [100, 0], m: [10, 0] }, { px: [100, 100], m: [10, 10] }, { px: [0, 100], m: [0, 10] }, { px: [50, 50], m: [5, 9] }]",
    ),
    [
      "site.yml:3:35 cameras[0].calibration: The calibration misses its points by 1.49 m (root mean square), and calibrationTolerance allows 0.5 m",
    ],
  ],
  [
    "a rate without unit",
    engine("analysisPerSecond: 12"),
    [
      "site.yml:4:11 engine.analysisPerSecond: found 12, expected a rate with its unit, such as 8/s, 0.5/s, 30/m (12 has no unit: write 12/s if you mean that)",
    ],
  ],
  [
    "a rate out of range",
    engine("detectionsPerSecond: 90/s"),
    ['site.yml:4:11 engine.detectionsPerSecond: found "90/s", expected a rate from 0.2/s to 60/s'],
  ],
  [
    "a size without unit",
    engine("inputLongSide: 512"),
    [
      "site.yml:4:11 engine.inputLongSide: found 512, expected a size in pixels with its unit, such as 640px (512 has no unit: write 512px if you mean that)",
    ],
  ],
  [
    "a length without unit",
    camera("calibrationTolerance: 0.5"),
    [
      "site.yml:3:35 cameras[0].calibrationTolerance: found 0.5, expected a length with its unit, such as 2.5m, 40cm (0.5 has no unit: write 0.5m if you mean that)",
    ],
  ],
  [
    "no whole thread",
    engine("threads: 1.5"),
    ["site.yml:4:11 engine.threads: found 1.5, expected auto or a whole number from 1 to 64"],
  ],
  [
    "a section that is no mapping",
    "schema: contrechamp/config@1\ncameras: [{ id: gate, source: clip.mp4 }]\nengine: fast\n",
    ['site.yml:3:1 engine: found "fast", expected a mapping of keys to values'],
  ],
  [
    "a clip that is too long",
    `${camera(`transport: tcp`)}evidence: { before: 10m }\n`,
    ['site.yml:4:13 evidence.before: found "10m", expected a duration from 0s to 30s'],
  ],
  [
    "an address with a password in the wrong place",
    `${HEAD}cameras: [{ id: gate, source: [rtsp://admin:hunter2@cam/] }]\n`,
    [
      "site.yml:2:23 cameras[0].source: found the list [rtsp://***:***@cam/], expected an address or a path, such as rtsp://camera.example/stream or clip.mp4",
    ],
  ],
  [
    "several things at once",
    `${HEAD}cameras:\n  - id: gate\n    sauce: clip.mp4\n  - id: yard\n    source: clip.mp4\n    rules:\n      - { id: r, event: zone_intrusion, zone: lawn }\nengine:\n  threads: many\n`,
    [
      "site.yml:3:5 cameras[0]: source is missing, expected an address or a path, such as rtsp://camera.example/stream or clip.mp4",
      "site.yml:4:5 cameras[0].sauce: unknown key sauce (did you mean source?); allowed here: id, source, transport, startedAt, background, location, fieldOfView, picture, calibration, calibrationTolerance, masks, zones, lines, rules",
      "site.yml:8:41 cameras[1].rules[0].zone: there is no zone lawn in this camera; there is none",
      'site.yml:10:3 engine.threads: found "many", expected auto or a whole number from 1 to 64',
    ],
  ],
];

test.each(CASES)("%s", (_, text, said) => {
  let thrown: unknown;
  try {
    parseConfig(text, "site.yml");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CodedError);
  if (!(thrown instanceof CodedError)) return;
  expect(thrown.code).toBe("CONFIG_INVALID");
  const problems = said.length === 1 ? "1 problem" : `${said.length} problems`;
  expect(thrown.message.split("\n")).toEqual([
    `site.yml has ${problems}:`,
    ...said.map((line) => `  ${line}`),
  ]);
});
