import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../files/write-whole.ts";

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
