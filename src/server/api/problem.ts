import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { asCoded, type CodedError, type ErrorCode, EXIT, type ExitCode, fault } from "../../errors.ts";
import { Throttled } from "../accounts/throttle.ts";
import type { ApiOptions, Environment } from "./environment.ts";

/** What every refusal is: RFC 9457, with the code of docs/reference/errors.md. */
export const problemSchema = z.strictObject({
  type: z.string().describe("urn:contrechamp:error: and the code."),
  title: z.string().describe("What is wrong, for a person."),
  status: z.int().min(400).max(599),
  code: z.string().describe("Stays the same from version to version."),
  detail: z.string().describe("What to do about it."),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .max(64)
    .describe("Each place of a request that is not what it should be; else empty."),
});
export type Problem = z.output<typeof problemSchema>;

/** Where the exit code of the command line says too little. */
const STATUS: Partial<Readonly<Record<ErrorCode, ContentfulStatusCode>>> = {
  SESSION_NEEDED: 401,
  SECOND_FACTOR_NEEDED: 401,
  SECOND_FACTOR_REFUSED: 401,
  SIGN_IN_REFUSED: 401,
  SIGN_IN_THROTTLED: 429,
  PASSWORD_WEAK: 422,
  ROLES_EXCLUDE: 422,
  LOGIN_TAKEN: 409,
  PSEUDONYM_TAKEN: 409,
  PERSON_LEFT: 409,
  CODES_THERE: 409,
  CODES_NOT_BEGUN: 409,
  LAST_ADMINISTRATOR: 409,
  DISPOSITION_FINAL: 409,
  DISPOSITION_NOTHING_TO_CORRECT: 409,
  DISPOSITION_NOT_CONFIRMED: 409,
  DISPOSITION_UNREADABLE: 422,
  PERSON_CHANGED: 412,
  VERSION_NEEDED: 428,
  REQUEST_HOST: 421,
  REQUEST_MEDIA_TYPE: 415,
  REQUEST_TOO_LARGE: 413,
  REQUEST_LENGTH: 411,
};

const STATUS_OF_EXIT: Readonly<Record<ExitCode, ContentfulStatusCode>> = {
  [EXIT.ok]: 500,
  [EXIT.partial]: 500,
  [EXIT.usage]: 400,
  [EXIT.data]: 500,
  [EXIT.noInput]: 404,
  [EXIT.unavailable]: 503,
  [EXIT.internal]: 500,
  [EXIT.cannotCreate]: 503,
  [EXIT.notPermitted]: 403,
  [EXIT.config]: 500,
};

/** The HTTP status of a coded error. */
export function statusOf({ code, exit }: CodedError): ContentfulStatusCode {
  return STATUS[code] ?? STATUS_OF_EXIT[exit];
}

/** Turns whatever a route throws into a problem. */
export function handleErrors(app: Hono<Environment>, { onFault }: Pick<ApiOptions, "onFault">): void {
  app.onError((thrown, c) => {
    const error = coded(thrown);
    const status = statusOf(error);
    if (status !== 500)
      return respond(c, error, status, thrown instanceof InvalidRequest ? thrown.errors : []);
    onFault(error);
    // What went wrong inside is no business of whoever asks: paths, queries, versions.
    return respond(c, fault("INTERNAL", { what: "the server could not answer" }), status, []);
  });
  app.notFound((c) => respond(c, fault("ROUTE_UNKNOWN", {}), 404, []));
}

/** A request that is not of its schema, with each place where it is not. */
export class InvalidRequest extends Error {
  readonly coded: CodedError;
  readonly errors: Problem["errors"];

  /** @param where the part of the request: json, query, param or header */
  constructor(where: string, { issues }: z.ZodError) {
    super("invalid request");
    this.errors = issues.slice(0, 64).map(({ path, message }) => ({
      path: path.map(String).join(".").slice(0, 200),
      message: message.slice(0, 500),
    }));
    const [first] = this.errors;
    const reason = first === undefined ? "it does not fit" : `${first.path || "all of it"}: ${first.message}`;
    this.coded = fault("REQUEST_INVALID", { where, reason });
  }
}

function coded(thrown: unknown): CodedError {
  if (thrown instanceof InvalidRequest) return thrown.coded;
  if (thrown instanceof HTTPException && thrown.status === 415) return fault("REQUEST_MEDIA_TYPE", {});
  if (thrown instanceof HTTPException && thrown.status === 400) return fault("REQUEST_UNREADABLE", {});
  return asCoded(thrown);
}

function respond(
  c: Context<Environment>,
  error: CodedError,
  status: ContentfulStatusCode,
  errors: Problem["errors"],
): Response {
  const { code, message, help } = error;
  const type = `urn:contrechamp:error:${code}`;
  const problem: Problem = { type, title: message, status, code, detail: help, errors };
  if (error instanceof Throttled) c.header("Retry-After", String(error.seconds));
  return c.body(JSON.stringify(problem), status, { "content-type": "application/problem+json" });
}
