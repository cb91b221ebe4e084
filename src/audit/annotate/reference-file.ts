import { readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { z } from "zod";
import { applySchema, inFileOrder, readYaml } from "../../config/diagnostics.ts";
import { CodedError, fault } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { inspectReference, invalidFile, type ReferenceContext, wrongSchema } from "../load-reference.ts";
import { LARGEST_TEXT_BYTES, parsedJson, readText } from "../read-text.ts";
import { REFERENCE_SCHEMA_NAME, referenceSchema } from "../reference.ts";
import type { Current, Saved } from "./model/session.ts";

export type SaveResult =
  | ({ readonly kind: "saved" } & Saved)
  /** Somebody else changed the file since the revision that the change was made of. */
  | ({ readonly kind: "conflict" } & Current);

type Written = z.input<typeof referenceSchema>;

/**
 * The one reference file that is written: whole each time, keys that are not annotated here kept as they are, and
 * never over a change that whoever writes has not seen, be it of another window or of another program.
 */
export class ReferenceFile {
  readonly #path: string;
  readonly #name: string;
  readonly #context: ReferenceContext;
  #kept: Written;
  /** What is on the disk; null where there is no file yet. */
  #text: string | null;
  #revision = 1;
  /** Writes wait for each other. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, name: string, context: ReferenceContext, text: string | null) {
    this.#path = path;
    this.#name = name;
    this.#context = context;
    this.#text = text;
    this.#kept = contentOf(text, name);
  }

  /**
   * Takes up the file where there is one that says something; otherwise it is made with the first change. Events that
   * overlap do not keep it from being opened: they are what has to be corrected.
   * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID, ANNOTATE_NOT_JSON
   */
  static async open(path: string, context: ReferenceContext): Promise<ReferenceFile> {
    const real = await placeOf(path);
    return new ReferenceFile(real, path, context, await textAt(real));
  }

  get current(): Current {
    const { events, counts } = this.#kept;
    return {
      revision: this.#revision,
      reference: { events, ...(counts === undefined ? {} : { counts }) },
      problems: this.#problems(this.#text),
    };
  }

  get revision(): number {
    return this.#revision;
  }

  /**
   * Writes a change, or says that there is another one.
   * @param revision the one that the change was made of
   * @param part `events` and `counts` of a reference, not yet checked
   * @throws AUDIT_INVALID where it is no reference, AUDIT_NOT_WRITTEN
   */
  save(revision: number, part: unknown): Promise<SaveResult> {
    const done = this.#turn.then(() => this.#save(revision, part));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  async #save(revision: number, part: unknown): Promise<SaveResult> {
    await this.#takeUpOthers();
    if (revision !== this.#revision) return { kind: "conflict", ...this.current };
    const { events: _events, counts: _counts, ...rest } = this.#kept;
    const changed = typeof part === "object" && part !== null ? part : {};
    const content = {
      ...rest,
      events: "events" in changed ? changed.events : undefined,
      ...("counts" in changed && changed.counts !== undefined ? { counts: changed.counts } : {}),
    };
    const text = `${JSON.stringify(content, null, 1)}\n`;
    const kept = contentOf(text, basename(this.#name));
    if (text !== this.#text) {
      await this.#write(text);
      this.#text = text;
      this.#kept = kept;
      this.#revision++;
    }
    return { kind: "saved", revision: this.#revision, problems: this.#problems(text) };
  }

  async #write(text: string): Promise<void> {
    try {
      const mode = (await stat(this.#path).catch(() => null))?.mode;
      await writeWhole(this.#path, text, mode === undefined ? {} : { mode: mode & 0o777 });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw fault("AUDIT_NOT_WRITTEN", { file: this.#name, reason }, error);
    }
  }

  /** An editor, or a second server, may have written it. What is no reference is not taken up, and not overwritten. */
  async #takeUpOthers(): Promise<void> {
    const text = await textAt(this.#path);
    if (text === this.#text) return;
    this.#kept = contentOf(text, this.#name);
    this.#text = text;
    this.#revision++;
  }

  #problems(text: string | null): readonly string[] {
    if (text === null) return [];
    return inspectReference(text, basename(this.#name), this.#context).problems.map(({ message }) => message);
  }
}

/** A link stays one: what it points to is written, also where nothing is there yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    // Links in a circle are nobody's place; reading says so.
    const target = isAbsent(error) ? await readlink(path).catch(() => null) : null;
    return target === null ? path : placeOf(resolve(dirname(path), target));
  }
}

/** Null where there is nothing: no file, or an empty one. */
async function textAt(path: string): Promise<string | null> {
  try {
    const text = await readText(path);
    return text.trim() === "" ? null : text;
  } catch (error) {
    if (error instanceof CodedError && isAbsent(error.cause)) return null;
    throw error;
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

/** The content of a reference as it was written, checked against its schema. */
function contentOf(text: string | null, name: string): Written {
  if (text === null) return { schema: REFERENCE_SCHEMA_NAME, events: [] };
  const json = parsedJson(text);
  // Where faults stand is worked out only where there are any: that takes far longer than reading.
  if (json !== null && referenceSchema.safeParse(json).success) return json as Written;
  const source = readYaml(text, name, LARGEST_TEXT_BYTES);
  if (!("value" in source)) throw invalidFile(name, inFileOrder(source));
  const other = wrongSchema(source.value, REFERENCE_SCHEMA_NAME);
  if (other !== null) throw invalidFile(name, [source.locate(other)]);
  const { findings } = applySchema(referenceSchema, source.value);
  if (findings.length === 0) throw fault("ANNOTATE_NOT_JSON", { file: name });
  throw invalidFile(name, inFileOrder(findings.map((finding) => source.locate(finding))));
}
