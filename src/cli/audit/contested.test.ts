import { describe, expect, it } from "vitest";
import { contestedCommand } from "./contested.ts";

/** The command as `contrechamp audit` runs it. */
async function given(...args: readonly string[]): Promise<void> {
  await contestedCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(["node", "contrechamp", ...args]);
}

describe("audit contested", () => {
  it.each(["rtsp://127.0.0.1/street", "/dev/video0"])("refuses the stream %s", async (address) => {
    await expect(given(address)).rejects.toMatchObject({
      code: "CONTESTED_STREAM",
      exit: 64,
    });
  });

  it("has no option that makes an alert of it", () => {
    const options = contestedCommand().options.map(({ long }) => long);
    expect(options).toEqual(["--jobs", "--model", "--fresh", "--quiet", "--lang", "--json"]);
  });

  it("refuses a number of jobs that is none", async () => {
    await expect(given("clip.mp4", "--jobs=0")).rejects.toMatchObject({
      code: "commander.invalidArgument",
    });
  });
});
