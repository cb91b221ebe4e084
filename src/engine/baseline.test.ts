import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { studyWorld } from "../../test/support/authority.ts";
import { EMPTY_WORLD } from "../policy/world.ts";
import {
  type Baseline,
  baselineOf,
  changesSince,
  type Found,
  readBaseline,
  remembered,
  sourcesSha256,
  writeBaseline,
} from "./baseline.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const parts = { configSha256: A, modelSha256: A, sourcesSha256: A };
const known: Baseline = { ...parts, lawSha256: A, restrictions: [] };
const found = (over: Partial<Found> = {}): Found => ({ ...known, present: [], ...over });
const suspended = { id: "urn:example:one", status: "suspended", at: "2026-01-01T00:00:00.000Z" };

describe("what ran last", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-baseline-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is read as it was written, is null before, and unreadable where it is not what was written", async () => {
    expect(await readBaseline(folder)).toBeNull();
    const whole = { ...known, restrictions: [suspended] };
    await writeBaseline(folder, whole);
    expect(await readBaseline(folder)).toEqual(whole);
    const file = join(folder, "baseline.json");
    const text = await readFile(file, "utf8");
    for (const bad of [
      "",
      "{}",
      text.slice(0, -3),
      text.replace(A, "x"),
      text.replace("baseline@1", "baseline@2"),
    ]) {
      await writeFile(file, bad);
      expect(await readBaseline(folder)).toBe("unreadable");
    }
    expect(changesSince("unreadable", found()).map(({ cause }) => cause)).toEqual(["configuration_changed"]);
  });

  it.each([
    ["nothing", {}, []],
    ["configuration", { configSha256: B }, ["configuration_changed"]],
    ["law", { lawSha256: B }, ["configuration_changed"]],
    ["addresses", { sourcesSha256: B }, ["configuration_changed"]],
    ["model", { modelSha256: B }, ["model_changed"]],
    ["all", { configSha256: B, lawSha256: B, modelSha256: B }, ["configuration_changed", "model_changed"]],
  ] as const)("differs by its %s", (_, over, causes) => {
    expect(changesSince(known, found(over)).map(({ cause }) => cause)).toEqual(causes);
    expect(changesSince(null, found(over))).toEqual([]);
  });

  it("remembers a suspension while its document is away, and misses it where the document is back without", () => {
    const before = { ...known, restrictions: [suspended] };
    const away = found();
    expect(changesSince(before, away)).toEqual([]);
    const kept = remembered(before, away);
    expect(kept.restrictions).toEqual([suspended]);
    const back = found({ present: [suspended.id] });
    expect(changesSince(kept, back)[0]?.reason).toContain("no longer says that it was suspended");
    // Once a person answers for it, it is not asked about again.
    expect(changesSince(remembered(kept, back), back)).toEqual([]);
    const whole = found({ present: [suspended.id], restrictions: [suspended] });
    expect(changesSince(kept, whole)).toEqual([]);
  });

  it("knows another world by its law and by its documents", () => {
    const world = studyWorld({ recordings: [A] });
    const one = baselineOf(world, parts);
    expect(one.present).toEqual(["urn:example:etude"]);
    expect(one.restrictions).toEqual([]);
    expect(baselineOf(EMPTY_WORLD, parts).lawSha256).not.toBe(one.lawSha256);
    if (world.profile === null) throw new Error();
    const overlaid = {
      ...world,
      overlays: [{ ...world.profile, profile: { ...world.profile.profile } } as never],
    };
    expect(baselineOf(overlaid, parts).lawSha256).not.toBe(one.lawSha256);
  });

  it("knows other addresses that the environment gives, not other credentials", () => {
    const variable = (name: string) => `\${${name}}`;
    const cameras = [
      { id: "a", source: `rtsp://${variable("HOST")}/one` },
      { id: "b", source: "rtsp://127.0.0.1/two" },
    ];
    const one = sourcesSha256(cameras, { HOST: "camera-1" });
    expect(sourcesSha256(cameras, { HOST: "camera-2" })).not.toBe(one);
    expect(sourcesSha256(cameras, { HOST: "camera-1", OTHER: "x" })).toBe(one);
    const secret = [{ id: "a", source: `rtsp://${variable("USER")}:${variable("PASSWORD")}@host/one` }];
    const before = sourcesSha256(secret, { USER: "u", PASSWORD: "p" });
    expect(sourcesSha256(secret, { USER: "u", PASSWORD: "q" })).toBe(before);
  });
});
