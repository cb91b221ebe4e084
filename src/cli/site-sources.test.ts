import { describe, expect, it } from "vitest";
import { defaultCamera, defaultConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { loadRegime } from "../policy/profile-load.ts";
import { stateFolder } from "./site-sources.ts";

const bare = defaultConfig([defaultCamera("clip.mp4", "camera")]);
const withState = (state: string | null): Config => ({ ...bare, authority: { ...bare.authority, state } });
const { profile: site } = await loadRegime("private-premises");
const { profile: study } = await loadRegime("recording-study");

describe("stateFolder", () => {
  it("is with a run's results, or where a person says", () => {
    expect(stateFolder(withState(null), study, undefined, "/out")).toBe("/out/state");
    expect(stateFolder(withState(null), study, "/elsewhere", "/out")).toBe("/elsewhere");
    expect(stateFolder(withState("/state"), study, "/elsewhere", "/out")).toBe("/elsewhere");
    expect(stateFolder(withState("/state"), site, undefined, "/out")).toBe("/state");
    expect(stateFolder(withState("/state"), site, "/state", "/out")).toBe("/state");
    expect(stateFolder(withState(null), site, "/state", "/out")).toBe("/state");
  });

  it.each([
    [null, undefined, "STATE_NOT_NAMED"],
    ["/out/state", undefined, "STATE_IN_OUTPUT"],
    // Nobody leaves a site's holds behind by an option.
    ["/state", "/fresh", "STATE_ELSEWHERE"],
  ])("refuses %s with --state %s", (configured, option, code) => {
    expect(() => stateFolder(withState(configured), site, option, "/out")).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
