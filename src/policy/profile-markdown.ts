import type {
  PageInstrument,
  PageLane,
  PagePractice,
  PageRule,
  PageStatement,
  ProfilePage,
} from "./profile-page.ts";
import { PROFILE_WORDS, type ProfileWords } from "./profile-words.ts";

/**
 * A profile's page as Markdown, for docs/profiles/. It says the same as the page that `contrechamp profile show
 * --html` writes, and reads well as plain text.
 * @param other the page in the other language: its name and file; null where there is none
 */
export function profileMarkdown(
  page: ProfilePage,
  other: { readonly name: string; readonly file: string } | null = null,
): string {
  const words = PROFILE_WORDS[page.language];
  const { heading } = words;
  const blocks = [
    `# ${escaped(page.title)}`,
    `<!-- ${MADE_FROM[page.language](page.id)} -->`,
    ...(other === null ? [] : [`[${other.name}](${other.file})`]),
    escaped(page.summary),
    page.facts
      .map(
        ([name, value]) => `- **${name}** ${value.startsWith("sha256 ") ? `\`${value}\`` : escaped(value)}`,
      )
      .join("\n"),
    `_${words.notLegalAdvice}_`,
    `## ${heading.timeline}`,
    ...page.lanes.flatMap((lane) => laneBlocks(lane, words)),
    ...(page.conditions.length === 0
      ? []
      : [`## ${heading.conditions}`, words.nothingElse, list(page.conditions.map(escaped))]),
    ...(page.rules.length === 0
      ? []
      : [`## ${heading.rules}`, ...page.rules.flatMap((rule) => ruleBlocks(rule, words))]),
    ...(page.otherwise === null
      ? []
      : [`## ${heading.otherwise}`, escaped(page.otherwise.text), list(grounds(page.otherwise, words))]),
    ...(page.practices.length === 0
      ? []
      : [
          `## ${heading.practices}`,
          ...page.practices.flatMap((practice) => practiceBlocks(practice, words)),
        ]),
    `## ${heading.instruments}`,
    ...page.instruments.flatMap((instrument) => instrumentBlocks(instrument, words)),
    `## ${heading.correction}`,
    ...page.correction,
  ];
  return `${blocks.join("\n\n")}\n`;
}

const MADE_FROM = {
  fr: (id: string) => `Fait de profiles/${id}.yml par \`npm run docs\` ; ce qui est changé ici se perd.`,
  en: (id: string) => `Made from profiles/${id}.yml by \`npm run docs\`; changes made here are lost.`,
} as const;

function laneBlocks(lane: PageLane, { heading }: ProfileWords): readonly string[] {
  const rows = lane.spans.map(({ fromWords, untilWords, verdict, answer, ruleIds }) => {
    const told = verdict === "permitted" ? `**${escaped(answer)}**` : escaped(answer);
    return `| ${fromWords} | ${untilWords} | ${told} | ${ruleIds.map((id) => `\`${id}\``).join(", ") || "–"} |`;
  });
  const head = `| ${heading.from} | ${heading.until} | ${heading.answer} | ${heading.by} |\n|---|---|---|---|`;
  return [`**${capital(escaped(lane.about))}**`, [head, ...rows].join("\n")];
}

function ruleBlocks(rule: PageRule, words: ProfileWords): readonly string[] {
  const { heading } = words;
  const territory = rule.territory === null ? [] : [`**${heading.jurisdiction}** ${escaped(rule.territory)}`];
  return [
    `### \`${rule.id}\``,
    `**${rule.effectWords}** ${rule.days}. ${escaped(rule.text)}`,
    list([
      `**${heading.concerns}** ${escaped(rule.about)}`,
      ...territory,
      `**${heading.text}** ${escaped(rule.instrument)}`,
      ...grounds(rule, words),
    ]),
  ];
}

function practiceBlocks(practice: PagePractice, words: ProfileWords): readonly string[] {
  const { heading } = words;
  const proofs = practice.proofs.map((path) => `[${path}](../../${path})`).join(", ");
  return [
    `### \`${practice.id}\``,
    `${escaped(practice.text)} ${capital(practice.days)}.`,
    list([
      `**${heading.absence}** ${escaped(practice.absence)}`,
      `**${heading.proofs}** ${proofs}`,
      ...grounds(practice, words),
    ]),
  ];
}

function instrumentBlocks(instrument: PageInstrument, words: ProfileWords): readonly string[] {
  return [
    `### ${escaped(instrument.text)}`,
    ...(instrument.note === null ? [] : [escaped(instrument.note)]),
    list([
      `**${words.heading.status}** ${escaped(instrument.status)}`,
      ...grounds(instrument, words),
      `**${words.heading.name}** \`${instrument.id}\``,
    ]),
  ];
}

/** Source and check: what every statement ends with. */
function grounds(statement: PageStatement, { heading }: ProfileWords): readonly string[] {
  const { citation, url, check } = statement;
  const source = url === null ? escaped(citation) : `[${escaped(citation)}](${url.replaceAll(")", "%29")})`;
  return [`**${heading.source}** ${source}`, `**${heading.check}** ${escaped(check)}`];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text of the profile stays text, whatever signs are in it. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>|[\]]/g, (sign) => `\\${sign}`).replaceAll("\n", " ");
}
