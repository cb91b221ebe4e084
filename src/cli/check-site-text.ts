import { durationWords } from "../policy/time-words.ts";
import { FORMATS, type Language } from "../report/language.ts";
import { type Line, line } from "./check-lines.ts";
import type { CheckedGate, CheckedHold, CheckedProfile, CheckedState } from "./check-report.ts";
import { dayOf, whenOf } from "./check-when.ts";
import { CHECK_WORDS } from "./check-words.ts";
import { HOLD_WORDS, scopeText } from "./hold-words.ts";

/** What is the same for all cameras: the law, documents, holds, evidence, state and journal. */
export function siteLines(gate: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { label } = words;
  const lines = [line(0, words.site)];
  if (gate.profile === null) lines.push(line(2, `${label.profile}${words.colon}${words.noProfile}`));
  else lines.push(...profileLines(gate.profile, label.profile, language));
  for (const overlay of gate.overlays) lines.push(...profileLines(overlay, label.overlay, language));
  lines.push(...documentLines(gate, language), ...holdLines(gate, language));
  if (gate.evidence !== null) {
    const { atRest, atMost } = gate.evidence;
    const kept = words.keptAtMost(durationWords(atMost, language));
    lines.push(line(2, `${label.evidence}${words.colon}${words.sealed[atRest]}, ${kept}`));
  }
  lines.push(...stateLines(gate.state, gate.timeZone, language));
  return lines;
}

function profileLines(profile: CheckedProfile, label: string, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { title, id, version, rules, checkedOn } = profile;
  const last = checkedOn === null ? null : dayOf(checkedOn, language);
  return [
    line(2, `${label}${words.colon}${words.profile(title[language], id, version)}`),
    line(4, words.rules(rules.verified, rules.secondary, rules.unverified, last)),
  ];
}

function documentLines(gate: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { folder, authorisations, certificates, notices } = gate.documents;
  const found =
    folder === null
      ? words.noDocuments
      : words.documents(folder, authorisations.length, certificates, notices);
  const lines = [line(2, `${words.label.documents}${words.colon}${found}`)];
  for (const { reference, authority, validFrom, validUntil } of authorisations) {
    const [from, until] = [validFrom, validUntil].map((one) => whenOf(one, gate.timeZone, language));
    lines.push(line(4, words.authorisation(reference, authority, from ?? "", until ?? "")));
  }
  for (const { file, code, message } of gate.faults) {
    lines.push(line(4, words.fault(file)), line(6, `${message} (${code})`));
  }
  if (gate.faults.length > 0) lines.push(line(4, words.faults));
  return lines;
}

function holdLines({ holds, timeZone }: CheckedGate, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { causes, held } = HOLD_WORDS[language];
  const placed = holds.filter((hold) => hold.placed);
  const coming = holds.filter((hold) => !hold.placed);
  const lines: Line[] = [];
  if (placed.length === 0) lines.push(line(2, `${words.label.holds}${words.colon}${words.noHolds}`));
  else lines.push(line(2, `${words.label.holds}${words.colon.trimEnd()}`));
  for (const hold of placed) {
    const what = held(
      scopeOf(hold, language),
      causes[hold.cause],
      whenOf(hold.at, timeZone, language),
      hold.by,
    );
    lines.push(line(4, what), line(6, hold.reason));
  }
  if (coming.length > 0) lines.push(line(2, words.startHeld));
  for (const hold of coming) lines.push(line(4, causes[hold.cause]), line(6, hold.reason));
  return lines;
}

function scopeOf({ cameraId, everything }: CheckedHold, language: Language): string {
  if (cameraId !== null) return scopeText({ kind: "camera", cameraId }, language);
  return scopeText({ kind: everything ? "everything" : "site" }, language);
}

function stateLines(state: CheckedState, timeZone: string, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const { number } = FORMATS[language];
  const when = (instant: string) => whenOf(instant, timeZone, language);
  const lines: Line[] = [];
  const { folder, exists, writable, error, journal } = state;
  if (error === null) {
    lines.push(line(2, `${words.label.state}${words.colon}${words.stateFolder(folder, exists, writable)}`));
  } else {
    lines.push(
      line(2, `${words.label.state}${words.colon}${error.message} (${error.code})`),
      line(4, error.help),
    );
  }
  if (journal === null) {
    lines.push(line(2, `${words.label.journal}${words.colon}${words.noJournal}`));
    return lines;
  }
  if (journal.error !== null) {
    lines.push(
      line(2, `${words.label.journal}${words.colon}${journal.error.message} (${journal.error.code})`),
      line(4, journal.error.help),
    );
    return lines;
  }
  const { leaves, newest, checkpoint } = journal;
  const last = newest === null ? null : when(newest);
  lines.push(
    line(2, `${words.label.journal}${words.colon}${words.journal(number(leaves), last, journal.writable)}`),
    line(
      4,
      checkpoint?.at == null
        ? words.noCheckpoint
        : words.checkpoint(number(checkpoint.leaves), when(checkpoint.at)),
    ),
  );
  return lines;
}
