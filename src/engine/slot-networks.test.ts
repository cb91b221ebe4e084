import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { blankView, paint } from "../../test/contracts/detector.ts";
import { generatedModel, manifestText } from "../../test/contracts/generated-networks.ts";
import type { RuleConfig } from "../config/schema.ts";
import { sha256Of } from "../files/sha256.ts";
import { standInNetwork, writeStandIn } from "../scenes/stand-in.ts";
import { SlotNetworks } from "./slot-networks.ts";

let manifest: string;
beforeAll(async () => {
  manifest = writeStandIn(await mkdtemp(join(tmpdir(), "contrechamp-slot-")));
});

const weapon = (model: string, id = "w"): RuleConfig => ({
  ...{ event: "weapon", id, after: 1, clear: 5, longest: 600 },
  ...{ model, candidateScore: 0.3, confirmScore: 0.5, looksPerSecond: 4 },
});
const fire = (model: string): RuleConfig => {
  return { event: "fire", id: "f", after: 1, clear: 5, longest: 600, smoke: false, model };
};

describe("networks that rules name for themselves", () => {
  it("are known by the hash that is pinned before one byte of them is read", async () => {
    const networks = await SlotNetworks.open([weapon(manifest), weapon(manifest, "other")]);
    const sha256 = sha256Of(standInNetwork());
    expect([...networks.hashes]).toEqual([[manifest, sha256]]);
    expect(networks.identity(manifest)).toEqual({ name: "stand-in-marker", sha256 });
    await networks.close();
  });

  it("name what their slot may say, run while they may, and start anew when they may again", async () => {
    const networks = await SlotNetworks.open([weapon(manifest)]);
    const view = blankView({ width: 128, height: 96 }, 90);
    paint(view, { x: 40, y: 24, width: 40, height: 40 }, [235, 20, 215]);
    paint(view, { x: 50, y: 34, width: 20, height: 20 }, [20, 225, 60]);
    const [[found] = []] = await networks.detect(manifest, [view]);
    expect(found?.class).toBe("weapon");
    expect(found?.score).toBeGreaterThan(0.7);
    await networks.keep(new Set());
    expect((await networks.detect(manifest, [view])).flat()).toEqual([found]);
    await networks.close();
  });

  it("are refused where they are for something else", async () => {
    await expect(SlotNetworks.open([fire(manifest)])).rejects.toMatchObject({
      code: "MODEL_PURPOSE",
      message: expect.stringContaining("finds weapon, and fire is asked of it"),
    });
    const objects = await generatedModel("centernet");
    const path = join(dirname(objects.onnxPath), "objects.yml");
    await writeFile(path, manifestText("centernet", objects.sha256, 1));
    await expect(SlotNetworks.open([weapon(path)])).rejects.toMatchObject({ code: "MODEL_PURPOSE" });
    await expect(SlotNetworks.open([weapon("/nowhere.yml")])).rejects.toMatchObject({
      code: "MODEL_UNKNOWN",
    });
  });

  it("are refused when they are to run and are not what is pinned", async () => {
    const folder = await mkdtemp(join(tmpdir(), "contrechamp-slot-"));
    const own = writeStandIn(folder);
    // Another network under the pinned name, and a name of its own so that no cache knows it.
    await writeFile(
      own,
      (await readFile(own, "utf8")).replace("name: stand-in-marker", "name: changed-marker"),
    );
    await copyFile(manifest, join(folder, "stand-in.onnx"));
    const networks = await SlotNetworks.open([weapon(own)]);
    await expect(networks.detect(own, [blankView({ width: 32, height: 32 }, 0)])).rejects.toMatchObject({
      code: "MODEL_HASH",
    });
    await networks.close();
  });
});
