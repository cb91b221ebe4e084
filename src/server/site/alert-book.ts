import { type Alert, alertSchema } from "../../alerts/alert.ts";
import { currentDisposition, type Disposition, dispositionSchema } from "../../alerts/disposition.ts";
import type { DispositionsSaid } from "../../evidence/vault/write-disposition.ts";
import { type LogEntry, readCheckpoint, readLog } from "../../journal/log-reader.ts";

/** An alert with all that became of it. */
export interface BookedAlert {
  /** Index of the leaf that raised it: alerts stand in this order, and in no other. */
  readonly seq: number;
  readonly raised: Alert;
  /** That it ended; null while it lasts. */
  readonly closed: Alert | null;
  /** All that was said of it, in the journal's order. */
  readonly dispositions: readonly Disposition[];
}

/** Some 20 MB. What is older stands in the journal alone. */
const MOST_BOOKED = 20_000;

/**
 * The alerts of a site, as its journal has them: what is not there is not shown to anybody, also where an engine in
 * another process writes it.
 */
export class AlertBook implements DispositionsSaid {
  readonly #folder: string;
  readonly #most: number;
  readonly #alerts = new Map<string, BookedAlert>();
  #next = 0;
  #reading: Promise<void> = Promise.resolve();

  /** @param folder of the journal */
  constructor(folder: string, most = MOST_BOOKED) {
    this.#folder = folder;
    this.#most = most;
  }

  /** Reads what was written since. @throws as `readLog` */
  refresh(): Promise<void> {
    // One after the other: two readings at once would book a disposition twice.
    const read = () => this.#read();
    this.#reading = this.#reading.then(read, read);
    return this.#reading;
  }

  alert(id: string): BookedAlert | null {
    return this.#alerts.get(id) ?? null;
  }

  dispositions(alertId: string): readonly Disposition[] {
    return this.#alerts.get(alertId)?.dispositions ?? [];
  }

  /** In the order in which they were raised. @param after index of the leaf that they come after */
  *after(after: number): Generator<BookedAlert> {
    for (const alert of this.#alerts.values()) if (alert.seq > after) yield alert;
  }

  async #read(): Promise<void> {
    if ((await readCheckpoint(this.#folder)) === null) return;
    for await (const entry of readLog(this.#folder, { from: this.#next })) {
      this.#take(entry);
      this.#next = entry.leaf.seq + 1;
    }
  }

  #take({ leaf, content }: LogEntry): void {
    if (content.kind !== "kept") return;
    if (leaf.type === "alert") {
      const { data } = alertSchema.safeParse(content.payload);
      if (data !== undefined) this.#book(data, leaf.seq);
    } else if (leaf.type === "disposition") {
      const { data } = dispositionSchema.safeParse(content.payload);
      const about = data === undefined ? null : this.alert(data.alertId);
      if (data === undefined || about === null) return;
      this.#alerts.set(data.alertId, { ...about, dispositions: [...about.dispositions, data] });
    }
  }

  #book(alert: Alert, seq: number): void {
    const before = this.alert(alert.id);
    if (alert.kind === "closed") {
      if (before !== null) this.#alerts.set(alert.id, { ...before, closed: alert });
      return;
    }
    if (before !== null) return;
    this.#alerts.set(alert.id, { seq, raised: alert, closed: null, dispositions: [] });
    const [oldest] = this.#alerts.keys();
    if (this.#alerts.size > this.#most && oldest !== undefined) this.#alerts.delete(oldest);
  }
}

/** Whether nobody has said yet what became of it. */
export function isOpen({ dispositions }: BookedAlert): boolean {
  return currentDisposition(dispositions) === null;
}
