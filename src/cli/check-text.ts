import type { Language } from "../report/language.ts";
import { cameraVerdict, gateLines } from "./check-gate-text.ts";
import { type Line, line, printed } from "./check-lines.ts";
import type { CheckedCamera, CheckedModel, CheckReport } from "./check-report.ts";
import { siteLines } from "./check-site-text.ts";
import { whenOf } from "./check-when.ts";
import { CHECK_WORDS } from "./check-words.ts";

/**
 * The report for a person: first what may run, then why, camera by camera, then the site.
 * @param width of the terminal in columns, null to leave lines whole
 */
export function formatReport(
  report: CheckReport,
  language: Language = "en",
  width: number | null = null,
): string {
  const words = CHECK_WORDS[language];
  const { gate } = report;
  const lines: Line[] = [
    line(
      0,
      report.valid ? words.usable(report.file, report.configSha256 ?? "") : words.unusable(report.file),
    ),
  ];
  if (report.model !== null) lines.push(...modelLines(report.model, report.model.name, language));
  for (const slot of report.slots) lines.push(...modelLines(slot, slot.manifest, language));
  if (gate !== null) {
    const when = whenOf(gate.at, gate.timeZone, language);
    lines.push(line(0, ""), line(0, words.asked(when, words.uses[gate.use])));
    for (const camera of gate.cameras) lines.push(line(2, cameraVerdict(camera, gate, language)));
  }
  for (const camera of report.cameras) {
    lines.push(line(0, ""), ...cameraLines(camera, language));
    const asked = gate?.cameras.find(({ id }) => id === camera.id);
    if (gate !== null && asked !== undefined) lines.push(...gateLines(asked, gate, language));
  }
  if (gate !== null) lines.push(line(0, ""), ...siteLines(gate, language));
  lines.push(...problemLines(report, language));
  return printed(lines, width);
}

function problemLines({ problems }: CheckReport, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const lines: Line[] = [];
  const helped = new Set<string>();
  for (const severity of ["error", "warning"] as const) {
    for (const problem of problems.filter((found) => found.severity === severity)) {
      const { code, message, help } = problem;
      const name = words.severities[severity];
      lines.push(line(0, ""), line(0, `${name}${words.colon}${message} (${code})`));
      if (!helped.has(code)) lines.push(line(2, help));
      helped.add(code);
    }
  }
  return lines;
}

/** @param pulled what `models pull` takes to fetch it */
function modelLines(
  { name, state, error }: CheckedModel,
  pulled: string,
  language: Language,
): readonly Line[] {
  const words = CHECK_WORDS[language];
  if (error !== null) {
    const said = line(0, `${words.model(name)}${words.colon}${error.message} (${error.code})`);
    return [said, line(2, error.help), line(0, ""), line(0, words.notAsked)];
  }
  const found =
    state === "ready" || state === "refused" ? words.modelStates[state] : words.modelAbsent(pulled);
  return [line(0, `${words.model(name)}${words.colon}${found}`)];
}

function cameraLines(camera: CheckedCamera, language: Language): readonly Line[] {
  const words = CHECK_WORDS[language];
  const lines = [line(0, words.camera(camera.id, camera.source))];
  for (const name of camera.missingVariables) lines.push(line(2, words.missingVariable(name)));
  if (camera.calibration !== null) {
    const { pairs, residualMetres, residualPixels } = camera.calibration;
    const residual = `${residualMetres.toFixed(2)} m (${residualPixels.toFixed(1)} px)`;
    lines.push(line(2, words.calibration(pairs, residual) + (pairs === 4 ? words.asAlways : "")));
  }
  for (const { id, nature, areaM2 } of camera.zones) {
    const area = areaM2 === null ? "" : `, ${areaM2.toFixed(1)} m²`;
    lines.push(line(2, words.zone(id, words.natures[nature] ?? nature, area)));
  }
  if (camera.rules.length === 0) lines.push(line(2, words.noRules));
  for (const { id, event, place, after } of camera.rules) {
    lines.push(line(2, words.rule(id, event, words.place(place), after)));
  }
  return lines;
}
