import { type FSWatcher, watch } from "node:fs";

/** What the system says about changes in some folders. It may say nothing: then the poll finds them. */
export class Changes {
  readonly #folders: readonly string[];
  readonly #watchers = new Map<string, FSWatcher>();
  #tell: ((ticked: false) => void) | null = null;

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Resolves with the next change. */
  next(): Promise<false> {
    for (const folder of this.#folders) this.#attach(folder);
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** To a folder that is there and is not watched yet. */
  #attach(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#tell?.(false));
      const detach = () => {
        watcher.close();
        this.#watchers.delete(folder);
      };
      watcher.on("error", detach);
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there yet, or the system has no watches left: the poll goes on by itself.
    }
  }
}
