import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaQuantile, gammaQuantile, normalQuantile } from "./quantiles.ts";
import { betaTails, binomialMass, gammaTails } from "./special-functions.ts";

/** scipy.stats.beta.ppf and gamma.ppf of SciPy 1.17.1. */
const BETA = [
  [0.025, 27, 4, 0.7347115495257919],
  [0.975, 28, 3, 0.9788828629702774],
  [0.025, 2, 100_000, 2.4220777418339633e-6],
  [0.975, 99_999, 2, 0.9999975778980373],
  [0.025, 50_000, 50_000, 0.49690104685250314],
  [0.025, 0.5, 0.5, 0.001541333133436012],
  [0.0005, 99_990, 11, 0.9997474636700726],
  [0.025, 1e6, 5, 0.9999897584842524],
  [0.9995, 3, 2, 0.9908150704105565],
  [1e-9, 12, 30, 0.02837914113132628],
  [0.5, 1.5, 200.25, 0.005882823541071136],
] as const;
const GAMMA = [
  [0.975, 1, 3.6888794541139354],
  [0.025, 1, 0.025317807984289876],
  [0.025, 3, 0.6186721228956014],
  [0.975, 100_001, 100_621.74473974388],
  [0.025, 1e6, 998_040.9833402939],
  [0.95, 0.5, 1.920729410347062],
  [1e-9, 4, 0.01247775312418305],
  [0.999999, 17, 44.19164119837637],
  [0.025, 0.5, 0.0004910345585876278],
] as const;

describe("quantiles", () => {
  it.each(BETA)("beta: %d of Beta(%d, %d)", (p, a, b, expected) => {
    expect(Math.abs(betaQuantile(p, a, b) / expected - 1)).toBeLessThan(1e-11);
  });

  it.each(GAMMA)("gamma: %d of Gamma(%d)", (p, a, expected) => {
    expect(Math.abs(gammaQuantile(p, a) / expected - 1)).toBeLessThan(1e-11);
  });

  it("are the ends of a distribution at 0 and 1", () => {
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3), gammaQuantile(0, 2)]).toEqual([0, 1, 0]);
    expect(gammaQuantile(1, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it("know the normal", () => {
    expect(normalQuantile(0.95)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(0.99)).toBeCloseTo(2.5758293035489004, 13);
  });

  it("are what the distribution function takes back, for any p, a and b", () => {
    const shape = fc.double({ min: 0.5, max: 5000, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), shape, shape, (p, a, b) => {
        const { lower, upper } = betaTails(betaQuantile(p, a, b), a, b);
        // Next to 1 a double has few digits of the distance to it.
        if (betaQuantile(p, a, b) < 1 - 1e-6)
          expect(p <= 0.5 ? lower / p : upper / (1 - p)).toBeCloseTo(1, 7);
        expect(gammaTails(gammaQuantile(p, a), a).lower).toBeCloseTo(p, 11);
      }),
      { numRuns: 300 },
    );
  });
});

describe("distribution functions", () => {
  it("are the sums of the binomial's and the Poisson's masses", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(400),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, any, p) => {
          const k = any % n;
          let atMost = 0;
          // By the ratio of each mass to the one before: nothing of this is in the functions tested.
          let mass = (1 - p) ** n;
          fc.pre(mass > 1e-290);
          for (let i = 0; i <= k; i++) {
            expect(Math.abs(binomialMass(i, n, p) - mass)).toBeLessThan(1e-12);
            atMost += mass;
            mass *= ((n - i) * p) / ((i + 1) * (1 - p));
          }
          expect(Math.abs(betaTails(p, k + 1, n - k).upper - atMost)).toBeLessThan(1e-12);

          const mean = n * p;
          let poisson = Math.exp(-mean);
          let fewer = 0;
          for (let i = 0; i <= k; i++) {
            fewer += poisson;
            poisson *= mean / (i + 1);
          }
          expect(Math.abs(gammaTails(mean, k + 1).upper - fewer)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 100 },
    );
  });
});
