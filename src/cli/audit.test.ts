import { describe, expect, it } from "vitest";
import { auditCommand } from "./audit.ts";

const loaded = async (...args: readonly string[]) =>
  (await auditCommand(["node", "contrechamp", "audit", ...args])).commands.map((command) => command.name());

describe("contrechamp audit", () => {
  it("loads the subcommand that is named, and nothing of the others", async () => {
    expect(await loaded("calculate", "--help")).toEqual(["calculate"]);
  });

  it.each([
    [[]],
    [["--help"]],
    [["scor"]],
    [["constructor"]],
    [["help", "score"]],
  ])("has them all for %j, to say which there are", async (args) => {
    const names = await loaded(...args);
    expect(names.slice(0, 2)).toEqual(["run", "score"]);
    expect(new Set(names).size).toBe(11);
  });
});
