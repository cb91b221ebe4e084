import type { CodedError } from "../../errors.ts";
import type { AlertFact, AlignmentKind, ClipFact, ReferenceFact, RuleFact } from "../record.ts";
import type { ReferenceEvent } from "../reference.ts";
import { align } from "../scoring/alignment.ts";
import { distractorFacts } from "../scoring/distractors.ts";
import type { SuiteClip } from "../suite.ts";
import type { ClipOutcome } from "./outcome.ts";

/** A reference event's moment: when an alert of it is due. */
export interface ReferenceMoment {
  readonly at: number;
  readonly ruleId: string;
  readonly event: ReferenceEvent;
}

/** The moments of a clip's reference events, in their order. */
export function referenceMoments(clip: SuiteClip): readonly ReferenceMoment[] {
  return clip.reference.events.flatMap((event) => {
    if (event.rule === null) return [];
    const after = clip.view.rules.find(({ id }) => id === event.rule)?.after ?? 0;
    return [{ at: Math.min(event.end, event.begin + after), ruleId: event.rule, event }];
  });
}

export interface ClipFactsInput {
  readonly clip: SuiteClip;
  readonly result: ClipOutcome | CodedError;
  readonly alignment: AlignmentKind;
  /** Folder of the clip's stills, relative to the record; null without. */
  readonly stills: string | null;
}

/** What a clip's run and its reference say of each other. */
export function clipFacts({ clip, result, alignment, stills }: ClipFactsInput): ClipFact {
  const outcome = isOutcome(result) ? result : null;
  const place = (still: string | null | undefined) =>
    stills === null || still === null || still === undefined ? null : `${stills}/${still}`;
  const moments = referenceMoments(clip);
  const rules = clip.view.rules.map((rule): RuleFact => {
    const references = moments
      .map((moment, index) => ({ ...moment, still: place(outcome?.momentStills[index]) }))
      .filter(({ ruleId }) => ruleId === rule.id);
    const alerts = (outcome?.alerts ?? [])
      .filter(({ ruleId }) => ruleId === rule.id)
      .map(({ at, until, box, still }) => ({ at, until, box, still, confidence: null }));
    const matched = align(
      alignment,
      references.map(({ event }) => event),
      alerts,
    );
    const distractors = clip.reference.distractors.filter((one) => one.rule === rule.id);
    return {
      rule: rule.id,
      event: rule.event,
      watched: true,
      reason: null,
      after: rule.after,
      references: references.map(
        ({ event, still }, index): ReferenceFact => ({
          begin: event.begin,
          end: event.end,
          tolerance: event.tolerance,
          box: event.box,
          conditions: { ...event.conditions },
          alert: matched.references[index] ?? null,
          still,
        }),
      ),
      alerts: alerts.map(
        ({ still, ...alert }, index): AlertFact => ({
          ...alert,
          outcome: matched.alerts[index]?.outcome ?? "false_alarm",
          reference: matched.alerts[index]?.reference ?? null,
          origin: null,
          still: place(still),
        }),
      ),
      ...(distractors.length === 0
        ? {}
        : { distractors: [...distractorFacts(distractors, alerts, matched.alerts)] }),
    };
  });
  return {
    id: clip.id,
    seconds: outcome?.seconds ?? 0,
    camera: clip.cameraKey,
    conditions: { ...clip.conditions },
    videoSha256: clip.videoSha256,
    referenceSha256: clip.referenceSha256,
    picture: clip.picture,
    rules,
    counts: outcome?.counts ?? null,
    tracking: outcome?.tracking ?? null,
    contested: outcome?.contested ?? [],
    background: place(outcome?.background),
    wallSeconds: outcome?.wallSeconds ?? null,
    cpuSeconds: outcome?.cpuSeconds ?? null,
    health: outcome?.health ?? [],
    suspendedSeconds: outcome?.suspendedSeconds ?? 0,
    fault: isOutcome(result) ? null : { code: result.code, message: result.message },
  };
}

function isOutcome(result: ClipOutcome | CodedError): result is ClipOutcome {
  return !(result instanceof Error);
}
