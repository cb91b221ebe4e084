import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { fault } from "../../errors.ts";

/** Part of a file: bytes `first` to `last`, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The recording's own bytes, as they are: the browser decodes them, and nothing here ever does. Answers single ranges
 * (RFC 9110, section 14), so that a player can jump.
 */
export class VideoFile {
  readonly #path: string;
  readonly #type: string;
  readonly #before: Stats;

  private constructor(path: string, type: string, before: Stats) {
    this.#path = path;
    this.#type = type;
    this.#before = before;
  }

  /** @param path a video file that can be read */
  static async at(path: string, type: string): Promise<VideoFile> {
    return new VideoFile(path, type, await stat(path));
  }

  /** @throws ANNOTATE_VIDEO_CHANGED where it is not the file any more that it was */
  async answer(method: string, headers: IncomingHttpHeaders, response: ServerResponse): Promise<void> {
    const { size } = this.#before;
    const file = await open(this.#path, "r").catch((error: unknown) => {
      throw fault("ANNOTATE_VIDEO_CHANGED", { file: this.#path }, error);
    });
    try {
      const now = await file.stat();
      if (now.size !== size || now.mtimeMs !== this.#before.mtimeMs)
        throw fault("ANNOTATE_VIDEO_CHANGED", { file: this.#path });
      response.setHeader("Accept-Ranges", "bytes");
      response.setHeader("Content-Type", this.#type);
      const range = rangeOf(headers.range, size);
      if (range === "unsatisfiable") {
        response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
        return;
      }
      const { first, last } = range ?? { first: 0, last: size - 1 };
      const length = { "Content-Length": last - first + 1 };
      if (range === null) response.writeHead(200, length);
      else response.writeHead(206, { ...length, "Content-Range": `bytes ${first}-${last}/${size}` });
      if (method === "HEAD") {
        response.end();
        return;
      }
      await pipeline(file.createReadStream({ start: first, end: last, autoClose: false }), response);
    } finally {
      await file.close();
    }
  }
}

/**
 * What a Range header asks for. Null: the whole file, also where the header asks for several parts or makes no sense,
 * as RFC 9110 allows.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(" ", "") ?? "");
  if (found === null) return null;
  const [, from = "", to = ""] = found;
  if (from === "" && to === "") return null;
  if (from === "") {
    const suffix = Number(to);
    return suffix === 0 ? "unsatisfiable" : { first: Math.max(0, size - suffix), last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && Number(to) < first) return null;
  return first >= size ? "unsatisfiable" : { first, last };
}
