import type { HttpBindings } from "@hono/node-server";
import type { CodedError } from "../../errors.ts";
import type { SiteKey } from "../../evidence/vault/site-key.ts";
import type { Vault } from "../../evidence/vault/vault.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import type { Decision } from "../../policy/question.ts";
import type { Clock } from "../../time/clock.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { SignedIn } from "../accounts/sign-in.ts";

/** What the API is made of. */
export interface ApiOptions {
  readonly accounts: Accounts;
  /** The site's state folder: its journal and its holds. */
  readonly state: string;
  readonly journal: EntrySink;
  readonly clock: Clock;
  /** Ids of the site's cameras. */
  readonly cameras: readonly string[];
  /** What the gate says now of each rule of a camera. */
  readonly standing: (cameraId: string) => readonly Decision[];
  /** Where evidence is sealed; null where the profile keeps it in clear, beside the results. */
  readonly vault: { readonly vault: Vault; readonly siteKey: SiteKey } | null;
  /** Version of the program, which the description says. */
  readonly version: string;
  /** Addresses under which pages of this server are opened, such as http://127.0.0.1:8080. */
  readonly origins: () => readonly string[];
  /** Whether browsers reach it over TLS: cookies are for such connections alone then. */
  readonly secure: boolean;
  /** Told of what should not happen: the answer says no more than that it did. */
  readonly onFault: (error: CodedError) => void;
}

/** What hono carries with each request. */
export interface Environment {
  /** Missing where no socket is there: a test asks the routes themselves. */
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: {
    /** Null where no session was found for the request's cookie. */
    signedIn: SignedIn | null;
  };
}
