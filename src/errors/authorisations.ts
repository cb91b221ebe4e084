import { EXIT, entry } from "./entry.ts";

/** Authorisations, certificates, keys and notices. */
export const AUTHORISATION_ERRORS = {
  KEY_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.noInput,
    (p) => `The private key ${p.path} cannot be read: ${p.reason}`,
    () => "Check the path and that you may read the file. `contrechamp authorise key` makes a new key.",
  ),
  KEY_EXPOSED: entry<{ path: string; mode: string }>(
    EXIT.data,
    (p) => `Others than its owner may read the private key ${p.path} (mode ${p.mode})`,
    (p) =>
      `Run \`chmod 600 ${p.path}\`. If somebody may have read it, make a new key and take this one out of the trust file.`,
  ),
  KEY_PASSPHRASE: entry<{ path: string; what: string }>(
    EXIT.data,
    (p) => `The private key ${p.path} ${p.what}`,
    () => "Give the passphrase with which it was made. Nobody can recover one that is lost: make a new key.",
  ),
  KEY_PASSPHRASE_SHORT: entry<{ least: number }>(
    EXIT.usage,
    (p) => `A passphrase needs at least ${p.least} characters`,
    () => "Several words that nobody would put together are easy to remember and hard to guess.",
  ),
  KEY_NOT_ED25519: entry<{ path: string; what: string }>(
    EXIT.data,
    (p) => `${p.path} ${p.what}; signatures are made with Ed25519 keys`,
    () => "Give the file that `contrechamp authorise key` wrote: PKCS#8 in PEM.",
  ),
  KEY_EXISTS: entry<{ path: string }>(
    EXIT.cannotCreate,
    (p) => `${p.path} exists already, and a private key is never written over another file`,
    () => "Choose another path, or move the old file away first.",
  ),
  KEY_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The private key ${p.path} cannot be written: ${p.reason}`,
    () =>
      "Check that the folder exists, that you may write to it and that the disk has room. No key was kept.",
  ),
} as const;
