import { EXIT, entry } from "./entry.ts";

/** Profiles: law as data. */
export const PROFILE_ERRORS = {
  PROFILE_UNKNOWN: entry<{ id: string; hint: string; known: string }>(
    EXIT.noInput,
    (p) => `There is no profile ${p.id}${p.hint}`,
    (p) =>
      `Name one of those that come with Contrechamp (${p.known}), or the path of one of your own (.yml).`,
  ),
  PROFILE_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `The profile ${p.file} cannot be read: ${p.reason}`,
    () => "Check the path and that you may read the file. profiles/template.yml is a commented example.",
  ),
  PROFILE_TOO_LARGE: entry<{ file: string; bytes: number; limit: number }>(
    EXIT.config,
    (p) => `The profile ${p.file} has ${p.bytes} bytes; at most ${p.limit} are read`,
    () => "Make sure that it is a profile: law as data takes a few pages, not a megabyte.",
  ),
  PROFILE_INVALID: entry<{ file: string; count: number; list: string }>(
    EXIT.config,
    (p) => `The profile ${p.file} has ${p.count} ${p.count === 1 ? "problem" : "problems"}:\n${p.list}`,
    () => "Nothing runs on it. Mend them and run `contrechamp profile lint FILE`.",
  ),
  PROFILE_WRONG_KIND: entry<{ id: string; found: string; expected: string; key: string }>(
    EXIT.config,
    (p) => `The profile ${p.id} is of kind ${p.found}, and ${p.key} takes one of kind ${p.expected}`,
    () =>
      "A regime can permit and stands under authority.profile; an overlay only forbids and stands under authority.overlays.",
  ),
  PROFILE_INSTANT: entry<{ found: string }>(
    EXIT.usage,
    (p) => `--at takes an instant with its offset; found ${p.found}.`,
    () => "Write it such as 2024-07-26T17:30:00+02:00 or 2024-07-26T15:30:00Z.",
  ),
  PROFILE_PAGE: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The page ${p.file} cannot be written: ${p.reason}`,
    () => "Check the path, the space that is left, and that you may write there.",
  ),

  PROFILE_NO_SOURCE: entry<{ at: string; found: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.found} is no source that anybody could look up`,
    () => "Cite the text as a lawyer does, such as `loi n° 2023-380 du 19 mai 2023`, with its address.",
  ),
  PROFILE_UNKNOWN_INSTRUMENT: entry<{ at: string; id: string; hint: string; known: string }>(
    EXIT.config,
    (p) => `${p.at}: the profile has no instrument ${p.id}${p.hint}; it has ${p.known}`,
    () => "Correct the id, or add the instrument under instruments.",
  ),
  PROFILE_UNCHECKED: entry<{ at: string; missing: string }>(
    EXIT.config,
    (p) => `${p.at}: it is marked verified without ${p.missing}`,
    () =>
      "Say who compared it with the primary text, when, and where that text is; or mark it secondary or unverified.",
  ),
  PROFILE_INSTRUMENT_NOT_IN_FORCE: entry<{ at: string; rule: string; instrument: string; why: string }>(
    EXIT.config,
    (p) => `${p.at}: the permission ${p.rule} rests on ${p.instrument}, which ${p.why}`,
    () =>
      "Correct the rule's interval, or the instrument's status and days. Such a permission never permits.",
  ),
  PROFILE_INSTRUMENT_UNVERIFIED: entry<{ at: string; rule: string; instrument: string; mark: string }>(
    EXIT.config,
    (p) =>
      `${p.at}: the permission ${p.rule} is marked verified, and its instrument ${p.instrument} ${p.mark}`,
    () => "Check the instrument against its primary text first, or mark the permission as its instrument is.",
  ),
  PROFILE_INSTRUMENT_STATUS: entry<{ at: string; instrument: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: the instrument ${p.instrument} ${p.what}`,
    () => "Complete it: whoever reads a decision must be able to see what became of the law that it cites.",
  ),
  PROFILE_INTERVAL: entry<{ at: string; from: string; until: string }>(
    EXIT.config,
    (p) => `${p.at}: the interval ends on ${p.until}, before it begins on ${p.from}`,
    () => "Exchange the two days or correct one of them; both are included.",
  ),
  PROFILE_DUPLICATE_ID: entry<{ at: string; what: string; id: string; first: string }>(
    EXIT.config,
    (p) => `${p.at}: the ${p.what} ${p.id} already exists (${p.first})`,
    () => "Give each its own id: decisions cite it.",
  ),
  PROFILE_OVERLAY_PERMITS: entry<{ at: string; rule: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} permits, and an overlay only forbids`,
    () => "Make it a forbid, or write a regime.",
  ),
  PROFILE_EMPTY: entry<{ at: string }>(
    EXIT.config,
    (p) => `${p.at}: the overlay neither forbids anything nor lists a practice`,
    () =>
      "Add a rule with effect forbid, or the practices that are prohibited with the proof of their absence.",
  ),
  PROFILE_REASON: entry<{ at: string; rule: string; effect: string; found: string; expected: string }>(
    EXIT.config,
    (p) => `${p.at}: the rule ${p.rule} (${p.effect}) has the reason ${p.found}, expected ${p.expected}`,
    () => "A denial is called by its rule's reason, so a restriction needs one that says what it is.",
  ),
  PROFILE_UNREACHABLE: entry<{ at: string; rule: string; why: string }>(
    EXIT.config,
    (p) => `${p.at}: the permission ${p.rule} never applies: ${p.why}`,
    () => "Restrictions come before permissions. Correct the interval, or remove what is meant to be gone.",
  ),
  PROFILE_OVERLAP: entry<{ at: string; rule: string; by: string; from: string; until: string }>(
    EXIT.config,
    (p) => `${p.at}: the permission ${p.rule} is denied by ${p.by} from ${p.from} to ${p.until}`,
    () => "That may be meant: a restriction comes before a permission. Make sure that it is.",
  ),
  PROFILE_GAP: entry<{ at: string; what: string; from: string; until: string }>(
    EXIT.config,
    (p) => `${p.at}: no rule answers for ${p.what} from ${p.from} to ${p.until}`,
    () => "There the answer is no_legal_basis. If the law says more, write it as a rule with its source.",
  ),
  PROFILE_LOOKALIKE: entry<{ at: string; word: string; what: string }>(
    EXIT.config,
    (p) => `${p.at}: ${p.word} may pass for another word: ${p.what}`,
    () => "Type the word anew in one script; nobody can tell the two apart by reading.",
  ),
} as const;
