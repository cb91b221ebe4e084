import { availableParallelism } from "node:os";
import type { Alert } from "../alerts/alert.ts";
import { toPayload } from "../engine/ledger.ts";
import type { SupervisedJob, TraceMessage } from "../engine/messages.ts";
import { RollUp } from "../engine/roll-up.ts";
import type { HealthEntry } from "../engine/run-summary.ts";
import { type CameraResult, Supervisor } from "../engine/supervisor.ts";
import { asCoded } from "../errors.ts";
import type { LeafPlace } from "../evidence/vault/register.ts";
import { LASTING_HEALTH } from "../frames/health.ts";
import type { JournalEntry } from "../journal/leaf.ts";
import { decisionRef } from "../policy/decision-ref.ts";
import { acknowledgeHolds } from "../policy/hold-seen.ts";
import { type Seconds, systemClock } from "../time/clock.ts";
import type { Narrator } from "./narrator.ts";
import type { RunDisplay } from "./run-display.ts";
import type { RunFolder } from "./run-folder.ts";
import type { OpenSite } from "./site.ts";

export interface SupervisedRun {
  readonly jobs: readonly SupervisedJob[];
  readonly site: OpenSite;
  readonly state: string;
  readonly folder: RunFolder;
  readonly narrator: Narrator;
  readonly display: RunDisplay;
  /** Aborts when the journal can no longer be written: nothing that leaves no trace goes on. */
  readonly signal: AbortSignal;
}

/** As a shell has it: 128 and SIGINT. */
export const INTERRUPTED = 130;
/** Signals that come closer together are one. */
const ONE_SIGNAL: Seconds = 0.5;

/** Runs the cameras under the site's authority; everything leaves its trace before it is shown. */
export async function supervise(
  run: SupervisedRun,
): Promise<{ results: readonly CameraResult[]; interrupted: boolean }> {
  const { jobs, site, folder, narrator, display } = run;
  const { authority, ledger } = site;
  let interrupted = false;
  let saidNoRules = false;
  /** Alerts that were shown, which is once their leaf was durable. */
  const shown = new Set<string>();
  /** Leaves of decisions whose evidence is still being made. */
  const decided = new Map<string, LeafPlace>();
  const lasting = new RollUp<{ cameraId: string; kind: string }>(systemClock, (counted) =>
    write("health", toPayload(counted)),
  );
  const write = (
    type: JournalEntry["type"],
    payload: JournalEntry["payload"],
    then?: Parameters<typeof ledger.write>[1],
  ) => ledger.write({ type, actor: "engine", payload }, then);
  const health = (cameraId: string, { kind, detail, code }: HealthEntry) => {
    if (LASTING_HEALTH.has(kind)) lasting.add({ cameraId, kind });
    else write("health", { cameraId, kind, detail, code });
    lasting.tick();
    if (kind === "view_moved") authority.viewMoved(cameraId);
  };
  const supervisor = new Supervisor({
    clock: systemClock,
    permission: authority,
    parallelRecordings: Math.max(1, Math.floor(availableParallelism() / 2)),
    events: {
      ready: (cameraId, info) => {
        const job = jobs.find((candidate) => candidate.camera.id === cameraId);
        write("start", {
          cameraId,
          footage: job?.authority.footage ?? null,
          recordingSha256: job?.authority.recordingSha256 ?? null,
        });
        display.begin(cameraId, info.duration);
        narrator.ready(cameraId, info);
        if ((job?.camera.rules.length ?? 0) > 0 || saidNoRules) return;
        saidNoRules = true;
        narrator.noRules(cameraId);
      },
      alert: (alert) => {
        write("alert", toPayload(alert), () => {
          shown.add(lineOf(alert));
          folder.alert(alert);
          narrator.alert(alert);
        });
      },
      trace: (message) => trace(message),
      health: (cameraId, entry) => {
        health(cameraId, entry);
        narrator.health(cameraId, entry);
      },
      progress: (cameraId, videoSeconds, wallSeconds) =>
        display.progress(cameraId, videoSeconds, wallSeconds),
      decoding: () => acknowledge(),
      ended: (cameraId, error) => {
        write("stop", { cameraId, reason: error?.code ?? null });
        display.end(cameraId);
        if (error !== null) narrator.failed(cameraId, error);
      },
    },
  });
  const trace = (message: TraceMessage) => {
    switch (message.kind) {
      case "standing":
        authority.recordStanding(message.decisions);
        narrator.standing(message.decisions);
        break;
      case "decision": {
        const ref = decisionRef(message.decision);
        write("decision", toPayload(message.decision), (leaf) => {
          if (site.vault !== null) decided.set(ref, leaf);
        });
        break;
      }
      case "sealed": {
        const { record } = message;
        const ref = record.grounds.decisionRef;
        void ledger.idle().then(() => {
          site.vault?.sealed(record, decided.get(ref) ?? null);
          decided.delete(ref);
        });
        break;
      }
      case "denials":
        write("denials", toPayload(message.denials));
        break;
      case "shadow":
        write("shadow_counts", toPayload(message.shadow));
        break;
      case "incident":
        authority.incident(message.incident.question.cameraId, message.incident);
        break;
    }
  };
  const acknowledge = () => {
    acknowledgeHolds(run.state, {
      holds: authority.world.holds,
      decoding: () => supervisor.decoding,
      cameras: jobs.map(({ camera }) => camera.id),
      clock: systemClock,
    }).catch((thrown: unknown) => narrator.failed("holds", asCoded(thrown)));
  };
  authority.onChange(() => {
    for (const { camera, live } of jobs) if (live) narrator.standing(authority.decisions(camera.id));
    acknowledge();
  });
  let firstAsked = 0;
  const stop = () => {
    if (interrupted) {
      // A service manager and a shell may both pass on the one signal that a person meant.
      if (systemClock.monotonic() - firstAsked < ONE_SIGNAL) return;
      display.close();
      supervisor.kill();
      process.exit(INTERRUPTED);
    }
    interrupted = true;
    firstAsked = systemClock.monotonic();
    narrator.stopping();
    supervisor.stop();
  };
  // Whoever reads the alerts has left (`| head`): as if by Ctrl-C, with what there is written.
  const unread = () => {
    if (!interrupted) stop();
  };
  run.signal.addEventListener("abort", () => supervisor.stop(), { once: true });
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.stdout.on("error", unread);
  try {
    site.follow();
    acknowledge();
    const results = await supervisor.run(jobs);
    lasting.flush();
    await ledger.idle();
    return { results: results.map((result) => onlyShown(result, shown)), interrupted };
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    process.stdout.off("error", unread);
  }
}

function lineOf({ id, kind }: Alert): string {
  return `${kind} ${id}`;
}

/** What left no trace, because the journal could not be written, is not told in the report either. */
function onlyShown(result: CameraResult, shown: ReadonlySet<string>): CameraResult {
  const alerts = result.summary.alerts.filter((alert) => shown.has(lineOf(alert)));
  return { ...result, summary: { ...result.summary, alerts } };
}
