/** What the test runner found, with the reason of each skipped test, for the closing line of `npm test`. */
import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

export interface Tally {
  readonly passed: number;
  /** Failed tests, and files or hooks that failed without reaching a test. */
  readonly failed: number;
  readonly skipped: readonly {
    readonly file: string;
    readonly name: string;
    readonly reason: string | null;
  }[];
}

/** Writes a {@link Tally} as JSON to the file that the variable CONTRECHAMP_TALLY names. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env["CONTRECHAMP_TALLY"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally(modules, unhandled.length)));
  }
}

function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  let passed = 0;
  let failed = unhandledErrors;
  const skipped: Tally["skipped"][number][] = [];
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed += 1;
      else if (result.state === "skipped") {
        skipped.push({ file: module.relativeModuleId, name: test.fullName, reason: result.note ?? null });
      } else failedHere += 1; // failed, or cut off before its end
    }
    failed += failedHere === 0 && !module.ok() ? 1 : failedHere;
  }
  return { passed, failed, skipped };
}
