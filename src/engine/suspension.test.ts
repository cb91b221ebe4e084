import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { SceneState } from "../frames/scene.ts";
import { Suspension } from "./suspension.ts";

const scene = (at: number, viewMoved: boolean, unreadable: boolean): SceneState =>
  quietScene(at, { viewMoved, unreadable });

describe("Suspension", () => {
  it("reports each change once, and its end before the next beginning", () => {
    const suspension = new Suspension();
    const kinds = [
      scene(0, false, false),
      scene(1, true, false),
      scene(2, true, false),
      scene(3, false, true),
      scene(5, false, false),
    ].map((state) => suspension.observe(state).map((change) => change.kind));
    expect(kinds).toEqual([[], ["view_moved"], [], ["view_restored", "picture_dark"], ["picture_clear"]]);
    expect(suspension.total(9)).toBe(4);
  });

  it("counts what is still going on", () => {
    const suspension = new Suspension();
    suspension.observe(scene(2, true, false));
    expect(suspension.active).toBe(true);
    expect(suspension.total(5)).toBe(3);
  });
});
