import { movedBox, resizedBox, startingBox } from "../model/box.ts";
import { fromReference, inOrder } from "../model/document.ts";
import { type Command, commandOf } from "../model/keys.ts";
import type { Kind, PageLanguage, Session } from "../model/session.ts";
import { type Action, initialState, neighbour, reduce, type State, selectedEvent } from "../model/state.ts";
import { clock } from "../model/time-view.ts";
import { WORDS, type Words } from "../model/words.ts";
import { Layout } from "./layout.ts";
import { Link } from "./link.ts";
import { annotationOf } from "./notices.ts";
import { Player } from "./player.ts";

/** Steps of a box that is moved by keyboard, as a share of the picture's width. */
const NUDGE = 1 / 100;

/** Holds the one state; everything that is seen follows from it. */
export class App {
  readonly #root: HTMLElement;
  readonly #session: Session;
  readonly #player: Player;
  readonly #link: Link;
  #state: State;
  #words: Words;
  #language: PageLanguage;
  #layout: Layout;
  #lastKind: Kind;
  #frame = 0;

  constructor(root: HTMLElement, session: Session) {
    this.#root = root;
    this.#session = session;
    this.#language = session.language;
    this.#words = WORDS[this.#language];
    const annotation = annotationOf(session.current);
    this.#state = initialState(annotation);
    this.#lastKind = session.kinds[0] ?? { event: "zone_intrusion", rule: null };
    this.#player = new Player(session.video.rate, () => this.#soon());
    this.#link = new Link(session.current, annotation, () => this.#soon());
    this.#layout = this.#build();
    this.#player.video.addEventListener("error", () => {
      this.#layout.notices.isUnplayable = true;
      this.#soon();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#restore();
  }

  #build(): Layout {
    const words = this.#words;
    document.documentElement.lang = this.#language;
    const layout = new Layout(words, this.#session, this.#player, {
      dispatch: (action) => this.#dispatch(action),
      run: (command) => this.#run(command),
      say: (text) => this.#layout.say(text),
      goTo: (seconds) => this.#player.goTo(seconds),
      select: (id) => this.#select(id),
      kinds: () => this.#kinds(),
      nameOf: (kind) => this.#nameOf(kind),
      annotation: () => this.#state.annotation,
      takeTheirs: (theirs) => {
        this.#dispatch({ type: "replace", annotation: fromReference(theirs.reference) }, true);
        this.#link.takeTheirs(theirs, this.#state.annotation);
        this.#layout.say(words.did.replaced);
      },
      writeMine: (theirs) => this.#link.writeMine(theirs),
      switchLanguage: () => {
        this.#language = this.#language === "fr" ? "en" : "fr";
        this.#words = WORDS[this.#language];
        this.#layout = this.#build();
        this.#render();
      },
    });
    this.#root.replaceChildren(layout.root);
    return layout;
  }

  /** What was typed and not written when this page was last left, of the same run of the program. */
  #restore(): void {
    const kept = this.#link.kept();
    if (kept === null) {
      this.#render();
      return;
    }
    this.#layout.notices.isRestored = true;
    if (!kept.isOfThisRevision) this.#link.conflict(this.#session.current);
    this.#dispatch({ type: "replace", annotation: fromReference(kept.reference) });
  }

  /** Many changes, one drawing: before the next picture of the screen. */
  #soon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render();
    });
  }

  #render(): void {
    // Known when the player has seen the first picture, from which times are counted.
    const seconds = this.#player.duration;
    if (seconds > 0 && seconds !== this.#state.duration)
      this.#state = reduce(this.#state, { type: "duration", seconds });
    this.#layout.render(this.#state, this.#player, this.#link);
  }

  /** @param isOfFile the change comes from the file, and needs not be written to it */
  #dispatch(action: Action, isOfFile = false): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    if (this.#state.annotation !== before.annotation && !isOfFile) this.#link.changed(this.#state.annotation);
    const { mode } = this.#state;
    if (mode.kind === "count" && (before.mode.kind !== "count" || before.mode.index !== mode.index)) {
      this.#player.pause();
      this.#player.goTo(mode.index * mode.everySeconds);
    }
    this.#soon();
  }

  #key(event: KeyboardEvent): void {
    const { target } = event;
    if (event.isComposing || !(target instanceof HTMLElement)) return;
    const isTyped = target.matches("input, textarea, select");
    if (isTyped) {
      if (event.key === "Escape") this.#layout.focusWork();
      // Fields undo what is typed by themselves only while they have the focus: the page's own history holds it all.
      if (!(event.ctrlKey || event.metaKey) || !"zy".includes(event.key.toLowerCase())) return;
    }
    const command = commandOf(event, this.#state.mode.kind);
    if (command === null) return;
    const isControl = target.closest("button, a, summary, [tabindex]:not(.work)") !== null;
    if (isControl && (event.key === " " || event.key === "Enter" || event.key === "Tab")) return;
    if (event.key === "Tab") {
      // Past the last event Tab goes on through the page, as everywhere.
      const isHere = target === document.body || target.closest(".work") !== null;
      if (!isHere || neighbour(this.#state, event.shiftKey ? -1 : 1) === null) return;
    }
    event.preventDefault();
    if (isTyped) target.blur();
    this.#run(command);
  }

  #run(command: Command): void {
    const { did } = this.#words;
    const player = this.#player;
    const say = (text: string): void => this.#layout.say(text);
    switch (command.kind) {
      case "playPause":
        player.playPause();
        return;
      case "pause":
        player.pause();
        return;
      case "faster":
      case "backwards":
        player[command.kind]();
        say(did.rate(`${player.speed} ×`));
        return;
      case "frameBack":
        player.step(-1);
        return;
      case "frameForward":
        player.step(1);
        return;
      case "secondBack":
        player.goTo(player.time - 1);
        return;
      case "secondForward":
        player.goTo(player.time + 1);
        return;
      case "start":
        player.goTo(0);
        return;
      case "finish":
        player.goTo(player.duration);
        return;
      case "begin":
      case "end":
        this.#setTime(command.kind);
        return;
      case "add":
        this.#add();
        return;
      case "choose":
        this.#choose(command.index);
        return;
      case "next":
      case "previous": {
        const id = neighbour(this.#state, command.kind === "next" ? 1 : -1);
        if (id !== null) this.#select(id);
        return;
      }
      case "delete":
        if (selectedEvent(this.#state) === null) {
          say(did.noEvent);
          return;
        }
        this.#dispatch({ type: "delete" });
        say(did.deleted);
        return;
      case "undo":
      case "redo":
        this.#travel(command.kind);
        return;
      case "box":
        this.#draw();
        return;
      case "nudge":
        this.#nudge(command);
        return;
      case "removeBox":
        this.#dispatch({ type: "removeBox" });
        say(did.boxRemoved);
        return;
      case "accept":
        this.#accept();
        return;
      case "cancel":
        if (this.#state.mode.kind !== "mark") say(did.cancelled);
        this.#dispatch({ type: "cancel" });
        return;
      case "count":
        this.#layout.counts.start();
        return;
      case "countOne":
      case "uncountOne":
        this.#dispatch(command.kind === "countOne" ? { type: "mark", at: null } : { type: "unmark" });
        this.#sayCount();
        return;
      case "countBack": {
        const { mode } = this.#state;
        if (mode.kind === "count") this.#dispatch({ ...mode, type: "count", index: mode.index - 1 });
        return;
      }
      case "zoomIn":
        this.#layout.timeline.zoom(0.5);
        return;
      case "zoomOut":
        this.#layout.timeline.zoom(2);
        return;
      case "zoomAll":
        this.#layout.timeline.zoomAll();
        return;
      case "help":
        this.#layout.help();
        return;
    }
  }

  #setTime(which: "begin" | "end"): void {
    if (selectedEvent(this.#state) === null) {
      this.#layout.say(this.#words.did.noEvent);
      return;
    }
    this.#dispatch({ type: which, at: this.#player.time });
    this.#layout.say(this.#words.did[which](clock(this.#player.time)));
  }

  #add(): void {
    const { event, rule } = this.#lastKind;
    const at = this.#player.time;
    this.#dispatch({ type: "add", event, rule, at, tolerance: this.#session.tolerance });
    this.#layout.say(this.#words.did.added(this.#nameOf(this.#lastKind), clock(at)));
  }

  #choose(index: number): void {
    const kind = this.#kinds()[index];
    if (kind === undefined) return;
    this.#lastKind = kind;
    this.#dispatch({ type: "kind", ...kind });
    this.#layout.say(this.#words.did.kind(this.#nameOf(kind)));
  }

  #select(id: number): void {
    this.#dispatch({ type: "select", id });
    const event = selectedEvent(this.#state);
    if (event === null) return;
    this.#player.pause();
    this.#player.goTo(event.begin);
    const events = inOrder(this.#state.annotation.events);
    const place = events.indexOf(event) + 1;
    const { did } = this.#words;
    this.#layout.say(
      did.selected(place, events.length, this.#nameOf(event), clock(event.begin), clock(event.end)),
    );
  }

  #travel(direction: "undo" | "redo"): void {
    const { did } = this.#words;
    const before = this.#state;
    this.#dispatch({ type: direction });
    const isDone = this.#state !== before;
    if (direction === "undo") this.#layout.say(isDone ? did.undone : did.nothingToUndo);
    else this.#layout.say(isDone ? did.redone : did.nothingToRedo);
  }

  #draw(): void {
    const event = selectedEvent(this.#state);
    if (event === null) {
      this.#layout.say(this.#words.did.noEvent);
      return;
    }
    this.#player.pause();
    this.#dispatch({ type: "draw", box: event.box ?? startingBox(this.#session.video) });
    this.#layout.focusWork();
    this.#layout.say(this.#words.did.drawing);
  }

  #nudge({ dx, dy, resize, fine }: Extract<Command, { readonly kind: "nudge" }>): void {
    const { mode } = this.#state;
    if (mode.kind !== "box") return;
    const { video } = this.#session;
    const step = fine ? 1 : Math.max(1, Math.round(video.width * NUDGE));
    const change = resize ? resizedBox : movedBox;
    this.#dispatch({ type: "draw", box: change(mode.box, dx * step, dy * step, video) });
  }

  #accept(): void {
    const { mode } = this.#state;
    const { did, countOver } = this.#words;
    if (mode.kind === "box") {
      this.#dispatch({ type: "acceptBox" });
      this.#layout.say(did.boxDone);
    } else if (mode.kind === "count") {
      this.#dispatch({ type: "acceptCount" });
      this.#layout.say(this.#state.mode.kind === "count" ? did.counted(mode.marks.length) : countOver);
    }
  }

  #sayCount(): void {
    const { mode } = this.#state;
    if (mode.kind === "count") this.#layout.say(this.#words.did.marked(mode.marks.length));
  }

  /** What digits choose: what the camera's rules and the law name, then what the file holds besides. */
  #kinds(): readonly Kind[] {
    const kinds = [...this.#session.kinds];
    for (const { event, rule } of this.#state.annotation.events) {
      if (!kinds.some((known) => known.event === event && known.rule === rule)) kinds.push({ event, rule });
    }
    return kinds;
  }

  #nameOf({ event, rule }: Kind): string {
    const labels = this.#session.labels[this.#language];
    const label = (Object.hasOwn(labels, event) ? labels[event] : undefined) ?? event.replaceAll("_", " ");
    return rule === null ? label : `${label} · ${rule}`;
  }
}
