import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Keeps every core busy for minutes: beside it, whatever waits for a live camera would wait for it too. */
const MEASURED = "test/scenarios/rendered.test.ts";

// Two cores: files run two at a time; scenarios and streams have long limits of their own.
export default defineConfig({
  test: {
    maxWorkers: 2,
    pool: "forks",
    env: {
      // Engines that tests start are entered here, and not where those of the machine's user are.
      XDG_STATE_HOME: join(tmpdir(), `contrechamp-test-state-${process.pid}`),
      // Hundreds of processes are started: they compile the sources once.
      NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/contrechamp-compiled"),
    },
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
      {
        extends: true,
        test: { name: "contracts", include: ["test/contracts/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "measured",
          include: [MEASURED],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "scenarios",
          include: ["test/scenarios/**/*.test.ts"],
          exclude: [MEASURED],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "security",
          include: ["test/security/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
