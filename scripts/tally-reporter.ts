/** What the test runner found, with the reason of each skipped test, for the closing line of `npm test`. */
import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule } from "vitest/node";

export interface Tally {
  readonly passed: number;
  /** Failed tests, and files or hooks that failed without reaching a test. */
  readonly failed: number;
  /** `reason` is null where the test was marked as skipped in its source: its name says why. */
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
        const reason = result.note ?? (setUpFailed(test) ? "its set-up failed" : null);
        skipped.push({ file: module.relativeModuleId, name: test.fullName, reason });
      } else failedHere += 1; // failed, or cut off before its end
    }
    failed += failedHere === 0 && !module.ok() ? 1 : failedHere;
  }
  return { passed, failed, skipped };
}

/** Whether the test was let go because something that encloses it failed. */
function setUpFailed(test: TestCase): boolean {
  for (let suite: TestCase["parent"] = test.parent; ; suite = suite.parent) {
    if (suite.errors().length > 0) return true;
    if (suite.type === "module") return false;
  }
}
