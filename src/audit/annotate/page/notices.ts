import { type Annotation, fromReference, toReference } from "../model/document.ts";
import type { Current, Session } from "../model/session.ts";
import type { Words } from "../model/words.ts";
import { button, element } from "./elements.ts";
import type { Link } from "./link.ts";

interface Acts {
  readonly takeTheirs: (theirs: Current) => void;
  readonly writeMine: (theirs: Current) => void;
  readonly annotation: () => Annotation;
}

/** What the annotator has to know: whether all is saved, who else writes, what is wrong with the file. */
export class Notices {
  readonly status = element("p", { class: "status", role: "status" });
  readonly root = element("div", { class: "notices" });
  readonly #words: Words;
  readonly #session: Session;
  readonly #acts: Acts;
  #shown = "";
  isRestored = false;
  isUnplayable = false;

  constructor(words: Words, session: Session, acts: Acts) {
    this.#words = words;
    this.#session = session;
    this.#acts = acts;
  }

  render(link: Link): void {
    const { state, problems, otherWindows } = link;
    const shown = JSON.stringify([state, problems, otherWindows, this.isRestored, this.isUnplayable]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const words = this.#words;
    this.status.dataset["kind"] = state.kind;
    this.status.textContent =
      state.kind === "saved" ? words.saved : state.kind === "saving" ? words.saving : words.unsaved;
    const notices: HTMLElement[] = [];
    if (this.isUnplayable) notices.push(this.#unplayable());
    if (state.kind === "lost") notices.push(notice(words.lost, this.#copy()));
    if (state.kind === "failed") notices.push(notice(words.failed(state.why), this.#copy()));
    if (state.kind === "conflict") {
      const { theirs } = state;
      notices.push(
        notice(
          words.conflict,
          button(words.takeTheirs, () => this.#acts.takeTheirs(theirs)),
          button(words.writeMine, () => this.#acts.writeMine(theirs)),
          this.#copy(),
        ),
      );
    }
    if (otherWindows > 0) notices.push(notice(words.windows(otherWindows)));
    if (this.isRestored) notices.push(notice(words.restored));
    if (problems.length > 0) {
      const list = problems.slice(0, 5).map((problem) => element("li", {}, problem));
      const made = notice(words.problems(problems.length));
      made.append(element("ul", {}, ...list));
      notices.push(made);
    }
    this.root.replaceChildren(...notices);
  }

  #unplayable(): HTMLElement {
    const { codec, convert } = this.#session.video;
    const made = notice(`${this.#words.notPlayable(codec)} (ANNOTATE_NOT_PLAYABLE)`);
    made.append(
      element("p", {}, this.#words.convertWith),
      element("pre", { tabindex: "0" }, convert),
      element("p", {}, this.#words.copyRule),
    );
    return made;
  }

  /** What is annotated as a file of the browser's: it needs no program. */
  #copy(): HTMLElement {
    return button(this.#words.download, () => {
      const reference = { schema: "contrechamp/reference@1", ...toReference(this.#acts.annotation()) };
      const blob = new Blob([`${JSON.stringify(reference, null, 1)}\n`], { type: "application/json" });
      const href = URL.createObjectURL(blob);
      element("a", { href, download: this.#session.file }).click();
      URL.revokeObjectURL(href);
    });
  }
}

/** The annotation that a file holds. */
export function annotationOf(current: Current): Annotation {
  return fromReference(current.reference);
}

function notice(text: string, ...acts: readonly HTMLElement[]): HTMLElement {
  const made = element("section", { class: "notice", role: "alert" }, element("p", {}, text));
  if (acts.length > 0) made.append(element("div", { class: "row" }, ...acts));
  return made;
}
