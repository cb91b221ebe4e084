import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import { conditionKeys } from "./condition-keys.ts";

describe("conditions named beforehand", () => {
  test.each([
    ["light", ["light"]],
    ["light, weather", ["light", "weather"]],
    ["light,light", ["light"]],
  ])("%s", (given, keys) => {
    expect(conditionKeys(given)).toEqual(keys);
  });

  test.each(["", ",", "light,,weather"])("refuses %o", (given) => {
    expect(() => conditionKeys(given)).toThrow(InvalidArgumentError);
  });
});
