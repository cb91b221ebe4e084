import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseReference } from "../load-reference.ts";
import { detectFormat } from "../logs/formats.ts";
import { DEFAULT_READING, type LogReading } from "../logs/log.ts";
import { textSource } from "../logs/log-source.ts";
import { auditRecordSchema } from "../record.ts";
import { scoresOf } from "../scoring/scores.ts";
import type { ScoredClip } from "./clip.ts";
import { type ScoreLogOptions, scoreLog } from "./score-log.ts";

const START = Date.UTC(2026, 2, 1, 7);
const EVENTS = [
  { event: "fight", begin: 100, end: 120, tolerance: 2 },
  { event: "fight", begin: 700, end: 720, tolerance: 2 },
  { event: "fight", begin: 1500, end: 1520, tolerance: 2 },
  { event: "theft", begin: 2000, end: 2010, tolerance: 0 },
];

function clip(overrides: Partial<ScoredClip> & { readonly events?: readonly object[] } = {}): ScoredClip {
  const { events = EVENTS, ...rest } = overrides;
  const text = JSON.stringify({ schema: "contrechamp/reference@1", events });
  return {
    id: "north",
    aliases: [],
    reference: parseReference(text, "reference.json"),
    rules: null,
    seconds: 3600,
    length: 3600,
    start: START,
    framesPerSecond: 25,
    camera: "north",
    conditions: {},
    picture: { width: 1280, height: 720 },
    videoSha256: null,
    referenceSha256: null,
    ...rest,
  };
}

async function score(log: string, options: Partial<ScoreLogOptions> = {}, reading: Partial<LogReading> = {}) {
  const source = textSource("log", log);
  const result = await scoreLog({
    logs: [{ source, reader: detectFormat(source), reading: { ...DEFAULT_READING, ...reading } }],
    files: [{ name: "log", sha256: "0".repeat(64) }],
    clips: [clip()],
    suite: { name: "example", sha256: "0".repeat(64) },
    names: { events: new Map(), rules: new Map(), clips: new Map(), clip: null, scored: null },
    by: "auto",
    system: "example-vendor",
    alignment: "instant",
    recallBias: 1,
    clockOffset: "estimate",
    command: "contrechamp audit score",
    now: () => 0,
    ...options,
  });
  // Whatever was read, the record is one that every other part can read.
  expect(auditRecordSchema.parse(result.record)).toEqual(result.record);
  return result;
}

const NAMES: ScoreLogOptions["names"] = {
  events: new Map(),
  rules: new Map(),
  clips: new Map(),
  clip: null,
  scored: null,
};

describe("a log", () => {
  test("is scored by event: hits, a duplicate, a false alarm, a miss", async () => {
    const { record } = await score("time,event\n101,fight\n105,fight\n300,fight\n699,Fight\n2005,THEFT\n");
    const { events } = scoresOf(record);
    expect(events["fight"]).toMatchObject({
      references: 3,
      hits: 2,
      misses: 1,
      falseAlarms: 1,
      duplicates: 1,
    });
    expect(events["fight"]?.falseAlarmsPerHour).toBe(1);
    expect(events["theft"]).toMatchObject({ references: 1, hits: 1, falseAlarms: 0 });
    expect(record.log).toMatchObject({ rows: 5, rejected: 0 });
    const [fight] = record.clips[0]?.rules ?? [];
    expect(fight?.alerts.map(({ outcome, origin }) => [outcome, origin?.line])).toEqual([
      ["hit", 2],
      ["duplicate", 3],
      ["false_alarm", 4],
      ["hit", 5],
    ]);
  });

  test("that is empty has missed everything", async () => {
    const { record } = await score("time,event\n");
    expect(scoresOf(record).events["fight"]).toMatchObject({
      references: 3,
      hits: 0,
      misses: 3,
      falseAlarms: 0,
    });
  });

  test.each<readonly [string, string, string, number]>([
    ["no time", "time,event\n101,fight\n,fight\n", "LOG_ROW_NO_TIME", 3],
    ["a time that is none", "time,event\nnoon,fight\n101,fight\n", "LOG_ROW_TIME", 2],
    ["before the clip", "time,event\n101,fight\n-5,fight\n", "LOG_ROW_BEFORE", 3],
    ["beyond the clip", "time,event\n101,fight\n3601,fight\n", "LOG_ROW_BEYOND", 3],
    ["another year", "time,event\n101,fight\n2024-03-01T08:00:00Z,fight\n", "LOG_ROW_OTHER_YEAR", 3],
    ["another day", "time,event\n101,fight\n2026-03-09T08:00:00Z,fight\n", "LOG_ROW_BEYOND", 3],
    ["an event nobody looked for", "time,event\n101,fight\n102,loitering\n", "LOG_ROW_EVENT", 3],
    ["no event", "time,event\n101,fight\n102,\n", "LOG_ROW_NO_EVENT", 3],
    ["a confidence of NaN", "time,event,confidence\n101,fight,1\n102,fight,NaN\n", "LOG_ROW_NUMBER", 3],
    [
      "a decimal comma where none is told",
      'time,event,confidence\n101,fight,1\n102,fight,"0,5"\n',
      "LOG_ROW_NUMBER",
      3,
    ],
    [
      "a box outside",
      "time,event,left,top,width,height\n101,fight,1,1,5,5\n102,fight,1280,5,10,10\n",
      "LOG_ROW_BOX",
      3,
    ],
    [
      "a box without width",
      "time,event,left,top,width,height\n101,fight,1,1,5,5\n102,fight,1,5,0,10\n",
      "LOG_ROW_BOX",
      3,
    ],
    [
      "half a box",
      "time,event,left,top,width,height\n101,fight,1,1,5,5\n102,fight,1,5,,\n",
      "LOG_ROW_BOX",
      3,
    ],
    ["a row twice", "time,event\n101,fight\n\n101,fight\n", "LOG_ROW_DUPLICATE", 4],
    ["an end before the begin", "time,event,until\n101,fight,\n102,fight,90\n", "LOG_ROW_ENDS_BEFORE", 3],
    ["a line that is no JSON", '{"time":101,"event":"fight"}\n{"time":\n', "LOG_ROW_SHAPE", 2],
    [
      "JSON with NaN in it",
      '{"activities":[{"activity":"fight","alertFrame":2525},\n{"activity":"fight","presenceConf":NaN,"alertFrame":2600}]}',
      "LOG_ROW_SHAPE",
      2,
    ],
    ["what the system declined", viper("false", 2), "LOG_ROW_DECLINED", 3],
    ["a span that runs backwards", viper("true", 2).replace("2526:2530", "2530:2526"), "LOG_ROW_SHAPE", 3],
    [
      "a log that ends too soon",
      '{"activities":[{"activity":"fight","alertFrame":2525},\n{"activity":"fi',
      "LOG_BROKEN",
      2,
    ],
  ])("with a row of %s: that row alone is left out, with code and line", async (_, log, code, line) => {
    const { record, rejectedByCode } = await score(log);
    expect(record.log?.rejections.map((one) => ({ code: one.code, line: one.line }))).toEqual([
      { code, line },
    ]);
    expect([...rejectedByCode]).toEqual([[code, 1]]);
    expect(record.log?.rejected).toBe(1);
    expect(record.log?.rows).toBe(2);
    expect(scoresOf(record).events["fight"]?.hits).toBe(1);
  });

  test("without any names of events is of the one that is given", async () => {
    const mot = "2526,1,5,6,7,8,0.9,-1,-1,-1\n9000,1,5,6,7,8,0.9,-1,-1,-1\n";
    await expect(score(mot)).rejects.toMatchObject({ code: "LOG_TRACKS" });
    const { record } = await score(mot, {}, { event: "fight" });
    expect(scoresOf(record).events["fight"]).toMatchObject({ hits: 1, falseAlarms: 1 });
  });

  test.each<readonly [string, string, Partial<ScoredClip>]>([
    ["LOG_FRAME_RATE", '{"activities":[{"activity":"fight","alertFrame":2525}]}', { framesPerSecond: null }],
    ["LOG_NO_START", "time,event\n2026-03-01T08:00:00Z,fight\n", { start: null }],
    ["LOG_COLUMNS", "heure,type\n1,fight\n", {}],
  ])("asks first where it cannot know: %s", async (code, log, missing) => {
    await expect(score(log, { clips: [clip(missing)] })).rejects.toMatchObject({ code });
  });

  test("never scores against a reference that says nothing of the event, unless it is said to cover it", async () => {
    const log = "time,event\n101,fight\n200,fire\n";
    expect((await score(log)).record.log?.rejected).toBe(1);
    const { record } = await score(log, { names: { ...NAMES, scored: ["fight", "fire"] } });
    expect(record.log?.rejected).toBe(0);
    expect(scoresOf(record).events["fire"]).toMatchObject({ references: 0, falseAlarms: 1, recall: null });
    // What the system is not sold to find is not scored at all.
    expect(Object.keys(scoresOf(record).events)).toEqual(["fight", "fire"]);
  });
});

describe("rules", () => {
  const events = [
    { event: "fight", rule: "gate", begin: 100, end: 120 },
    { event: "fight", rule: "hall", begin: 100, end: 120 },
  ];
  const clips = [clip({ events })];

  test("count where the log names one of the reference's", async () => {
    const { record, byRule } = await score(
      "time,event,rule\n101,fight,gate\n102,fight,gate\n103,fight,roof\n",
      { clips },
    );
    expect([...byRule]).toEqual(["fight"]);
    expect(record.log?.rejections.map(({ code, line }) => ({ code, line }))).toEqual([
      { code: "LOG_ROW_RULE", line: 4 },
    ]);
    expect(scoresOf(record).events["fight"]).toMatchObject({
      references: 2,
      hits: 1,
      misses: 1,
      duplicates: 1,
    });
  });

  test("do not count where the log names none of them, or is told not to", async () => {
    const log = "time,event,rule\n101,fight,R1\n102,fight,R1\n";
    const { record, byRule } = await score(log, { clips });
    expect(byRule.size).toBe(0);
    expect(scoresOf(record).events["fight"]).toMatchObject({ references: 2, hits: 2 });
    const forced = await score(log, { clips, by: "rule" });
    expect(forced.record.log?.rejected).toBe(2);
    const mapped = await score(log, { clips, names: { ...NAMES, rules: new Map([["R1", "hall"]]) } });
    expect(scoresOf(mapped.record).events["fight"]).toMatchObject({ hits: 1, duplicates: 1, misses: 1 });
  });
});

describe("clips", () => {
  const clips = [
    clip({ id: "north", aliases: ["cam_north.mp4"], events: [EVENTS[0] ?? {}] }),
    clip({ id: "south", aliases: ["cam_south.mp4"], events: [EVENTS[1] ?? {}] }),
  ];

  test("are found by their id, their file, or a map", async () => {
    const log =
      "time,event,clip\n101,fight,north\n701,fight,C:\\video\\CAM_SOUTH.MP4\n102,fight,K7\n103,fight,east\n104,fight,\n";
    const { record } = await score(log, { clips, names: { ...NAMES, clips: new Map([["K7", "south"]]) } });
    expect(record.log?.rejections.map(({ code, line }) => ({ code, line }))).toEqual([
      { code: "LOG_ROW_CLIP", line: 5 },
      { code: "LOG_ROW_CLIP", line: 6 },
    ]);
    expect(scoresOf(record).events["fight"]).toMatchObject({ references: 2, hits: 2, falseAlarms: 1 });
    expect(scoresOf(record).exposureHours).toBe(2);
  });

  test("of one reference: another camera's rows are no false alarms", async () => {
    const log = "time,event,clip\n101,fight,cam1\n300,fight,cam2\n";
    await expect(score(log)).rejects.toMatchObject({ code: "LOG_CLIPS" });
    const { record } = await score(log, { names: { ...NAMES, clip: "cam1" } });
    expect(scoresOf(record).events["fight"]).toMatchObject({ hits: 1, falseAlarms: 0 });
    expect(record.log?.rejections[0]?.code).toBe("LOG_ROW_CLIP");
  });
});

describe("clips of a suite", () => {
  const rules = new Map([
    ["kerb", "zone_intrusion"],
    ["no-fire", "fire"],
  ]);
  const events = [{ event: "zone_intrusion", rule: "kerb", begin: 100, end: 120 }];
  const clips = [clip({ rules, events })];

  test("are scored on what their cameras' rules tell of, and on nothing else", async () => {
    const log = "time,event,rule\n101,Zone intrusion,kerb\n300,fire,no-fire\n400,fight,any\n500,fire,kerb\n";
    const { record } = await score(log, { clips });
    const found = scoresOf(record).events;
    expect(found["zone_intrusion"]).toMatchObject({ references: 1, hits: 1, falseAlarms: 0 });
    expect(found["fire"]).toMatchObject({ references: 0, falseAlarms: 1 });
    expect(record.log?.rejections.map(({ code, line }) => ({ code, line }))).toEqual([
      { code: "LOG_ROW_EVENT", line: 4 },
      { code: "LOG_ROW_RULE", line: 5 },
    ]);
  });

  test("are not scored on what the system is not sold for", async () => {
    const { record } = await score("time,event\n101,zone_intrusion\n300,fire\n", {
      clips,
      names: { ...NAMES, scored: ["zone_intrusion", "fight"] },
    });
    expect(Object.keys(scoresOf(record).events)).toEqual(["zone_intrusion"]);
    expect(record.log?.rejections.map(({ code }) => code)).toEqual(["LOG_ROW_EVENT"]);
  });
});

describe("the clock", () => {
  const late = (seconds: number) =>
    `time,event\n${[101, 701, 1501].map((at) => `${at + seconds},fight`).join("\n")}\n`;

  test("is estimated and shown, and corrected only when that is asked for", async () => {
    const shown = await score(late(60));
    expect(shown.record.log?.clockOffset).toMatchObject({ seconds: 61, applied: false, pairs: 3 });
    expect(shown.corrected).toEqual({
      before: { hits: 0, falseAlarms: 3 },
      after: { hits: 3, falseAlarms: 0 },
    });
    expect(scoresOf(shown.record).events["fight"]?.hits).toBe(0);
    const auto = await score(late(60), { clockOffset: "auto" });
    expect(auto.record.log?.clockOffset).toMatchObject({ seconds: 61, applied: true });
    expect(scoresOf(auto.record).events["fight"]?.hits).toBe(3);
    const given = await score(late(60), { clockOffset: 60 });
    expect(given.record.log?.clockOffset).toMatchObject({ seconds: 60, applied: true });
    expect(scoresOf(given.record).events["fight"]?.secondsToAlert.p50).toBe(1);
  });

  test("is left alone by auto where no more events would be found", async () => {
    const { record } = await score(late(0), { clockOffset: "auto" });
    expect(record.log?.clockOffset).toMatchObject({ seconds: 1, applied: false });
  });

  test("is set right before rows are found to lie outside the clip", async () => {
    const log = `${late(-150)}`;
    expect((await score(log)).record.log?.rejections.map(({ code }) => code)).toEqual(["LOG_ROW_BEFORE"]);
    expect((await score(log, { clockOffset: -150 })).record.log?.rejected).toBe(0);
  });

  test("that went through an hour twice: the one that lies in the clip is meant", async () => {
    const start = Date.parse("2026-10-25T01:00:00Z");
    const reading = { time: { unit: "auto", zone: "Europe/Paris", dateOrder: null } } as const;
    const log = "time,event\n2026-10-25T02:01:41,fight\n";
    const once = await score(log, { clips: [clip({ start })] }, reading);
    expect(scoresOf(once.record).events["fight"]?.hits).toBe(1);
    const both = await score(
      log,
      { clips: [clip({ start: start - 3_600_000, length: 7200, seconds: 7200 })] },
      reading,
    );
    expect(both.record.log?.rejections[0]?.code).toBe("LOG_ROW_TIME_TWICE");
  });
});

test("the ActEV alignment overlaps activities, and the other asks when the alert was raised", async () => {
  const log =
    '{"activities":[{"activity":"fight","presenceConf":0.9,"alertFrame":9000,"localization":{"north":{"2500":1,"3000":0}}}]}';
  expect(scoresOf((await score(log)).record).events["fight"]).toMatchObject({ hits: 0, falseAlarms: 1 });
  const { record } = await score(log, { alignment: "actev" });
  expect(scoresOf(record).events["fight"]).toMatchObject({ hits: 1, falseAlarms: 0 });
});

test("every row of any log is scored or rejected, once", async () => {
  const cell = fc.constantFrom("101", "701", "-4", "9999", "x", "", "2026-03-01T07:02:00Z");
  const row = fc.tuple(
    cell,
    fc.constantFrom("fight", "theft", "Fight", "fire", ""),
    fc.constantFrom("", "0.5", "NaN"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      const log = ["time,event,confidence", ...rows.map((cells) => cells.join(","))].join("\n");
      const { record } = await score(log);
      const scored = record.clips.flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts));
      expect(scored.length + (record.log?.rejected ?? 0)).toBe(rows.length);
      expect(record.log?.rows).toBe(rows.length);
      const lines = [
        ...scored.map(({ origin }) => origin?.line ?? 0),
        ...(record.log?.rejections ?? []).map(({ line }) => line),
      ];
      expect(lines.toSorted((a, b) => a - b)).toEqual(rows.map((_, index) => index + 2));
    }),
    { numRuns: 60 },
  );
});

function viper(decision: string, spans: number): string {
  const object = (from: number, decided: string) =>
    `<object name="fight" id="0" framespan="${from}:${from + 4}"><attribute name="DetectionDecision"><data:bvalue value="${decided}"/></attribute></object>`;
  const objects = [object(2526, "true").replace("2526:2530", "2525:2529"), object(2526, decision)].slice(
    0,
    spans,
  );
  return `<viper xmlns:data="d"><data><sourcefile filename="n">\n${objects.join("\n")}\n</sourcefile></data></viper>`;
}
