import type { CodedError } from "../../src/errors.ts";
import type { Role } from "../../src/server/accounts/roles.ts";
import type { Welcome } from "../../src/server/accounts/sign-in.ts";
import { type Api, buildApi } from "../../src/server/api/app.ts";
import { type AccountsOfTest, accountsOfTest, attempt, codeAt, PASSWORD } from "./accounts.ts";

export const CAMERAS = ["gate", "hall"];
export const ORIGIN = "http://127.0.0.1:8080";

export interface Asked {
  readonly as?: Welcome | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An API over accounts of a new site, asked without a socket. */
export interface ApiOfTest extends Api, AccountsOfTest {
  /** What should not have happened. */
  readonly faults: CodedError[];
  /** Asks as a page of the server does: with the cookie, the origin and the request token. */
  ask(method: string, path: string, asked?: Asked): Promise<Response>;
  /** Somebody whose password was right, and whose code is still missing. */
  half(role: Role | null): Promise<Welcome>;
}

export async function apiOfTest(secure = false): Promise<ApiOfTest> {
  const site = await accountsOfTest();
  const faults: CodedError[] = [];
  const api = buildApi({
    ...{ accounts: site.accounts, state: site.state, journal: site.journal, clock: site.clock },
    ...{ cameras: CAMERAS, standing: () => [], vault: null },
    version: "0.0.0",
    origins: () => [ORIGIN],
    secure,
    onFault: (error) => faults.push(error),
  });
  const ask = async (method: string, path: string, { as = null, body, headers = {} }: Asked = {}) => {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(`${ORIGIN}${path}`, {
      method,
      headers: {
        origin: ORIGIN,
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
        ...(as === null ? {} : asPage(site, as)),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    return api.app.fetch(request, {});
  };
  const half = async (role: Role | null) => {
    const joined = await site.join(role);
    const { secret } = await site.accounts.credentials.beginCodes(joined, PASSWORD);
    await site.accounts.credentials.confirmCodes(joined, codeAt(secret, site.clock.now()));
    return site.accounts.signIn.signIn(attempt(joined.person, PASSWORD));
  };
  return { ...site, ...api, faults, ask, half };
}

/** Headers of a page of somebody's session. */
export function asPage({ accounts }: Pick<AccountsOfTest, "accounts">, { token, session }: Welcome) {
  return { cookie: `contrechamp=${token}`, "x-request-token": accounts.requestToken(session.id) };
}

/** Each operation of a description, with its place. */
export function operationsOf({ description }: Pick<Api, "description">) {
  return Object.entries(description.paths ?? {}).flatMap(([path, item]) =>
    (["get", "put", "post", "delete", "patch"] as const).flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation, id: operation.operationId ?? "" }];
    }),
  );
}
