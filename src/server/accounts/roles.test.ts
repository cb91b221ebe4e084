import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lapseOf } from "./designation.ts";
import { camerasOf, excluded, type Grant, hasRole, ROLES, rolesOf } from "./roles.ts";

const CAMERAS = ["gate", "hall", "north"];
const grants = fc.array(
  fc.record({
    role: fc.constantFrom(...ROLES),
    cameraId: fc.constantFrom(null, ...CAMERAS),
    effect: fc.constantFrom("permit" as const, "deny" as const),
  }),
  { maxLength: 12 },
);
const permit = (role: Grant["role"], cameraId: string | null = null): Grant => ({
  role,
  cameraId,
  effect: "permit",
});
const deny = (role: Grant["role"], cameraId: string | null = null): Grant => ({
  role,
  cameraId,
  effect: "deny",
});

describe("roles", () => {
  it("are given by nobody's silence", () => {
    for (const role of ROLES) expect(hasRole([], role, null) || hasRole([], role, "gate")).toBe(false);
  });

  it("a deny added anywhere gives nobody anything", () => {
    fc.assert(
      fc.property(
        grants,
        fc.constantFrom(...ROLES),
        fc.constantFrom(null, ...CAMERAS),
        (list, role, camera) => {
          for (const asked of ROLES)
            for (const at of [null, ...CAMERAS])
              expect(hasRole([...list, deny(role, camera)], asked, at) && !hasRole(list, asked, at)).toBe(
                false,
              );
          expect(hasRole([...list, deny(role, camera)], role, camera)).toBe(false);
          // For the site, it is for every camera.
          if (camera === null)
            for (const at of CAMERAS) expect(hasRole([...list, deny(role)], role, at)).toBe(false);
        },
      ),
    );
  });

  it("do not depend on the order in which they were given", () => {
    fc.assert(
      fc.property(grants, (list) => {
        expect(rolesOf(list.toReversed())).toEqual(rolesOf(list));
      }),
    );
  });

  it("of one camera are not those of the site", () => {
    const list = [permit("operator", "gate")];
    expect(hasRole(list, "operator", "gate")).toBe(true);
    expect(hasRole(list, "operator", "hall")).toBe(false);
    expect(hasRole(list, "operator", null)).toBe(false);
    expect(rolesOf(list)).toEqual(["operator"]);
    expect(camerasOf([permit("operator"), deny("operator", "hall")], ["operator"], CAMERAS)).toEqual([
      "gate",
      "north",
    ]);
  });

  it("an auditor's stands alone", () => {
    expect(excluded([permit("auditor")])).toBeNull();
    expect(excluded([permit("auditor"), deny("operator")])).toBeNull();
    expect(excluded([permit("operator", "gate"), permit("supervisor")])).toBeNull();
    expect(excluded([permit("operator", "gate"), permit("auditor")])).toEqual({
      alone: "auditor",
      other: "operator",
    });
  });
});

describe("what keeps an operator from alerts", () => {
  const designation = { act: "AR-1", from: 10, until: 20 };
  const training = { syllabus: "S", on: 5, until: 25 };
  it.each([
    [{ designation, training }, 9, "designation_not_begun"],
    [{ designation, training }, 10, null],
    [{ designation, training }, 19, null],
    [{ designation, training }, 20, "designation_over"],
    [{ designation: { ...designation, until: 90 }, training }, 25, "training_over"],
    [{ designation: { ...designation, from: 0 }, training }, 4, "training_not_done"],
    [{ designation: null, training }, 12, "not_designated"],
    [{ designation, training: null }, 12, "not_trained"],
  ] as const)("%j at %i: %s", (fitness, now, lapse) => {
    expect(lapseOf(fitness, now)).toBe(lapse);
  });
});
