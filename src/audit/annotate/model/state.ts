import type { AnnotatedCounts, AnnotatedEvent, Annotation, BoxTuple } from "./document.ts";
import { inOrder, roundedSeconds } from "./document.ts";

/** A place in the picture, px; null for one that was counted by keyboard. */
export type CountMark = readonly [number, number] | null;

/** What the keys do now. */
export type Mode =
  | { readonly kind: "mark" }
  /** A box is being drawn for the selected event; nothing of it is written before it is accepted. */
  | { readonly kind: "box"; readonly box: BoxTuple }
  /** Heads are being counted at one instant. Where they are is forgotten when the number is accepted. */
  | {
      readonly kind: "count";
      readonly rule: string;
      readonly everySeconds: number;
      readonly index: number;
      readonly marks: readonly CountMark[];
    };

/** A step back: what was annotated and selected before it. */
interface Step {
  readonly annotation: Annotation;
  readonly selected: number | null;
  readonly before: Step | null;
}

/** All that the page knows. Never changed in place. */
export interface State {
  readonly annotation: Annotation;
  /** Id of the selected event. */
  readonly selected: number | null;
  readonly mode: Mode;
  /** Length of the recording, null until it is known. */
  readonly duration: number | null;
  readonly past: Step | null;
  readonly future: Step | null;
  /** What the last change typed into: more of the same is one step of undo. */
  readonly typing: string | null;
  readonly nextId: number;
}

export type Action =
  | { readonly type: "duration"; readonly seconds: number }
  | {
      readonly type: "add";
      readonly event: string;
      readonly rule: string | null;
      readonly at: number;
      readonly tolerance: number;
    }
  | { readonly type: "begin" | "end"; readonly at: number }
  | { readonly type: "kind"; readonly event: string; readonly rule: string | null }
  | {
      readonly type: "edit";
      readonly change: Partial<Pick<AnnotatedEvent, "begin" | "end" | "tolerance" | "conditions" | "note">>;
      /** Name of a field that is typed into; null for a change that stands for itself. */
      readonly typing: string | null;
    }
  | { readonly type: "delete" }
  | { readonly type: "select"; readonly id: number | null }
  | { readonly type: "next" | "previous" }
  | { readonly type: "undo" | "redo" }
  /** Another state of the file takes the place of this one; it can be undone. */
  | { readonly type: "replace"; readonly annotation: Annotation }
  | { readonly type: "draw"; readonly box: BoxTuple }
  | { readonly type: "acceptBox" }
  | { readonly type: "removeBox" }
  | { readonly type: "count"; readonly rule: string; readonly everySeconds: number; readonly index: number }
  | { readonly type: "mark"; readonly at: CountMark }
  | { readonly type: "unmark" }
  | { readonly type: "acceptCount" }
  | { readonly type: "deleteCounts" }
  | { readonly type: "cancel" };

const MARKING: Mode = { kind: "mark" };

/** The state when a file was opened. */
export function initialState(annotation: Annotation): State {
  return {
    annotation,
    selected: null,
    mode: MARKING,
    duration: null,
    past: null,
    future: null,
    typing: null,
    nextId: Math.max(0, ...annotation.events.map(({ id }) => id)) + 1,
  };
}

/** What follows from an action. The same state is given back where there is nothing to do. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "duration":
      return { ...state, duration: action.seconds };
    case "add":
      return added(state, action);
    case "begin":
    case "end":
      return changed(state, (event) => withTime(event, action.type, timeWithin(state, action.at)));
    case "kind":
      return changed(state, (event) => ({ ...event, event: action.event, rule: action.rule }));
    case "edit":
      return edited(state, action.change, action.typing);
    case "delete":
      return deleted(state);
    case "select":
      if (action.id !== null && eventOf(state.annotation, action.id) === null) return state;
      return { ...state, selected: action.id, typing: null, mode: MARKING };
    case "next":
      return { ...state, selected: neighbour(state, 1) ?? state.selected, typing: null };
    case "previous":
      return { ...state, selected: neighbour(state, -1) ?? state.selected, typing: null };
    case "undo":
      return undone(state);
    case "redo":
      return redone(state);
    case "replace":
      return replaced(state, action.annotation);
    case "draw":
      return selectedEvent(state) === null ? state : { ...state, mode: { kind: "box", box: action.box } };
    case "acceptBox": {
      const { mode } = state;
      if (mode.kind !== "box") return state;
      return { ...changed(state, (event) => ({ ...event, box: mode.box })), mode: MARKING };
    }
    case "removeBox":
      return { ...changed(state, (event) => ({ ...event, box: null })), mode: MARKING };
    case "count":
      return counting(state, action);
    case "mark":
      return withMarks(state, (marks) => [...marks, action.at]);
    case "unmark":
      return withMarks(state, (marks) => marks.slice(0, -1));
    case "acceptCount":
      return counted(state);
    case "deleteCounts":
      if (state.annotation.counts === null) return state;
      return { ...stepped(state, { ...state.annotation, counts: null }), mode: MARKING };
    case "cancel":
      return state.mode.kind === "mark" ? state : { ...state, mode: MARKING };
  }
}

/** The selected event, null where none is. */
export function selectedEvent(state: State): AnnotatedEvent | null {
  return state.selected === null ? null : eventOf(state.annotation, state.selected);
}

/** The id of the event after (1) or before (-1) the selected one; null past the ends. */
export function neighbour(state: State, step: 1 | -1): number | null {
  const ids = inOrder(state.annotation.events).map(({ id }) => id);
  if (state.selected === null) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[ids.indexOf(state.selected) + step] ?? null;
}

function eventOf(annotation: Annotation, id: number): AnnotatedEvent | null {
  return annotation.events.find((event) => event.id === id) ?? null;
}

/** Makes a change that can be undone. */
function stepped(state: State, annotation: Annotation, typing: string | null = null): State {
  const goesOn = typing !== null && typing === state.typing;
  const { selected } = state;
  return {
    ...state,
    annotation,
    typing,
    future: null,
    past: goesOn ? state.past : { annotation: state.annotation, selected, before: state.past },
  };
}

function added(
  state: State,
  { event, rule, at, tolerance }: Extract<Action, { readonly type: "add" }>,
): State {
  const begin = timeWithin(state, at);
  const made: AnnotatedEvent = {
    id: state.nextId,
    event,
    rule,
    begin,
    end: begin,
    tolerance,
    box: null,
    conditions: {},
    note: "",
  };
  const events = [...state.annotation.events, made];
  const next = stepped(state, { ...state.annotation, events });
  return { ...next, selected: made.id, nextId: made.id + 1, mode: MARKING };
}

function changed(
  state: State,
  change: (event: AnnotatedEvent) => AnnotatedEvent,
  typing: string | null = null,
): State {
  const before = selectedEvent(state);
  if (before === null) return state;
  const after = change(before);
  if (JSON.stringify(after) === JSON.stringify(before)) return state;
  const events = state.annotation.events.map((event) => (event.id === before.id ? after : event));
  const field = typing === null ? null : `${before.id} ${typing}`;
  return stepped(state, { ...state.annotation, events }, field);
}

function edited(
  state: State,
  { begin, end, ...rest }: Extract<Action, { readonly type: "edit" }>["change"],
  typing: string | null,
): State {
  return changed(
    state,
    (event) => {
      const first = begin === undefined ? event : withTime(event, "begin", timeWithin(state, begin));
      const both = end === undefined ? first : withTime(first, "end", timeWithin(state, end));
      return { ...both, ...rest };
    },
    typing,
  );
}

/** An event never ends before it begins: the other end comes along. */
function withTime(event: AnnotatedEvent, which: "begin" | "end", at: number): AnnotatedEvent {
  return which === "begin"
    ? { ...event, begin: at, end: Math.max(at, event.end) }
    : { ...event, begin: Math.min(at, event.begin), end: at };
}

function timeWithin({ duration }: State, at: number): number {
  return roundedSeconds(Math.min(Math.max(0, at), duration ?? Number.POSITIVE_INFINITY));
}

function deleted(state: State): State {
  const gone = selectedEvent(state);
  if (gone === null) return state;
  const selected = neighbour(state, 1) ?? neighbour(state, -1);
  const events = state.annotation.events.filter(({ id }) => id !== gone.id);
  return { ...stepped(state, { ...state.annotation, events }), selected, mode: MARKING };
}

function undone(state: State): State {
  const { past, annotation, selected, future } = state;
  if (past === null) return state;
  const undoneStep: Step = { annotation, selected, before: future };
  return at(state, past, { past: past.before, future: undoneStep });
}

function redone(state: State): State {
  const { future, annotation, selected, past } = state;
  if (future === null) return state;
  const doneStep: Step = { annotation, selected, before: past };
  return at(state, future, { past: doneStep, future: future.before });
}

function at(state: State, step: Step, history: Pick<State, "past" | "future">): State {
  const { annotation, selected } = step;
  return { ...state, ...history, annotation, selected, typing: null, mode: MARKING };
}

function replaced(state: State, annotation: Annotation): State {
  // The file's events get new numbers: none may be mistaken for one that undo brings back.
  const events = annotation.events.map((event, index) => ({ ...event, id: state.nextId + index }));
  const next = stepped(state, { ...annotation, events });
  return { ...next, selected: null, mode: MARKING, nextId: state.nextId + events.length };
}

/** Counting goes on at the first instant without a number: a reference's counts have no gaps. */
function counting(
  state: State,
  { rule, everySeconds, index }: Extract<Action, { readonly type: "count" }>,
): State {
  const { counts } = state.annotation;
  const settings = counts ?? { rule, everySeconds };
  const known = counts?.values.length ?? 0;
  const allowed = Math.min(Math.max(0, index), known);
  if (allowed * settings.everySeconds > (state.duration ?? Number.POSITIVE_INFINITY))
    return { ...state, mode: MARKING };
  const { rule: of, everySeconds: every } = settings;
  return { ...state, mode: { kind: "count", rule: of, everySeconds: every, index: allowed, marks: [] } };
}

function withMarks(state: State, change: (marks: readonly CountMark[]) => readonly CountMark[]): State {
  const { mode } = state;
  return mode.kind === "count" ? { ...state, mode: { ...mode, marks: change(mode.marks) } } : state;
}

function counted(state: State): State {
  const { mode } = state;
  if (mode.kind !== "count") return state;
  const { rule, everySeconds, index, marks } = mode;
  const values = [...(state.annotation.counts?.values ?? [])];
  values[index] = marks.length;
  const counts: AnnotatedCounts = { rule, everySeconds, values };
  const next = stepped(state, { ...state.annotation, counts });
  return counting(next, { type: "count", rule, everySeconds, index: index + 1 });
}
