import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../files/write-whole.ts";
import type { HoldCause } from "../policy/hold.ts";

const baselineSchema = z.strictObject({
  schema: z.literal("contrechamp/baseline@1"),
  configSha256: z.string().regex(/^[0-9a-f]{64}$/),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What last ran here. A start with something else is a change that a person must answer for. */
export type Baseline = Readonly<Omit<z.output<typeof baselineSchema>, "schema">>;

/** @returns null where nothing has run here yet, `unreadable` where nobody can say what has */
export async function readBaseline(state: string): Promise<Baseline | "unreadable" | null> {
  let text: string;
  try {
    text = await readFile(join(state, "baseline.json"), "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    return "unreadable";
  }
  try {
    const { configSha256, modelSha256 } = baselineSchema.parse(JSON.parse(text));
    return { configSha256, modelSha256 };
  } catch {
    return "unreadable";
  }
}

export async function writeBaseline(state: string, baseline: Baseline): Promise<void> {
  const text = `${JSON.stringify({ schema: "contrechamp/baseline@1", ...baseline }, null, 2)}\n`;
  await writeWhole(join(state, "baseline.json"), text);
}

/** Why a start would be held. */
export interface BaselineChange {
  readonly cause: Extract<HoldCause, "configuration_changed" | "model_changed">;
  readonly reason: string;
}

/** What is not as it was when something last ran here. Nothing where nothing has. */
export function changesSince(
  known: Baseline | "unreadable" | null,
  { configSha256, modelSha256 }: Baseline,
): readonly BaselineChange[] {
  if (known === null) return [];
  if (known === "unreadable") {
    return [{ cause: "configuration_changed", reason: "nobody can say any more what ran here before" }];
  }
  const changes: BaselineChange[] = [];
  if (known.configSha256 !== configSha256) {
    changes.push({ cause: "configuration_changed", reason: `from ${known.configSha256} to ${configSha256}` });
  }
  if (known.modelSha256 !== modelSha256) {
    changes.push({ cause: "model_changed", reason: `from ${known.modelSha256} to ${modelSha256}` });
  }
  return changes;
}
