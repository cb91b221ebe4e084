import { EXIT, entry } from "./entry.ts";

/** Who works with a site, and how they prove it. */
export const ACCOUNTS_ERRORS = {
  ACCOUNTS_KEY_MISSING: entry<{ path: string }>(
    EXIT.noInput,
    (p) => `The accounts' key is not at ${p.path}, and there are accounts that only it opens.`,
    () =>
      "Put it back from a copy. Without it every password is void: move the folder of the accounts away, and begin anew with the link of a first start.",
  ),
  ACCOUNTS_KEY_EXPOSED: entry<{ path: string; mode: string }>(
    EXIT.config,
    (p) => `The accounts' key ${p.path} can be read by others (mode ${p.mode}).`,
    (p) => `Make it yours alone: chmod 600 ${p.path}`,
  ),
  ACCOUNTS_KEY_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.data,
    (p) => `The accounts' key ${p.path} cannot be read: ${p.reason}`,
    () => "Restore the file from a copy.",
  ),
  ACCOUNTS_KEY_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The accounts' key could not be written to ${p.path}: ${p.reason}`,
    () => "Check that the folder may be written and that the disk is not full.",
  ),
  ACCOUNTS_KEY_OTHER: entry<Record<never, never>>(
    EXIT.data,
    () => "A secret of the store does not open with the accounts' key: it is another key, or it was changed.",
    () => "Restore the accounts' key that belongs to this store.",
  ),
  SIGN_IN_REFUSED: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "You are not signed in: the login or the password is not right.",
    () => "Try again. An administrator can make a link with which you set another password.",
  ),
  SIGN_IN_THROTTLED: entry<{ seconds: number }>(
    EXIT.unavailable,
    (p) => `There were too many attempts. The next one counts in ${p.seconds} s.`,
    () => "Wait. From a browser in which you signed in before, other people's attempts do not slow yours.",
  ),
  SIGN_IN_BUSY: entry<Record<never, never>>(
    EXIT.unavailable,
    () => "Too many people sign in at this moment.",
    () => "Try again in a few seconds. What is signed in goes on.",
  ),
  SECOND_FACTOR_REFUSED: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "The code is not right, or it was used before.",
    () => "Wait for the next code, and check that the clock of the device that shows it is right.",
  ),
  LINK_UNUSABLE: entry<Record<never, never>>(
    EXIT.noInput,
    () => "This link opens nothing: it was used, it is too old, or a newer one was made.",
    () =>
      "Ask an administrator for another one. The link of a first start is printed anew at each start until it was used.",
  ),
  PASSWORD_WEAK: entry<{ why: string }>(
    EXIT.data,
    (p) => `This password is not taken: ${p.why}.`,
    () =>
      "A sentence of five or six words that nobody else would choose is long enough and easy to remember.",
  ),
  PASSWORD_WRONG: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "Nothing was changed: the password that you use now is not right.",
    () => "Give the password that you signed in with.",
  ),
  CODES_NOT_BEGUN: entry<Record<never, never>>(
    EXIT.noInput,
    () => "No authenticator waits for its first code.",
    () => "Begin anew, and give the first code that the authenticator shows.",
  ),
  CODES_THERE: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "You have an authenticator already.",
    () => "Remove it first; that takes your password.",
  ),
  LOGIN_TAKEN: entry<{ login: string }>(
    EXIT.data,
    (p) => `Somebody has the login ${p.login} already.`,
    () => "Choose another one.",
  ),
  PSEUDONYM_TAKEN: entry<{ pseudonym: string }>(
    EXIT.data,
    (p) => `The pseudonym ${p.pseudonym} is or was somebody's.`,
    () =>
      "Choose one that the journal has never held: otherwise it would say of one person what another one did.",
  ),
  PERSON_UNKNOWN: entry<{ id: string }>(
    EXIT.noInput,
    (p) => `Nobody has the id ${p.id}.`,
    () => "The list of persons names all.",
  ),
  PERSON_LEFT: entry<{ id: string }>(
    EXIT.data,
    (p) => `The person ${p.id} has left, and nothing of them changes any more.`,
    () => "Somebody who comes back is a new person, with a new pseudonym.",
  ),
  PERSON_CHANGED: entry<{ id: string }>(
    EXIT.data,
    (p) => `Somebody else has changed the person ${p.id} meanwhile. Nothing was changed now.`,
    () => "Read the person again, and make your change to what you find.",
  ),
  LAST_ADMINISTRATOR: entry<Record<never, never>>(
    EXIT.notPermitted,
    () => "Nothing was changed: nobody would be left who can say who may do what.",
    () => "Make somebody else an administrator first, and let them sign in once.",
  ),
  ROLES_EXCLUDE: entry<{ alone: string; other: string }>(
    EXIT.data,
    (p) => `Nobody is ${p.alone} and ${p.other} at once.`,
    () => "Who checks what others do does not do it: give the two roles to two persons.",
  ),
} as const;
