/**
 * What is annotated, as the page holds it. These modules run in the browser and here: they know neither the page nor
 * the disk, so that they can be tested without either.
 */

/** `[left, top, width, height]` in px of the picture, as a reference has it. */
export type BoxTuple = readonly [number, number, number, number];

/** One event that somebody saw. Seconds of presentation time. */
export interface AnnotatedEvent {
  /** Tells it from the others for as long as the page is open; never written. */
  readonly id: number;
  readonly event: string;
  readonly rule: string | null;
  readonly begin: number;
  readonly end: number;
  readonly tolerance: number;
  readonly box: BoxTuple | null;
  readonly conditions: Readonly<Record<string, string>>;
  readonly note: string;
}

/** Persons in a rule's area, every so many seconds from 0 on, without a gap. */
export interface AnnotatedCounts {
  readonly rule: string;
  readonly everySeconds: number;
  readonly values: readonly number[];
}

export interface Annotation {
  readonly events: readonly AnnotatedEvent[];
  readonly counts: AnnotatedCounts | null;
}

/** The part of `contrechamp/reference@1` that is annotated here; the server keeps the rest of the file as it is. */
export interface ReferencePart {
  readonly events: readonly WrittenEvent[];
  readonly counts?: AnnotatedCounts;
}

export interface WrittenEvent {
  readonly event: string;
  readonly rule?: string;
  readonly begin: number;
  readonly end: number;
  readonly tolerance?: number | undefined;
  readonly box?: BoxTuple;
  readonly conditions?: Readonly<Record<string, string | number | boolean>>;
  readonly note?: string;
}

/** Takes up what a file says. The events get the numbers from 1 on. */
export function fromReference(part: ReferencePart): Annotation {
  return {
    events: part.events.map((event, index) => ({
      id: index + 1,
      event: event.event,
      rule: event.rule ?? null,
      begin: event.begin,
      end: event.end,
      tolerance: event.tolerance ?? 0,
      box: event.box ?? null,
      conditions: Object.fromEntries(
        Object.entries(event.conditions ?? {}).map(([key, value]) => [key, String(value)]),
      ),
      note: event.note ?? "",
    })),
    counts: part.counts ?? null,
  };
}

/** What the file is to say, events in the order of their beginning. */
export function toReference(annotation: Annotation): ReferencePart {
  return {
    events: inOrder(annotation.events).map(({ id: _id, rule, box, conditions, note, ...event }) => ({
      ...event,
      ...(rule === null ? {} : { rule }),
      ...(box === null ? {} : { box }),
      ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
      ...(note.trim() === "" ? {} : { note }),
    })),
    ...(annotation.counts === null ? {} : { counts: annotation.counts }),
  };
}

/** Events as they follow each other in time. */
export function inOrder(events: readonly AnnotatedEvent[]): readonly AnnotatedEvent[] {
  return events.toSorted((a, b) => a.begin - b.begin || a.end - b.end || a.id - b.id);
}

/** Events of one event and rule stand in one lane of the timeline, and in one group of the scores. */
export function laneOf(event: { readonly event: string; readonly rule: string | null }): string {
  return event.rule === null ? event.event : `${event.event} · ${event.rule}`;
}

/** To the microsecond: below any video's clock, and short to read in the file. */
export function roundedSeconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
