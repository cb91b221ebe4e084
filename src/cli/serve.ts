import { Command, Option } from "commander";
import type { Config } from "../config/schema.ts";
import { engineVersion } from "../engine/version.ts";
import { type CodedError, fault } from "../errors.ts";
import { SiteKey } from "../evidence/vault/site-key.ts";
import { Vault } from "../evidence/vault/vault.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { Accounts } from "../server/accounts/accounts.ts";
import { buildApi } from "../server/api/app.ts";
import { BASE } from "../server/api/description.ts";
import { listen, originsOf } from "../server/listen.ts";
import { formatUtc, systemClock } from "../time/clock.ts";
import { print } from "./print.ts";
import { SERVE_WORDS } from "./serve-words.ts";
import type { OpenSite } from "./site.ts";
import { type Beside, runWatch } from "./watch.ts";

interface ServeOptions {
  readonly config: string;
  readonly host: string;
  readonly port: string;
  readonly origin?: string;
  readonly profile?: string;
  readonly documents?: string;
  readonly state?: string;
  readonly out?: string;
  readonly shadow: boolean;
  readonly quiet: boolean;
  readonly lang?: Language;
}

/** Requests that are being answered have so long when it is told to stop, in seconds. */
const CLOSE_WITHIN = 5;

/** `contrechamp serve`: the engine on the configured cameras, and the API beside it. Coded errors reject the parse. */
export function serveCommand(): Command {
  return new Command("serve")
    .description(
      "Run the configured cameras as `watch` does, and serve the API beside them, on loopback by default",
    )
    .requiredOption("--config <file>", "cameras, zones, lines and rules")
    .option("--host <address>", "address of this machine to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 for one that is free", "8440")
    .option(
      "--origin <address>",
      "where browsers open it, such as https://vsa.example.org behind a reverse proxy",
    )
    .option("--profile <id>", "the law that applies, as data: see `contrechamp profile list`")
    .option("--documents <dir>", "folder of authorisations, certificates, notices and trusted keys")
    .option(
      "--state <dir>",
      "folder of the journal, the holds, the accounts and the keys (default: state in --out)",
    )
    .option("--shadow", "count episodes and show nothing to anyone", false)
    .option("--out <dir>", "where results are written (default: out)")
    .option("--quiet", "results only: no bars, no notes", false)
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
There is no default password: as long as nobody has an account, each start prints a link that makes the first one.
Where no camera may run the server stands all the same, and says why; Ctrl-C ends both.

Exit codes: as of \`contrechamp watch\`; 69 the port is taken; 78 it would send passwords over a network in clear.`,
    )
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { host, port, origin = null, quiet, shadow, lang, ...named } = options;
  const place = { host, port: portOf(port), origin };
  const words = SERVE_WORDS[lang ?? languageOf(process.env)];
  const watching = {
    ...named,
    shadow,
    quiet,
    realtime: true,
    json: false,
    ...(lang === undefined ? {} : { lang }),
  };
  await runWatch([], watching, async (site, config, state) => {
    const { server, accounts } = await open(site, config, state, place);
    const [address = ""] = server.origins;
    print(words.serving(`${address}${BASE}`));
    const link = await accounts.signIn.firstLink();
    if (link !== null) print(words.firstStart(link.token, formatUtc(link.expiresAt)));
    return {
      ended: stopSignal(),
      close: async () => {
        await server.close(CLOSE_WITHIN);
        await accounts.close();
      },
    } satisfies Beside;
  });
}

async function open(
  { journal, authority, vault }: OpenSite,
  config: Config,
  state: string,
  place: Parameters<typeof originsOf>[0],
) {
  const site = { state, journal, clock: systemClock };
  const accounts = await Accounts.open({ ...site, issuer: config.site ?? "Contrechamp" });
  try {
    let origins = originsOf(place);
    const { app } = buildApi({
      ...{ ...site, accounts, version: engineVersion(), onFault: report },
      cameras: config.cameras.map(({ id }) => id),
      standing: (cameraId) => authority.decisions(cameraId),
      vault:
        vault === null
          ? null
          : { vault: new Vault(vault.forCameras.folder), siteKey: new SiteKey(vault.forCameras.siteKey) },
      origins: () => origins,
      secure: place.origin?.startsWith("https://") === true,
    });
    const server = await listen(place, app.fetch);
    origins = server.origins;
    return { server, accounts };
  } catch (error) {
    await accounts.close();
    throw error;
  }
}

/** Faults of the server are for whoever runs it: the answer says no more than that there was one. */
function report({ code, message, help }: CodedError): void {
  process.stderr.write(`${message}\n  ${help}\n  (${code})\n`);
}

/** As the cameras take it: the first one ends all in order. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw fault("USAGE_PORT", { found: text });
  return port;
}
