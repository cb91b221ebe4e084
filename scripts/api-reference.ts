import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineVersion } from "../src/engine/version.ts";
import { Accounts } from "../src/server/accounts/accounts.ts";
import { buildApi } from "../src/server/api/app.ts";
import type { Description } from "../src/server/api/description.ts";
import { systemClock } from "../src/time/clock.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** The API's description and a page of its operations, as a server of this version gives them. */
export async function apiPages(): Promise<Readonly<Record<string, string>>> {
  const state = await mkdtemp(join(tmpdir(), "contrechamp-reference-"));
  const journal = { append: () => Promise.reject(new Error("nobody is asked anything here")) };
  const place = { state, journal, clock: systemClock };
  const accounts = await Accounts.open({ ...place, issuer: "Contrechamp" });
  try {
    const { description } = buildApi({
      ...{
        ...place,
        accounts,
        cameras: [],
        standing: () => [],
        vault: null,
        version: engineVersion(),
        secure: false,
      },
      origins: () => [],
      onFault: (error) => {
        throw error;
      },
    });
    return {
      "docs/reference/openapi.json": `${JSON.stringify(description, null, 2)}\n`,
      "docs/reference/api.md": apiPage(description),
    };
  } finally {
    await accounts.close();
    await rm(state, { recursive: true, force: true });
  }
}

function apiPage(description: Description): string {
  const rows = Object.entries(description.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const { summary, description: who } = operation;
      return [`| \`${method.toUpperCase()} ${path}\` | ${summary} | ${who} |`];
    }),
  );
  return [
    "# The API\n\n<!-- Made from src/server/api by `npm run docs`; changes made here are lost. -->",
    `Under \`/api/v1\`. [openapi.json](openapi.json) is the whole description, which a server gives too. Every refusal is \`application/problem+json\` (RFC 9457) with a code of [errors.md](errors.md). A session is a cookie; each change also sends the session's \`requestToken\` as \`x-request-token\`. Lists come in pages: \`next\` of one is \`cursor\` of the following. What may be changed by two people has an \`ETag\`, and its change takes \`If-Match\`.`,
    "Who may ask is one table in `src/server/api/access.ts`; `test/security/authorisation-matrix.test.ts` asks each route as everybody.",
    `| Operation | What it does | Who |\n|---|---|---|\n${rows.join("\n")}`,
    "",
  ].join("\n\n");
}
