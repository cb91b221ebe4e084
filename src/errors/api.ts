import { EXIT, entry } from "./entry.ts";

/** What a request to the server is refused for. */
export const API_ERRORS = {
  SESSION_NEEDED: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "Nobody is signed in, or the session has ended.",
    () => "Sign in again. Nothing that was saved is lost.",
  ),
  SECOND_FACTOR_NEEDED: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "The code of your authenticator is still missing.",
    () => "Give it, or sign out.",
  ),
  ROLE_NEEDED: entry<{ roles: string }>(
    EXIT.notPermitted,
    (p) => `This takes the role of ${p.roles}, which you do not have.`,
    () => "An administrator of the site says who may do what.",
  ),
  OPERATOR_LAPSED: entry<{ lapse: string }>(
    EXIT.notPermitted,
    (p) => `You see no alerts now: ${p.lapse}.`,
    () => "An administrator enters a new act of designation or a new training. Stopping still works.",
  ),
  EVIDENCE_NOT_SEALED_HERE: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `Alert ${p.id} has no evidence in the site's vault.`,
    () => "None was made, or the profile keeps it in clear beside the results of the run.",
  ),
  HOLD_UNKNOWN: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `There is no hold ${p.id} that stands.`,
    () => "Somebody may have released it meanwhile. The list names those that stand.",
  ),
  CAMERA_UNKNOWN: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `The site has no camera ${p.id}: nothing is stopped.`,
    () => "Stop the whole site where it is not clear which camera is meant.",
  ),
  JOURNAL_UNSIGNED_YET: entry<{ seq: number }>(
    EXIT.noInput,
    (p) => `Leaf ${p.seq} is not there, or not in the signed journal yet.`,
    () => "The journal is signed every few seconds while leaves come. Ask again then.",
  ),
  SESSION_UNKNOWN: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `There is no session ${p.id} of this person.`,
    () => "It may have ended already. The list names those that are open.",
  ),
  REQUEST_FOREIGN: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "This request does not come from a page of this server.",
    () => "Changes are made from the console, or with the request token that GET /api/v1/session gives.",
  ),
  REQUEST_HOST: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "This server does not answer under that name.",
    () => "Open the address that it printed when it started.",
  ),
  REQUEST_INVALID: entry<{ where: string; reason: string }>(
    EXIT.usage,
    (p) => `The request's ${p.where} is not what it should be: ${p.reason}`,
    () => "`/api/v1/openapi.json` says what each request takes; `errors` names each place.",
  ),
  REQUEST_UNREADABLE: entry<Record<never, never>>(
    EXIT.usage,
    () => "The request's body is not JSON.",
    () => "Send JSON as UTF-8, with content-type application/json.",
  ),
  REQUEST_MEDIA_TYPE: entry<Record<never, never>>(
    EXIT.usage,
    () => "The request's body is of a type that is not taken.",
    () => "Send JSON, with content-type application/json.",
  ),
  REQUEST_TOO_LARGE: entry<{ most: number }>(
    EXIT.usage,
    (p) => `The request's body is larger than ${p.most} bytes.`,
    () => "No request of the console is that large.",
  ),
  REQUEST_LENGTH: entry<Record<never, never>>(
    EXIT.usage,
    () => "The request does not say how long its body is.",
    () => "Send it with a content-length, and not in chunks.",
  ),
  ROUTE_UNKNOWN: entry<Record<never, never>>(
    EXIT.noInput,
    () => "There is nothing at this address, or not with this method.",
    () => "`/api/v1/openapi.json` lists all that there is.",
  ),
  VERSION_NEEDED: entry<Record<never, never>>(
    EXIT.usage,
    () => "It was not said which version the change was made from.",
    () => "Send the ETag of what you read as If-Match: otherwise somebody else's change could be lost.",
  ),
  CURSOR_INVALID: entry<Record<never, never>>(
    EXIT.usage,
    () => "The cursor is none that this server has given.",
    () => "Use `next` of the page before as it is, or begin without a cursor.",
  ),
  LISTEN_FAILED: entry<{ host: string; port: number; reason: string }>(
    EXIT.unavailable,
    (p) => `The server cannot listen on ${p.host}, port ${p.port}: ${p.reason}`,
    () => "Another program may use that port. Choose another one with --port.",
  ),
  LISTEN_IN_CLEAR: entry<{ host: string }>(
    EXIT.config,
    (p) => `The server does not listen on ${p.host}: passwords would cross a network in clear.`,
    () =>
      "Listen on 127.0.0.1 with a reverse proxy in front that speaks TLS, and name its address with --origin https://NAME.",
  ),
} as const;
