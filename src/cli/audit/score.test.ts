import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../../errors.ts";
import { scoreCommand } from "./score.ts";
import { givenClips } from "./score-clips.ts";

const EXAMPLE = resolve(import.meta.dirname, "../../../examples/vendor-log");
const REFERENCE = ["--reference", join(EXAMPLE, "reference.json")];
const ALERTS = ["--alerts", join(EXAMPLE, "alerts.csv")];
const MAP = ["--map", join(EXAMPLE, "log-map.yml")];
const DAY = ["--exposure", "24h"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-score-"));
  await writeFile(join(folder, "bad.yml"), "schema: contrechamp/log-map@1\ncolums: {}\n");
  await writeFile(join(folder, "full.json"), "{}");
  await writeFile(join(folder, "results.json"), '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}]');
  await writeFile(join(folder, "two.csv"), "time,event,clip\n1,fight,a\n2,fight,b\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const here = (name: string) => join(folder, name);

describe("audit score refuses, and says what to do", () => {
  test.each<readonly [string, () => readonly string[], string, number]>([
    [
      "a file of another format than the one that is named",
      () => [
        ...REFERENCE,
        "--alerts",
        here("results.json"),
        "--format",
        "coco",
        "--frames-per-second",
        "5",
        ...DAY,
      ],
      "LOG_NOT_OF_FORMAT",
      EXIT.data,
    ],
    ["no log", () => [...REFERENCE, ...DAY], "LOG_OPTION", EXIT.usage],
    ["no truth", () => [...ALERTS, ...DAY], "LOG_OPTION", EXIT.usage],
    ["truth twice", () => [...REFERENCE, ...REFERENCE, ...ALERTS, ...DAY], "LOG_OPTION", EXIT.usage],
    ["no exposure", () => [...REFERENCE, ...ALERTS, ...MAP], "LOG_NO_EXPOSURE", EXIT.usage],
    [
      "an exposure without a unit",
      () => [...REFERENCE, ...ALERTS, "--exposure", "24"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "an exposure longer than the clip",
      () => [...REFERENCE, ...ALERTS, "--seconds", "86400", "--exposure", "25h"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "a length shorter than what happened",
      () => [...REFERENCE, ...ALERTS, "--seconds", "600"],
      "AUDIT_INVALID",
      EXIT.data,
    ],
    [
      "a start that is no instant",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--start", "08:00"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "a local start without a zone",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--start", "2026-03-01T08:00:00"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "a clip that there is not",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--start", "east=2026-03-01T08:00:00Z"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "a zone that there is not",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--time-zone", "Paris/France"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "an event that is no name",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--events", "Fight!"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    [
      "a column that there is not",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--column", "tme=Heure"],
      "LOG_OPTION",
      EXIT.usage,
    ],
    ["instants without a start", () => [...REFERENCE, ...ALERTS, ...MAP, ...DAY], "LOG_NO_START", EXIT.usage],
    ["columns that nobody named", () => [...REFERENCE, ...ALERTS, ...DAY], "LOG_COLUMNS", EXIT.data],
    [
      "a log that is not there",
      () => [...REFERENCE, ...DAY, "--alerts", here("none.csv")],
      "AUDIT_UNREADABLE",
      EXIT.noInput,
    ],
    [
      "a log that is a folder",
      () => [...REFERENCE, ...DAY, "--alerts", folder],
      "AUDIT_UNREADABLE",
      EXIT.noInput,
    ],
    [
      "a log in no format",
      () => [...REFERENCE, ...DAY, "--alerts", here("bad.yml")],
      "LOG_FORMAT_UNKNOWN",
      EXIT.data,
    ],
    [
      "a log of two cameras",
      () => [...REFERENCE, ...DAY, "--alerts", here("two.csv")],
      "LOG_CLIPS",
      EXIT.usage,
    ],
    [
      "a map with a fault",
      () => [...REFERENCE, ...ALERTS, ...DAY, "--map", here("bad.yml")],
      "LOG_MAP",
      EXIT.data,
    ],
    [
      "a result that is there",
      () => [...REFERENCE, ...ALERTS, ...MAP, ...DAY, "--json", here("full.json")],
      "AUDIT_EXISTS",
      EXIT.cannotCreate,
    ],
  ])("%s", async (_, options, code, exit) => {
    await expect(scoreCommand().parseAsync([...options()], { from: "user" })).rejects.toMatchObject({
      code,
      exit,
    });
  });
});

describe("clips of references", () => {
  const none = { exposure: [], seconds: [], video: [], start: [], framesPerSecond: [], timeZone: null };
  const file = join(EXAMPLE, "reference.json");

  test("take what is said of one of them before what is said of all", async () => {
    const { clips, suite } = await givenClips({
      ...none,
      reference: [`north=${file}`, `south=${file}`],
      exposure: ["north=20h"],
      seconds: ["86400"],
      start: ["2026-03-01T08:00:00", "south=2026-03-02T08:00:00Z"],
      timeZone: "Europe/Paris",
    });
    expect(clips.map(({ id, seconds, length, start }) => ({ id, seconds, length, start }))).toEqual([
      { id: "north", seconds: 72_000, length: 86_400, start: Date.parse("2026-03-01T07:00:00Z") },
      { id: "south", seconds: 86_400, length: 86_400, start: Date.parse("2026-03-02T08:00:00Z") },
    ]);
    expect(suite).toMatchObject({ name: "north, south", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("are sealed: another truth is another seal", async () => {
    const seal = async (id: string, seconds: string) =>
      (await givenClips({ ...none, reference: [`${id}=${file}`], seconds: [seconds] })).suite.sha256;
    const seals = [
      await seal("a", "86400"),
      await seal("a", "86400"),
      await seal("b", "86400"),
      await seal("a", "90000"),
    ];
    expect(seals[0]).toBe(seals[1]);
    expect(new Set(seals).size).toBe(3);
  });

  test("that are several have no exposure in common", async () => {
    const options = { ...none, reference: [`a=${file}`, `b=${file}`], exposure: ["24h"] };
    await expect(givenClips(options)).rejects.toMatchObject({ code: "LOG_OPTION" });
  });
});
