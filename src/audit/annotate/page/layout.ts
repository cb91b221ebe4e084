import type { Annotation } from "../model/document.ts";
import type { Command } from "../model/keys.ts";
import type { Current, Kind, Session } from "../model/session.ts";
import { type Action, type State, selectedEvent } from "../model/state.ts";
import { clock } from "../model/time-view.ts";
import type { Words } from "../model/words.ts";
import { CountForm } from "./count-form.ts";
import { button, element } from "./elements.ts";
import { EventForm } from "./event-form.ts";
import { EventList } from "./event-list.ts";
import { helpDialog } from "./help.ts";
import type { Link } from "./link.ts";
import { Notices } from "./notices.ts";
import { Picture } from "./picture.ts";
import type { Player } from "./player.ts";
import { Timeline } from "./timeline.ts";

/** What the parts of the page can ask for. */
export interface PageActs {
  readonly dispatch: (action: Action) => void;
  readonly run: (command: Command) => void;
  readonly say: (text: string) => void;
  readonly goTo: (seconds: number) => void;
  readonly select: (id: number) => void;
  readonly kinds: () => readonly Kind[];
  readonly nameOf: (kind: Kind) => string;
  readonly annotation: () => Annotation;
  readonly takeTheirs: (theirs: Current) => void;
  readonly writeMine: (theirs: Current) => void;
  readonly switchLanguage: () => void;
}

/** The page: the work area with picture and timeline, the events beside it. */
export class Layout {
  readonly root: HTMLElement;
  readonly notices: Notices;
  readonly counts: CountForm;
  readonly timeline: Timeline;
  readonly #words: Words;
  readonly #picture: Picture;
  readonly #form: EventForm;
  readonly #list: EventList;
  readonly #work: HTMLElement;
  readonly #said = element("p", { class: "said", "aria-live": "polite" });
  readonly #hint = element("p", { class: "hint" });
  readonly #clock = element("span", { class: "clock mono" });
  readonly #play: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #help: HTMLDialogElement;

  constructor(words: Words, session: Session, player: Player, acts: PageActs) {
    this.#words = words;
    const { dispatch, run, nameOf } = acts;
    this.notices = new Notices(words, session, acts);
    this.timeline = new Timeline(words, acts);
    this.#picture = new Picture(player.video, session.video, words, {
      draw: (box) => dispatch({ type: "draw", box }),
      acceptBox: () => run({ kind: "accept" }),
      mark: (at) => dispatch({ type: "mark", at }),
    });
    this.#form = new EventForm(words, {
      dispatch,
      nameOf,
      kinds: acts.kinds,
      setHere: (which) => run({ kind: which }),
      draw: () => run({ kind: "box" }),
      remove: () => run({ kind: "removeBox" }),
    });
    this.#list = new EventList(words, acts);
    const rules = [...new Set(session.kinds.flatMap(({ rule }) => rule ?? []))];
    this.counts = new CountForm(words, { dispatch, rules, say: acts.say });
    this.#help = helpDialog(words);

    this.#play = button(words.play, () => run({ kind: "playPause" }), { class: "play" });
    const back = button("◂", () => run({ kind: "frameBack" }), {
      "aria-label": words.frameBack,
      title: words.frameBack,
    });
    const on = button("▸", () => run({ kind: "frameForward" }), {
      "aria-label": words.frameForward,
      title: words.frameForward,
    });
    const transport = element("div", { class: "row" }, this.#play, back, on, this.#clock, this.#hint);
    this.#work = element(
      "div",
      { class: "work", tabindex: "0", role: "application", "aria-label": words.workArea },
      this.#picture.root,
      transport,
      this.timeline.root,
    );
    this.#undo = button(words.undo, () => run({ kind: "undo" }), { class: "quiet" });
    this.#redo = button(words.redo, () => run({ kind: "redo" }), { class: "quiet" });
    const edit = element(
      "div",
      { class: "row spread" },
      button(words.add, () => run({ kind: "add" }), { class: "main" }, "N"),
      element("div", { class: "row" }, this.#undo, this.#redo),
    );
    const side = element(
      "div",
      { class: "side" },
      edit,
      element("section", { "aria-label": words.event }, this.#form.root),
      element("section", { class: "listed" }, this.#list.root),
      element("section", {}, this.counts.root),
    );
    const other = button(words.otherLanguage, acts.switchLanguage, {
      class: "quiet",
      lang: words.otherLanguage === "English" ? "en" : "fr",
    });
    const header = element(
      "header",
      {},
      element(
        "div",
        { class: "names" },
        element("h1", {}, session.video.name),
        element("p", { class: "muted" }, words.writes(session.file)),
      ),
      element(
        "div",
        { class: "row" },
        this.notices.status,
        button(words.keys, () => this.help(), {}, "?"),
        other,
      ),
    );
    const top = element("div", { class: "top" }, header, this.notices.root);
    // What stays in sight below it must know how high it is.
    new ResizeObserver(() => this.root.style.setProperty("--top", `${top.offsetHeight}px`)).observe(top);
    this.root = element(
      "div",
      { class: "page" },
      top,
      element("div", { class: "columns" }, element("div", { class: "left" }, this.#work, this.#said), side),
      this.#help,
    );
  }

  render(state: State, player: Player, link: Link): void {
    const words = this.#words;
    const { mode } = state;
    this.#picture.render(state, player.time);
    this.timeline.render(state, player.time);
    this.#form.render(selectedEvent(state));
    this.#list.render(state);
    this.counts.render(state);
    this.notices.render(link);
    const speed = player.speed;
    const factor = speed === 0 || speed === 1 ? "" : `  ${speed} ×`;
    this.#clock.textContent = `${clock(player.time)} / ${clock(player.duration)}${factor}`;
    this.#play.textContent = speed === 0 ? words.play : words.pause;
    this.#undo.disabled = state.past === null;
    this.#redo.disabled = state.future === null;
    this.#hint.textContent =
      mode.kind === "box"
        ? words.boxHelp
        : mode.kind === "count"
          ? words.countHelp(mode.marks.length, clock(mode.index * mode.everySeconds))
          : "";
  }

  /** Says what changed, to eyes and ears. */
  say(text: string): void {
    this.#said.textContent = text;
  }

  focusWork(): void {
    this.#work.focus({ preventScroll: true });
  }

  help(): void {
    this.#help.showModal();
  }
}
