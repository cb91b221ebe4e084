import { join, resolve } from "node:path";
import type { AlignmentKind } from "../../audit/record.ts";
import { mayWrite, RECORD_FILE, writeRecord } from "../../audit/record-file.ts";
import { AUTHORITY_FILES, writeAuthority } from "../../audit/run/authority-files.ts";
import { runSuite } from "../../audit/run/run-suite.ts";
import type { Suite } from "../../audit/suite.ts";
import type { EngineConfig } from "../../config/schema.ts";
import { systemClock } from "../../time/clock.ts";
import { accountName } from "../account.ts";
import { commandLine } from "../authorise/change.ts";

interface Measurement {
  readonly suite: Suite;
  readonly engine: EngineConfig;
  readonly alignment: AlignmentKind;
  /** Where the record goes. */
  readonly folder: string;
  readonly force: boolean;
  /** Told of each clip that has ended. */
  readonly onClip: (id: string, done: number, clips: number) => void;
}

/**
 * Measures what was fixed and writes the record, with its stills and the authorisation that it ran under, as
 * `audit run --report` does. It always begins anew: what was measured earlier was measured before the thresholds stood.
 * @throws AUDIT_EXISTS before anything runs, and what `runSuite` throws
 */
export async function measure(of: Measurement): Promise<void> {
  const folder = resolve(of.folder);
  for (const name of [RECORD_FILE, ...AUTHORITY_FILES]) await mayWrite(join(folder, name), of.force);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const { record, authority, forget } = await runSuite(of.suite, {
      engine: of.engine,
      alignment: of.alignment,
      recallBias: 1,
      jobs: null,
      contested: false,
      folder,
      fresh: true,
      by: accountName(),
      command: commandLine(...process.argv.slice(2)),
      clock: systemClock,
      signal: stop.signal,
      onProgress: ({ ended, done, clips }) => {
        if (ended !== null) of.onClip(ended.id, done, clips);
      },
    });
    await writeRecord(record, folder);
    await writeAuthority(authority, folder);
    await forget();
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
