import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import { canonicalize } from "json-canonicalize";
import { isLocalPath, redactAddress } from "./address.ts";
import { withOwnModel } from "./own-model.ts";
import type { Config } from "./schema.ts";

/**
 * SHA-256 of what a configuration means, lower-case hex: of its canonical JSON (RFC 8785) with every default
 * filled in. Comments and the order of keys change nothing, nor does the folder it lies in: paths are taken
 * relative to it. Credentials are not in it.
 */
export function configSha256(config: Config): string {
  const { directory, ...meaning } = config;
  const path = (absolute: string) => relative(directory, absolute).split(sep).join("/");
  const folder = (absolute: string | null) => (absolute === null ? null : path(absolute));
  const nameOrPath = (value: string) => (/[/\\]/.test(value) ? path(value) : value);
  const { authority, engine } = config;
  const hashed = {
    ...meaning,
    cameras: config.cameras.map((camera) => ({
      ...camera,
      source: isLocalPath(camera.source) ? path(camera.source) : redactAddress(camera.source),
      background: folder(camera.background),
      rules: camera.rules.map((rule) => withOwnModel(rule, path)),
    })),
    authority: {
      ...authority,
      profile: authority.profile === null ? null : nameOrPath(authority.profile),
      overlays: authority.overlays.map(nameOrPath),
      documents: folder(authority.documents),
      state: folder(authority.state),
    },
    engine: { ...engine, model: nameOrPath(engine.model) },
    output: { directory: folder(config.output.directory) },
  };
  return createHash("sha256").update(canonicalize(hashed)).digest("hex");
}
