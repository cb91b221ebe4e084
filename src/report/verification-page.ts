import type { VerificationReport } from "../journal/verify.ts";
import type { Finding } from "../journal/verify-findings.ts";
import { FINDING_WORDS, placeWords } from "../journal/verify-words.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { renderDocument } from "./document.ts";
import { foreign, type Html, html } from "./html.ts";
import { both, FORMATS, type Language } from "./language.ts";
import { LEAF_WORDS } from "./leaf-words.ts";

export interface VerificationPageInput {
  readonly report: VerificationReport;
  readonly language: Language;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
  /** When it was checked. */
  readonly at: UtcMilliseconds;
  readonly engineVersion: string;
}

/** The page that explains a verification to somebody who is no engineer: the answer first, then what it rests on. */
export function renderVerification({
  report,
  language,
  fonts,
  at,
  engineVersion,
}: VerificationPageInput): string {
  return renderDocument({
    title: { en: "Verification of a journal", fr: "Vérification d’un journal" },
    kind: { en: "verification of a journal", fr: "vérification d’un journal" },
    language,
    fonts,
    style: STYLE,
    body: [
      answer(report),
      coverage(report),
      findings(report.findings),
      checks(report),
      meaning(report),
      signatures(report),
      erased(report),
      numbers(report),
      further(),
      provenance(report, at, engineVersion),
    ],
  });
}

const STYLE = `
:root { --sound: #2f6b4f; --broken: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --sound: #7cc9a3; --broken: #ff8a80; } }
.verdict { display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 0 24px; align-items: start; }
.verdict svg { width: 64px; height: 64px; margin-top: 4px; }
.verdict .lead { margin-bottom: 0; }
.sound { --state: var(--sound); } .alone { --state: var(--open); } .broken { --state: var(--broken); }
.verdict circle { fill: none; stroke: var(--state); stroke-width: 4; }
.verdict path { fill: none; stroke: var(--state); stroke-width: 5; stroke-linecap: round; stroke-linejoin: round; }
.verdict h1 { color: var(--state); }
.cover { display: block; width: 100%; height: auto; margin-top: 40px; }
.cover text { fill: var(--muted); font-family: var(--text); font-size: 13px; }
.cover .vouched { fill: var(--sound); } .cover .signed { fill: var(--sound); fill-opacity: 0.28; }
.cover .unsigned { fill: none; stroke: var(--muted); stroke-dasharray: 4 3; }
.cover .absent { fill: var(--rule); } .cover .damage { fill: var(--broken); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 8px 0 0; padding: 0; list-style: none; font-size: 14px; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend i { width: 16px; height: 12px; border-radius: 2px; background: var(--sound); }
.legend .signed { opacity: 0.28; } .legend .absent { background: var(--rule); }
.legend .unsigned { background: none; border: 1px dashed var(--muted); } .legend .damage { background: var(--broken); }
.finding { border-left: 3px solid var(--rule); padding: 0 0 0 16px; margin-top: 24px; }
.finding.broken { border-left-color: var(--broken); } .finding.doubt { border-left-color: var(--open); }
.finding h3 { margin-top: 0; } .finding .tag { font-size: 14px; font-weight: 400; color: var(--muted); }
.finding p + p { margin-top: 4px; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 32px; } .two h3 { margin-top: 8px; }
ol.checks { padding-left: 20px; margin: 0; } ol.checks li { margin-bottom: 8px; }
td.code { font-family: var(--mono); font-size: 14px; overflow-wrap: anywhere; }
@media (max-width: 640px) { .verdict { grid-template-columns: 40px minmax(0, 1fr); gap: 0 16px; } .verdict svg { width: 40px; height: 40px; } .two { grid-template-columns: 1fr; } }
@media print { :root { --sound: #2f6b4f; --broken: #b3261e; } .finding { break-inside: avoid; } }
`;

/** A tick, a bar and a cross: the answer does not rest on its colour. */
const SIGNS = {
  sound: "M18 33l10 10 19-22",
  alone: "M32 17v20M32 46v1",
  broken: "M21 21l22 22M43 21L21 43",
} as const;

function answer(report: VerificationReport): Html {
  const { verdict, origin, leaves, range, size } = report;
  const headline = {
    sound: both(
      "Nothing in this journal was changed, and somebody independent vouches for it",
      "Rien n’a été modifié dans ce journal, et quelqu’un d’indépendant en répond",
    ),
    alone: both(
      "Nothing speaks against this journal, but nobody independent confirms all of it",
      "Rien ne s’oppose à ce journal, mais il manque de quoi le confirmer tout à fait",
    ),
    broken: both(
      "This journal is not what was signed, or not what others were shown",
      "Ce journal n’est pas ce qui a été signé, ou pas ce que d’autres ont vu",
    ),
  }[verdict];
  const { first, last } = leaves;
  return html`<div class="verdict ${verdict}"><svg viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="29"/><path d="${SIGNS[verdict]}"/></svg>
<div><h1>${headline}</h1>
<p class="lead">${origin === null ? both("It has no readable name", "Son nom est illisible") : foreign(origin)}${both(": ", " : ")}${counted(leaves.checked, "line", "lines", "ligne", "lignes")}${
    first === null || last === null
      ? ""
      : html`, ${both(
          html`${FORMATS.en.instant(first)} to ${FORMATS.en.instant(last)}`,
          html`du ${FORMATS.fr.instant(first)} au ${FORMATS.fr.instant(last)}`,
        )}`
  }</p>${
    range.from === 0 && range.to === size
      ? ""
      : html`<p class="muted">${both(
          html`This is a part: lines ${FORMATS.en.number(range.from)} to ${FORMATS.en.number(range.to - 1)} of ${FORMATS.en.number(size)}. The others were not looked at.`,
          html`C’est un extrait : lignes ${FORMATS.fr.number(range.from)} à ${FORMATS.fr.number(range.to - 1)}, sur ${FORMATS.fr.number(size)}. Les autres n’ont pas été examinées.`,
        )}</p>`
  }</div></div>`;
}

/** The lines from the first to the last, and who stands for which. */
function coverage({ size, range, vouchedTo, beyond, findings, verdict }: VerificationReport): Html {
  const total = size + beyond;
  if (total === 0) return html``;
  const x = (seq: number) => Math.round((seq / total) * 7680) / 10;
  const bar = (from: number, to: number, kind: string) =>
    to <= from
      ? ""
      : html`<rect class="${kind}" x="${x(from)}" y="8" width="${Math.max(1, x(to) - x(from))}" height="24"/>`;
  const damaged = findings
    .filter(({ severity }) => severity === "broken")
    .flatMap(({ places }) => places)
    .flatMap(({ seq, lastSeq }) =>
      seq === undefined || seq >= total ? [] : [{ seq, to: (lastSeq ?? seq) + 1 }],
    );
  const vouched = verdict === "broken" ? range.from : Math.min(vouchedTo, range.to);
  return html`<svg class="cover" viewBox="0 0 768 52" role="img" aria-label="0 – ${total}">
${bar(0, size, "absent")}${bar(range.from, Math.min(range.to, size), "signed")}${bar(range.from, vouched, "vouched")}${bar(size, total, "unsigned")}
${damaged.map(({ seq, to }) => html`<rect class="damage" x="${x(seq)}" y="2" width="${Math.max(3, x(Math.min(to, total)) - x(seq))}" height="36"/>`)}
<text x="0" y="50">0</text><text x="768" y="50" text-anchor="end">${total - 1}</text></svg>
<ul class="legend">${vouched > range.from ? html`<li><i></i>${both("somebody independent vouches", "quelqu’un d’indépendant en répond")}</li>` : ""}${vouched < range.to ? html`<li><i class="signed"></i>${both("signed by the operator", "signé par l’exploitant")}</li>` : ""}${range.from > 0 || range.to < size ? html`<li><i class="absent"></i>${both("not in this part", "hors de cet extrait")}</li>` : ""}${beyond > 0 ? html`<li><i class="unsigned"></i>${both("not signed yet", "pas encore signé")}</li>` : ""}${damaged.length > 0 ? html`<li><i class="damage"></i>${both("wrong", "faux")}</li>` : ""}</ul>`;
}

function findings(list: readonly Finding[]): Html {
  if (list.length === 0) {
    return html`<section><h2>${both("What was found", "Ce qui a été trouvé")}</h2><p>${both("Nothing out of the ordinary.", "Rien à signaler.")}</p></section>`;
  }
  const tags = {
    broken: both("wrong", "faux"),
    doubt: both("doubt", "doute"),
    remark: both("remark", "remarque"),
  };
  const one = ({ code, severity, count, places }: Finding) => {
    const [en, fr] = [FINDING_WORDS.en[code], FINDING_WORDS.fr[code]];
    const where = places
      .slice(0, 5)
      .map((place) => [placeWords(place, "en"), placeWords(place, "fr")] as const)
      .filter(([words]) => words !== "");
    return html`<article class="finding ${severity}"><h3>${both(en.what, fr.what)} <span class="tag">${tags[severity]}${count > 1 ? html`, ${counted(count, "time", "times", "fois", "fois")}` : ""}</span></h3>
<p>${both(en.means, fr.means)}</p>
${where.length === 0 ? "" : html`<p class="mono muted">${where.map(([enWhere, frWhere], i) => html`${i > 0 ? " · " : ""}${both(foreign(enWhere), foreign(frWhere))}`)}${count > where.length ? " …" : ""}</p>`}
<p><b>${both("What to do: ", "Que faire : ")}</b>${both(en.todo, fr.todo)}</p></article>`;
  };
  return html`<section><h2>${both("What was found", "Ce qui a été trouvé")}</h2>${list.map(one)}</section>`;
}

function checks({ leaves, tiles, payloads, signatures: signed, records }: VerificationReport): Html {
  return html`<section><h2>${both("What was checked", "Ce qui a été vérifié")}</h2><ol class="checks">
<li>${both("Each line has its number, its form, and a time that does not go back: ", "Chaque ligne a son numéro, sa forme, et une heure qui ne recule pas : ")}${counted(leaves.checked, "line", "lines", "ligne", "lignes")}.</li>
<li>${both("From the lines the fingerprint of the whole was computed anew, and compared with the signed one and with each stored fingerprint on the way: ", "L’empreinte de l’ensemble a été recalculée à partir des lignes, puis comparée à celle qui est signée et à chaque empreinte intermédiaire : ")}${counted(tiles, "file", "files", "fichier", "fichiers")}.</li>
<li>${both("Each content is the one that its line vouches for: ", "Chaque contenu est celui dont sa ligne répond : ")}${number(payloads.intact)}.</li>
<li>${both("Each content that is gone was erased by an act that the journal records: ", "Chaque contenu disparu a été effacé par un acte inscrit au journal : ")}${number(payloads.erased)}.</li>
<li>${both("The signatures: ", "Les signatures : ")}${number(signed.length)}.</li>
<li>${both("What others had kept of it: ", "Ce que d’autres en avaient gardé : ")}${counted(records.length, "record", "records", "document", "documents")}.</li>
</ol><p class="note">${both("All of it was computed from the files alone, on this machine and without a network.", "Tout a été calculé à partir des seuls fichiers, sur cette machine et sans réseau.")}</p></section>`;
}

function meaning({ verdict, vouchedTo, size }: VerificationReport): Html {
  const whole = vouchedTo >= size && size > 0;
  return html`<section><h2>${both("What that proves, and what not", "Ce que cela prouve, et ce que cela ne prouve pas")}</h2><div class="two">
<div><h3>${both("It proves", "Cela prouve")}</h3><ul class="limits">
${
  verdict === "broken"
    ? html`<li>${both("That this copy must not be relied on. It does not prove who changed it: a faulty disk looks the same as a hand, except where two signed states contradict each other.", "Que l’on ne doit pas se fier à cette copie. Cela ne prouve pas qui l’a modifiée : un disque défaillant laisse les mêmes traces qu’une main, sauf quand deux états signés se contredisent.")}</li>`
    : html`<li>${both("No line was changed, removed, added or moved since it was signed.", "Aucune ligne n’a été modifiée, retirée, ajoutée ou déplacée depuis la signature.")}</li>
<li>${both("What was erased was erased openly.", "Ce qui a été effacé l’a été ouvertement.")}</li>
${
  vouchedTo === 0
    ? ""
    : html`<li>${
        whole
          ? both(
              "Somebody else than the operator has seen this same journal.",
              "Quelqu’un d’autre que l’exploitant a vu ce même journal.",
            )
          : both(
              html`Somebody else than the operator has seen the first ${FORMATS.en.number(vouchedTo)} of its ${FORMATS.en.number(size)} lines as they are.`,
              html`Quelqu’un d’autre que l’exploitant a vu telles quelles les ${FORMATS.fr.number(vouchedTo)} premières de ses ${FORMATS.fr.number(size)} lignes.`,
            )
      }</li>`
}`
}
</ul></div>
<div><h3>${both("It does not prove", "Cela ne prouve pas")}</h3><ul class="limits">
<li>${both("That what was written was true. Software that lies from the start writes a lie that verifies.", "Que ce qui a été écrit était vrai. Un logiciel qui ment d’emblée écrit un mensonge vérifiable.")}</li>
<li>${both("That everything was written: a camera that nobody connected to this system leaves no line.", "Que tout a été écrit : une caméra jamais reliée à ce système ne laisse aucune ligne.")}</li>
<li>${both("That everybody is shown the same journal. Only independent witnesses can: the more of them, and the less they have to do with the operator, the better.", "Que tout le monde voit le même journal. Seuls des témoins indépendants le peuvent : plus ils sont nombreux et étrangers à l’exploitant, mieux c’est.")}</li>
<li>${both("That the times are exact: they are those of the operator’s clock. A witness’s signature says by when a line existed at the latest.", "Que les heures sont exactes : ce sont celles de l’horloge de l’exploitant. La signature d’un témoin dit à quelle date, au plus tard, une ligne existait.")}</li>
</ul></div></div></section>`;
}

function signatures({ signatures: signed, key, records, size }: VerificationReport): Html {
  const kinds = {
    log: both("the operator", "l’exploitant"),
    witness: both("a witness", "un témoin"),
    unknown: both("unknown", "inconnu"),
  };
  const states = {
    valid: both("right", "valable"),
    wrong: both("wrong", "fausse"),
    unknown: both("its key is not known here", "clé inconnue ici"),
  };
  const outcomes = {
    agrees: both("agrees", "concorde"),
    fork: both("another journal of the same length", "un autre journal, de même longueur"),
    rewritten: both("its past was rewritten", "le passé a été réécrit"),
    shrunk: both("it is shorter than it was", "le journal est plus court qu’avant"),
    not_compared: both("could not be compared", "non comparable"),
  };
  const row = (one: (typeof signed)[number]) =>
    html`<tr><th scope="row">${foreign(one.name)}</th><td>${kinds[one.kind]}</td><td>${states[one.state]}${one.kind === "witness" && !one.keyGiven ? html`<br><span class="muted small">${both("its key came with the journal", "sa clé venait avec le journal")}</span>` : ""}</td><td class="num">${number(one.size)}</td><td>${one.at === null ? "–" : both(FORMATS.en.instant(one.at), FORMATS.fr.instant(one.at))}</td></tr>`;
  return html`<section><h2>${both("Who signed", "Qui a signé")}</h2>
${
  signed.length === 0
    ? html`<p>${both("Nobody.", "Personne.")}</p>`
    : html`<div class="scroll"><table><thead><tr><th scope="col">${both("Name", "Nom")}</th><th scope="col">${both("As", "En tant que")}</th><th scope="col">${both("Signature", "Signature")}</th><th scope="col" class="num">${both("Lines", "Lignes")}</th><th scope="col">${both("When", "Quand")}</th></tr></thead><tbody>${signed.map(row)}</tbody></table></div>`
}
${key?.fromJournal === true ? html`<p class="note">${both("The operator’s key came with the journal. Compare it with the one in the published register.", "La clé de l’exploitant venait avec le journal. Comparez-la à celle du registre publié.")}</p>` : ""}
${
  records.length === 0
    ? ""
    : html`<h3>${both("What others had kept", "Ce que d’autres avaient gardé")}</h3><div class="scroll"><table><thead><tr><th scope="col">${both("Record", "Document")}</th><th scope="col" class="num">${both("Lines", "Lignes")}</th><th scope="col">${both("Compared with this journal", "Comparé à ce journal")}</th></tr></thead><tbody>${records.map(
        (one) =>
          html`<tr><th scope="row">${foreign(one.name)}</th><td class="num">${number(one.size)}</td><td>${outcomes[one.outcome]}${one.size > size ? "" : ""}</td></tr>`,
      )}</tbody></table></div>`
}</section>`;
}

function erased({ payloads }: VerificationReport): Html {
  const none = payloads.erased === 0 && payloads.withheld === 0;
  return html`<section><h2>${both("What is not there any more", "Ce qui n’est plus là")}</h2>
${none ? html`<p>${both("Nothing was erased or left out.", "Rien n’a été effacé ni omis.")}</p>` : ""}
${payloads.erased === 0 ? "" : html`<p>${both(html`The content of ${counted(payloads.erased, "line", "lines", "ligne", "lignes")} was erased, as the law asks after a time. That is in order: the line itself stays, with a fingerprint from which nothing can be learnt, and another line says who erased it and why. So an erasure can be seen, and a forgery cannot hide behind it.`, html`Le contenu de ${counted(payloads.erased, "line", "lines", "ligne", "lignes")} a été effacé, comme la loi le veut après un délai. C’est normal : la ligne elle-même reste, avec une empreinte dont on ne peut rien tirer, et une autre ligne dit qui a effacé et pourquoi. Un effacement se voit donc, et une falsification ne peut pas s’en couvrir.`)}</p>`}
${payloads.withheld === 0 ? "" : html`<p>${both(html`The content of ${counted(payloads.withheld, "line", "lines", "ligne", "lignes")} is not in this copy. It can be asked for; the fingerprint here will show that it is the right one.`, html`Le contenu de ${counted(payloads.withheld, "line", "lines", "ligne", "lignes")} n’est pas dans cette copie. On peut le demander ; l’empreinte présente ici montrera que c’est le bon.`)}</p>`}</section>`;
}

function numbers({ leaves }: VerificationReport): Html {
  const rows = Object.entries(LEAF_WORDS).flatMap(([type, words]) => {
    const many = Object.entries(leaves.byType).find(([name]) => name === type)?.[1] ?? 0;
    return many === 0
      ? []
      : [
          html`<tr><th scope="row">${both(words.en, words.fr)}</th><td class="code">${type}</td><td class="num">${number(many)}</td></tr>`,
        ];
  });
  return html`<section><h2>${both("What it speaks of", "De quoi il parle")}</h2><div class="scroll"><table><thead><tr><th scope="col">${both("Lines about", "Lignes sur")}</th><th scope="col">${both("Type", "Type")}</th><th scope="col" class="num">${both("How many", "Nombre")}</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function further(): Html {
  return html`<section><h2>${both("How to ask further", "Pour aller plus loin")}</h2><ul class="limits">
<li>${both("Ask whoever runs the system for the public key in writing, for the names of its witnesses, and for the content of a line by its number.", "Demandez à l’exploitant, par écrit, la clé publique, le nom de ses témoins, et le contenu d’une ligne d’après son numéro.")}</li>
<li>${both("Ask a witness for the state that it signed last, and compare it: contrechamp journal verify FOLDER --trusted FILE.", "Demandez à un témoin le dernier état qu’il a signé, et comparez : contrechamp journal verify DOSSIER --trusted FICHIER.")}</li>
<li>${both("Keep the file “checkpoint” of today. Next time it shows whether the past was rewritten in between: you are then a witness yourself.", "Gardez le fichier « checkpoint » d’aujourd’hui. La prochaine fois, il montrera si le passé a été réécrit entre-temps : vous êtes alors vous-même témoin.")}</li>
<li>${both("In France: the CNIL (cnil.fr), the departmental commission on video protection (code de la sécurité intérieure, article L. 253-5), and for documents the CADA (cada.fr).", "En France : la CNIL (cnil.fr), la commission départementale de vidéoprotection (code de la sécurité intérieure, article L. 253-5) et, pour les documents, la CADA (cada.fr).")}</li>
</ul></section>`;
}

function provenance(report: VerificationReport, at: UtcMilliseconds, engineVersion: string): Html {
  const { root, key, size, range } = report;
  const fact = (en: string, fr: string, value: Html | string) =>
    html`<dt>${both(en, fr)}</dt><dd>${value}</dd>`;
  return html`<section><h2>${both("So that others can check the same", "Pour que d’autres vérifient la même chose")}</h2><dl class="proof">
${fact("Signed state", "État signé", html`${counted(size, "line", "lines", "ligne", "lignes")}`)}
${fact("Root fingerprint", "Empreinte racine", html`<span class="mono">${root ?? "–"}</span>`)}
${fact("Public key", "Clé publique", key === null ? "–" : html`<span class="mono">${foreign(key.line)}</span>`)}
${fact("Part", "Partie", html`${number(range.from)} – ${number(Math.max(range.from, range.to - 1))}`)}
${fact("Checked", "Vérifié", html`${both(FORMATS.en.instant(formatUtc(at)), FORMATS.fr.instant(formatUtc(at)))}, Contrechamp ${engineVersion}`)}
${fact("Methods", "Méthodes", html`SHA-256, Ed25519, RFC 6962, <a href="https://c2sp.org/tlog-tiles">c2sp.org/tlog-tiles</a>, <a href="https://c2sp.org/tlog-cosignature">tlog-cosignature</a>`)}
</dl></section>`;
}

function counted(value: number, en: string, ens: string, fr: string, frs: string): Html {
  return both(
    `${FORMATS.en.number(value)}\u00a0${value === 1 ? en : ens}`,
    `${FORMATS.fr.number(value)}\u00a0${value < 2 ? fr : frs}`,
  );
}

function number(value: number): Html {
  return both(FORMATS.en.number(value), FORMATS.fr.number(value));
}
