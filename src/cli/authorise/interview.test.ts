import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { loadRegime } from "../../policy/profile-load.ts";
import { ANALYTIC_FIELDS } from "./analytic-fields.ts";
import { COMMON_FIELDS } from "./common-fields.ts";
import type { Field, Situation } from "./field.ts";
import { type Desk, interview } from "./interview.ts";

const { profile } = await loadRegime("fr-loi-2023-380");
const situation: Situation = {
  kind: "analytic_authorisation",
  profile,
  now: 0,
  config: null,
  renewal: false,
};

const ENTER = "\r";
const DOWN = "\u001b[B";
const CLEAR = "\u0015";

/** A terminal of streams: what is typed goes in once the screen shows what it answers. */
function terminal(): {
  desk: Desk;
  screen: () => string;
  type: (after: string, keys: readonly string[]) => Promise<void>;
} {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 90, rows: 40 });
  let shown = "";
  let seen = 0;
  output.on("data", (chunk: Buffer) => {
    shown += stripVTControlCharacters(chunk.toString());
  });
  const desk: Desk = { input, output };
  return {
    desk,
    screen: () => shown,
    async type(after, keys) {
      await expect.poll(() => shown.indexOf(after, seen), { timeout: 5000 }).toBeGreaterThan(-1);
      seen = shown.indexOf(after, seen) + after.length;
      for (const key of keys) {
        input.write(key);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

function fieldsOf(...flags: readonly string[]): readonly Field[] {
  return flags.flatMap(
    (flag) => [...COMMON_FIELDS, ...ANALYTIC_FIELDS].find((field) => field.flag === flag) ?? [],
  );
}

describe("an interview", () => {
  test("asks what is missing, offers defaults, and refuses a wrong answer at once", async () => {
    const { desk, screen, type } = terminal();
    const fields = fieldsOf(
      "reference",
      "authority-type",
      "valid-from",
      "camera",
      "event",
      "appeal-deadline",
    );
    const answers = interview(fields, { reference: "EX 1" }, situation, "fr", desk);
    await type("Nature de cette autorité 1/5", [DOWN, ENTER]);
    await type("Valable à partir de 2/5", ["2024-02-30", ENTER]);
    await type("Attendu : une date", [CLEAR, "2024-02-28", ENTER]);
    await type("Caméras, séparées", ["a, b", ENTER]);
    await type("Événements à détecter 4/5", [" ", DOWN, DOWN, " ", ENTER]);
    await type("deux mois / two months", [ENTER]);
    await type("Ajouter une condition", ["y"]);
    await type("identifiant | texte", ["ouvert|Ouvert.|Open.", ENTER]);
    await type("Encore une condition", [ENTER]);
    expect(Object.fromEntries((await answers) ?? [])).toEqual({
      "authority-type": ["prefet_de_police"],
      "valid-from": ["2024-02-28"],
      camera: ["a", "b"],
      event: ["abandoned_object", "wrong_way"],
      "appeal-deadline": ["deux mois / two months"],
      condition: ["ouvert|Ouvert.|Open."],
    });
    // What is known is not asked for, and each question says where it comes from.
    expect(screen()).not.toContain("Numéro de la décision");
    expect(screen()).toContain("décret 2023-828, article 3");
    expect(screen()).toContain("Tout est là.");
  });

  test("is left with Ctrl-C, and says that nothing was written", async () => {
    const { desk, screen, type } = terminal();
    const answers = interview(fieldsOf("reference"), {}, situation, "en", desk);
    await type("Number of the decision", ["half an ans", "\u0003"]);
    expect(await answers).toBeNull();
    expect(screen()).toContain("Nothing was written.");
  });
});
