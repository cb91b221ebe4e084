import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { asCoded, fault } from "../../errors.ts";
import { ALERT_WORDS } from "../../report/alert-words.ts";
import type { Language } from "../../report/language.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { Guard } from "./guard.ts";
import type { Pulse, Refused, Session } from "./model/session.ts";
import { type PageFile, readPageFiles } from "./page-files.ts";
import type { Recording } from "./recording.ts";
import type { ReferenceFile } from "./reference-file.ts";
import { acceptedLanguage, SECURITY_HEADERS, shellPage } from "./shell.ts";
import { VideoFile } from "./video-response.ts";
import { Windows } from "./windows.ts";

export interface AnnotationOptions {
  readonly recording: Recording;
  readonly reference: ReferenceFile;
  /** File name of the reference, as the page shows it. */
  readonly referenceName: string;
  readonly kinds: Session["kinds"];
  readonly tolerance: number;
  /** What the page opens in; null takes what the browser asks for. */
  readonly language: Language | null;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock?: Clock;
}

/** A running server of one recording and one reference. */
export interface AnnotationServer {
  /** With its token: whoever has it on this machine may read and write. */
  readonly address: string;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/** No reference of a person's making comes near it. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Serves the annotation page of one recording, on this machine only. Reachable are the page's own files, this one
 * recording and this one reference; everything else does not exist.
 * @throws ANNOTATE_PORT
 */
export async function startAnnotation(options: AnnotationOptions): Promise<AnnotationServer> {
  const { recording, reference } = options;
  const files = await readPageFiles();
  const video = await VideoFile.at(recording.path, recording.type);
  const windows = new Windows(options.clock ?? systemClock);
  const token = randomBytes(24).toString("base64url");
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 });
  const port = await listening(server, options.port);
  const host = `127.0.0.1:${port}`;
  const guard = new Guard(token, host);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/", headers } = request;
    const admission = guard.admit({ method, url, headers });
    if (admission.kind === "refused") {
      const { status, why } = admission;
      return sendJson(response, status, { code: "REFUSED", message: why } satisfies Refused);
    }
    const { path } = admission;
    const language = options.language ?? acceptedLanguage(headers["accept-language"]);
    const file = files.get(path);
    if (method === "PUT") {
      if (path !== "reference") return notThere(response);
      return await save(request, response, reference);
    }
    if (file !== undefined) return sendFile(response, method, file);
    switch (path) {
      case "": {
        // Relative addresses need the slash after the token.
        if (!url.split("?", 1)[0]?.endsWith("/")) {
          response.writeHead(308, { Location: `/${token}/` }).end();
          return;
        }
        const page = shellPage(language, recording.name);
        return sendFile(response, method, { type: "text/html; charset=utf-8", bytes: Buffer.from(page) });
      }
      case "video":
        return await video.answer(method, headers, response);
      case "session":
        return sendJson(response, 200, sessionOf(options, language));
      case "reference":
        return sendJson(response, 200, reference.current);
      case "pulse": {
        const { revision } = reference;
        const query = new URLSearchParams(url.split("?")[1]);
        const window = query.get("window");
        const open = query.has("left") ? windows.leave(window) : windows.note(window);
        return sendJson(response, 200, { revision, windows: open } satisfies Pulse);
      }
      default:
        return notThere(response);
    }
  };

  server.on("request", (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    answer(request, response).catch((thrown: unknown) => sendFault(response, thrown));
  });
  // What is no HTTP is not worth an answer.
  server.on("clientError", (_error, socket) => socket.destroy());

  return {
    address: `http://${host}/${token}/`,
    async close() {
      server.closeIdleConnections();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await reference.settled();
      server.closeAllConnections();
      await closed;
    },
  };
}

function sessionOf(options: AnnotationOptions, language: Language): Session {
  const { recording, reference, referenceName, kinds, tolerance } = options;
  const { name, width, height, codec, rate, duration, convert } = recording;
  return {
    video: { name, width, height, codec, rate, duration, convert },
    file: referenceName,
    language,
    kinds,
    labels: { en: ALERT_WORDS.en.events, fr: ALERT_WORDS.fr.events },
    tolerance,
    current: reference.current,
  };
}

async function save(
  request: IncomingMessage,
  response: ServerResponse,
  reference: ReferenceFile,
): Promise<void> {
  if (request.headers["content-type"] !== "application/json")
    return sendJson(response, 415, { code: "REFUSED", message: "application/json is read" });
  const body = await bodyOf(request);
  if (body === null) {
    response.setHeader("Connection", "close");
    return sendJson(response, 413, { code: "REFUSED", message: "it is too large" } satisfies Refused);
  }
  const change = parsedChange(body);
  if (change === null)
    return sendJson(response, 400, { code: "REFUSED", message: "revision and reference are read" });
  const result = await reference.save(change.revision, change.reference);
  sendJson(response, result.kind === "saved" ? 200 : 409, result);
}

/** @returns null where it is longer than any reference */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > LARGEST_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsedChange(body: string): { readonly revision: number; readonly reference: unknown } | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null) return null;
    if (!("revision" in value) || typeof value.revision !== "number" || !("reference" in value)) return null;
    return { revision: value.revision, reference: value.reference };
  } catch {
    return null;
  }
}

function sendFile(response: ServerResponse, method: string, { type, bytes }: PageFile): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

function notThere(response: ServerResponse): void {
  sendJson(response, 404, { code: "REFUSED", message: "there is nothing of this name" } satisfies Refused);
}

/** What a person can mend is said; a browser that left in the middle of a video is no fault. */
function sendFault(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message } = asCoded(thrown);
  sendJson(response, code === "AUDIT_INVALID" ? 422 : 500, { code, message } satisfies Refused);
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(fault("ANNOTATE_PORT", { port, reason: error.message }, error)));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") {
        reject(fault("ANNOTATE_PORT", { port, reason: "the system gave no port" }));
      } else resolve(address.port);
    });
  });
}
