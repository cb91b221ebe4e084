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
  DOCUMENT_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `The document ${p.file} cannot be read: ${p.reason}`,
    () => "Check the path and that you may read the file. While a document is unreadable nothing runs.",
  ),
  DOCUMENT_TOO_LARGE: entry<{ file: string; bytes: number; limit: number }>(
    EXIT.data,
    (p) => `The document ${p.file} has ${p.bytes} bytes; at most ${p.limit} are read`,
    () => "Make sure that it is an authorisation, certificate, notice or trust file and not something else.",
  ),
  DOCUMENT_NOT_TEXT: entry<{ file: string }>(
    EXIT.data,
    (p) => `The document ${p.file} is not a text in UTF-8`,
    () => "Save it as UTF-8. A decision in PDF is not read: its SHA-256 stands in the authorisation.",
  ),
  DOCUMENT_OUTSIDE: entry<{ file: string }>(
    EXIT.data,
    (p) => `The document ${p.file} is a link that leads out of its folder`,
    () => "Put the file itself into the folder: what is believed must lie in one place that one can watch.",
  ),
  DOCUMENT_NESTED: entry<{ at: string }>(
    EXIT.data,
    (p) => `${p.at}: the text is nested too deeply to be a document`,
    () => "Make sure that it is an authorisation, certificate, notice or trust file and not something else.",
  ),
  DOCUMENT_SCHEMA: entry<{ at: string; found: string; expected: string }>(
    EXIT.data,
    (p) => `${p.at}: found ${p.found}, expected one of ${p.expected}`,
    () => "The key schema says what a document is. A folder of documents holds nothing else.",
  ),
  DOCUMENT_INVALID: entry<{ file: string; count: number; list: string }>(
    EXIT.data,
    (p) => `${p.file} has ${p.count} ${p.count === 1 ? "problem" : "problems"}:\n${p.list}`,
    () => "Mend them and run `contrechamp authorise check FILE`. While a document is wrong nothing runs.",
  ),
  DOCUMENT_ID_TWICE: entry<{ file: string; what: string; id: string; first: string }>(
    EXIT.data,
    (p) => `${p.file}: the ${p.what} ${p.id} stands in ${p.first} too`,
    () => "Keep one of the two files: which of them counts cannot be guessed, so neither does.",
  ),
  DOCUMENT_TRUST_TWICE: entry<{ file: string; first: string }>(
    EXIT.data,
    (p) => `${p.file}: there is another trust file, ${p.first}`,
    () => "Put all trusted keys into one file: until then no key is believed.",
  ),
  DOCUMENT_EXISTS: entry<{ path: string }>(
    EXIT.cannotCreate,
    (p) => `${p.path} exists already`,
    () => "Choose another path, or move the old file away first.",
  ),
  DOCUMENT_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The document ${p.path} cannot be written: ${p.reason}`,
    () =>
      "Check that the folder exists, that you may write to it and that the disk has room. An old file is kept as it was.",
  ),
  DOCUMENTS_UNREADABLE: entry<{ folder: string; reason: string }>(
    EXIT.noInput,
    (p) => `The folder of documents ${p.folder} cannot be read: ${p.reason}`,
    () => "Check `authority.documents` in the configuration and that you may read the folder.",
  ),
  DOCUMENTS_TOO_MANY: entry<{ folder: string; what: string; limit: string }>(
    EXIT.data,
    (p) => `The folder of documents ${p.folder} holds more than ${p.limit} ${p.what}; none is read`,
    () => "Make sure that it is the right folder. Move what has long ended to an archive.",
  ),
  DOCUMENT_TIME_ZONE: entry<{ at: string; found: string; offset: string; timeZone: string }>(
    EXIT.data,
    (p) => `${p.at}: found ${p.found}, but at that instant the clocks of ${p.timeZone} are at ${p.offset}`,
    (p) => `Write it with ${p.offset}, or in UTC with Z. An hour wrong is an hour without authorisation.`,
  ),
  DOCUMENT_LOOKALIKE: entry<{ at: string; word: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.word} may pass for another name: ${p.what}`,
    () => "Write it with the letters of one alphabet and nothing that cannot be seen.",
  ),
  DOCUMENT_INVISIBLE: entry<{ at: string; word: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: the text may read otherwise than it is stored, near ${p.word}: ${p.what}`,
    () => "Remove the character. Texts copied from a word processor often carry such.",
  ),
  DOCUMENT_SIGNATURE: entry<{ file: string; what: string; state: string }>(
    EXIT.data,
    (p) => `${p.file}: the signature of ${p.what} ${p.state}`,
    () =>
      "Until a key that the trust file believes has signed it, it permits nothing. What restricts, restricts all the same.",
  ),
  DOCUMENT_REPEATED: entry<{ at: string; what: string; id: string }>(
    EXIT.data,
    (p) => `${p.at}: the ${p.what} ${p.id} stands in the list twice`,
    () => "Keep it once.",
  ),
  AUTHORISATION_PERIOD: entry<{ at: string; from: string; until: string }>(
    EXIT.data,
    (p) => `${p.at}: it ends at ${p.until}, which is not after its beginning, ${p.from}`,
    () => "validUntil is the first instant at which it is no longer valid. Correct one of the two.",
  ),
  AUTHORISATION_TOO_LONG: entry<{ at: string; until: string; maxDuration: string; latest: string }>(
    EXIT.data,
    (p) =>
      `${p.at}: it ends at ${p.until}, and with maxDuration ${p.maxDuration} it may last until ${p.latest}`,
    () =>
      "Shorten it. Going on is a new authorisation with grounds of its own: `contrechamp authorise renew`.",
  ),
  AUTHORISATION_PUBLICATION: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "A decision counts from its publication: give the instant and the address of it, or leave it a draft.",
  ),
  AUTHORISATION_RETROACTIVE: entry<{ at: string; decidedAt: string }>(
    EXIT.data,
    (p) => `${p.at}: it begins before it was decided (${p.decidedAt})`,
    () => "A decision is not valid for what lies before it: nothing runs until it is published in any case.",
  ),
  AUTHORISATION_RENEWAL: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "The first authorisation has renewalOf null and renewalCount 0; each renewal names the one before and counts on.",
  ),
  AUTHORISATION_SAME_GROUNDS: entry<{ at: string; renewed: string }>(
    EXIT.data,
    (p) => `${p.at}: the grounds are those of ${p.renewed}, word for word`,
    () => "A renewal needs grounds of its own: say what makes it necessary and proportionate now.",
  ),
  AUTHORISATION_ZONE: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "A zone belongs to a camera and an event that the same authorisation lists.",
  ),
  AUTHORISATION_ANALYTIC: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "An analytic is named urn:contrechamp:analytic:EVENT after an event that the authorisation lists.",
  ),
  AUTHORISATION_INFORMATION: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "Say by which means the public is informed and where the notice is, or exempt it and say why.",
  ),
  AUTHORISATION_RETENTION: entry<{ at: string; what: string; found: string; allowed: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what} are kept for ${p.found}, allowed is ${p.allowed}`,
    () => "Correct the duration. A month counts as 30 days where it is compared with days.",
  ),
  AUTHORISATION_HISTORY: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "Let `contrechamp authorise` write the history. It only grows, and its last entry is the status.",
  ),
  AUTHORISATION_PERIMETER: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "List the corners in order around the area as [longitude, latitude], the first one again at the end (RFC 7946).",
  ),
  AUTHORISATION_GATHERING: entry<{ at: string; start: string; end: string }>(
    EXIT.data,
    (p) => `${p.at}: the gathering ends at ${p.end}, which is not after its beginning, ${p.start}`,
    () => "Correct one of the two.",
  ),
  AUTHORISATION_SIREN: entry<{ at: string; found: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.found} is no SIREN: its check digit is wrong`,
    () => "Copy the number again from the register of companies, or write null where there is none.",
  ),
  AUTHORISATION_ATTESTATION: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () =>
      "Let `contrechamp authorise attest` write attestations: who, when and the signature belong together.",
  ),
  AUTHORISATION_TRANSITION: entry<{ id: string; from: string; what: string }>(
    EXIT.data,
    (p) => `${p.id} is ${p.from}: it cannot be ${p.what}`,
    () =>
      "What has ended does not begin again, and only a draft is signed and published. A new authorisation is needed.",
  ),
  AUTHORISATION_UNSIGNED: entry<{ id: string; what: string }>(
    EXIT.data,
    (p) => `${p.id} is not signed by its issuing authority: it cannot be ${p.what}`,
    () => "Sign the decision first: `contrechamp authorise sign`.",
  ),
  AUTHORISATION_SIGNATURE: entry<{ id: string; state: string }>(
    EXIT.data,
    (p) => `The signature of the decision ${p.id} does not hold: ${p.state}`,
    () =>
      "Was it changed after it was signed, or is the key not in the trust file for this role and time? Sign it again.",
  ),
  AUTHORISATION_BACKWARDS: entry<{ id: string; what: string; at: string; before: string }>(
    EXIT.data,
    (p) => `${p.id} cannot be ${p.what} at ${p.at}, before ${p.before}`,
    () => "Check the clock of this machine. The life of an authorisation is written in its order.",
  ),
  AUTHORISATION_NO_CONDITION: entry<{ id: string; condition: string; known: string }>(
    EXIT.usage,
    (p) => `${p.id} has no condition ${p.condition}; it has ${p.known}`,
    () => "Correct the id.",
  ),
  CERTIFICATE_CONTRADICTS: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "A certificate says what was measured: take it from the audit bench and change nothing in it.",
  ),
  NOTICE_CONTRADICTS: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "Correct one of the two.",
  ),
  TRUST_CONTRADICTS: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}`,
    () => "Copy key and id as `contrechamp authorise key` printed them; each key stands once.",
  ),
} as const;
