import { type Annotation, type ReferencePart, toReference } from "../model/document.ts";
import type { Current, Pulse, Refused, Saved } from "../model/session.ts";

export type LinkState =
  | { readonly kind: "saved" | "saving" | "unsaved" | "lost" }
  | { readonly kind: "failed"; readonly why: string }
  /** Somebody else changed the file; nothing is written before it is decided whose holds. */
  | { readonly kind: "conflict"; readonly theirs: Current };

/** What was typed and not yet written when the page was left. */
interface Kept {
  readonly revision: number;
  readonly reference: ReferencePart;
}

const SAVE_AFTER_MS = 300;
const PULSE_MS = 2000;
const PATIENCE_MS = 10_000;

/**
 * Keeps file and page alike: each change is sent within a second, again until it has arrived, and lies in the
 * browser's own store meanwhile. Asks regularly whether the program is there and nobody else has changed the file.
 */
export class Link {
  readonly #window = crypto.randomUUID();
  // The address holds the token of this run: what another run left is never mistaken for this one's.
  readonly #place = `contrechamp-annotate ${location.pathname}`;
  readonly #tell: () => void;
  #state: LinkState = { kind: "saved" };
  #problems: readonly string[];
  #windows = 1;
  #revision: number;
  /** As JSON: what the file says, and what it is to say. */
  #written: string;
  #wanted: string;
  #timer: number | null = null;
  #sending = false;

  /** @param tell called when the state changed */
  constructor(current: Current, annotation: Annotation, tell: () => void) {
    this.#revision = current.revision;
    this.#problems = current.problems;
    this.#written = textOf(annotation);
    this.#wanted = this.#written;
    this.#tell = tell;
    void this.#pulse();
    setInterval(() => void this.#pulse(), PULSE_MS);
    addEventListener("beforeunload", (event) => {
      if (this.#wanted !== this.#written) event.preventDefault();
    });
    addEventListener("pagehide", () => {
      void this.#send(true);
      void fetch(`pulse?window=${this.#window}&left`, { keepalive: true }).catch(() => {});
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** What the audit would refuse in the file as it is. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  get otherWindows(): number {
    return this.#windows - 1;
  }

  /** What an earlier visit of this page left unsaved; null where nothing was. */
  kept(): { readonly reference: ReferencePart; readonly isOfThisRevision: boolean } | null {
    const text = localStorage.getItem(this.#place);
    if (text === null) return null;
    const { revision, reference } = JSON.parse(text) as Kept;
    return { reference, isOfThisRevision: revision === this.#revision };
  }

  /** Takes note of what is annotated now. */
  changed(annotation: Annotation): void {
    const text = textOf(annotation);
    if (text === this.#wanted) return;
    this.#wanted = text;
    if (text === this.#written && this.#state.kind !== "conflict") {
      localStorage.removeItem(this.#place);
      this.#become({ kind: "saved" });
      return;
    }
    localStorage.setItem(this.#place, `{"revision":${this.#revision},"reference":${text}}`);
    if (this.#state.kind === "conflict") return;
    if (this.#state.kind !== "lost") this.#become({ kind: "unsaved" });
    this.#soon();
  }

  /** Says that the file is not what the page began with. */
  conflict(theirs: Current): void {
    this.#become({ kind: "conflict", theirs });
  }

  /** After a conflict: the file holds. The page shows `annotation`, which is what the file says. */
  takeTheirs(theirs: Current, annotation: Annotation): void {
    this.#revision = theirs.revision;
    this.#problems = theirs.problems;
    this.#written = textOf(annotation);
    this.#wanted = this.#written;
    localStorage.removeItem(this.#place);
    this.#become({ kind: "saved" });
  }

  /** After a conflict: what the page shows is written over the file. */
  writeMine(theirs: Current): void {
    this.#revision = theirs.revision;
    this.#written = "";
    this.#become({ kind: "unsaved" });
    void this.#send();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.#send(), SAVE_AFTER_MS);
  }

  async #send(leaving = false): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#sending || this.#wanted === this.#written || this.#state.kind === "conflict") return;
    this.#sending = true;
    const text = this.#wanted;
    if (this.#state.kind === "unsaved") this.#become({ kind: "saving" });
    try {
      const response = await fetch("reference", {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: `{"revision":${this.#revision},"reference":${text}}`,
        keepalive: leaving,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.ok) this.#arrived(text, (await response.json()) as Saved);
      else if (response.status === 409) this.conflict((await response.json()) as Current);
      else this.#become({ kind: "failed", why: ((await response.json()) as Refused).message });
    } catch {
      this.#become({ kind: "lost" });
    } finally {
      this.#sending = false;
    }
    if (this.#wanted !== this.#written && this.#state.kind === "saved") this.#soon();
  }

  #arrived(text: string, { revision, problems }: Saved): void {
    this.#written = text;
    this.#revision = revision;
    this.#problems = problems;
    if (this.#wanted === text) localStorage.removeItem(this.#place);
    this.#become({ kind: "saved" });
  }

  async #pulse(): Promise<void> {
    if (this.#state.kind === "conflict" || this.#sending) return;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(`pulse?window=${this.#window}`, { signal });
      const { revision, windows } = (await response.json()) as Pulse;
      if (this.#windows !== windows) {
        this.#windows = windows;
        this.#tell();
      }
      // A change of one's own may have arrived in between.
      if (this.#sending) return;
      if (revision !== this.#revision) {
        const theirs = await fetch("reference", { signal });
        return this.conflict((await theirs.json()) as Current);
      }
      if (this.#wanted !== this.#written) await this.#send();
      else if (this.#state.kind === "lost") this.#become({ kind: "saved" });
    } catch {
      this.#become({ kind: "lost" });
    }
  }

  #become(state: LinkState): void {
    this.#state = state;
    this.#tell();
  }
}

function textOf(annotation: Annotation): string {
  return JSON.stringify(toReference(annotation));
}
