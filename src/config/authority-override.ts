import { resolve } from "node:path";
import { namedOrPath } from "./load.ts";
import type { Config } from "./schema.ts";

/** What a command line may say in the place of the configuration. Paths are relative to the current folder. */
export interface AuthorityOptions {
  readonly profile?: string;
  readonly documents?: string;
  readonly shadow?: boolean;
}

/** The configuration with what the command line says of its authority. */
export function authorityOverride(config: Config, options: AuthorityOptions): Config {
  const { profile, documents, shadow } = options;
  return {
    ...config,
    authority: {
      ...config.authority,
      profile: profile === undefined ? config.authority.profile : namedOrPath(profile, process.cwd()),
      documents: documents === undefined ? config.authority.documents : resolve(documents),
      use: shadow === true ? "shadow" : config.authority.use,
    },
  };
}
