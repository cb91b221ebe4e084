import type { Totals } from "./totals-figures.ts";

/** For whom a period is exported, and on what ground. */
export const RECIPIENTS = ["prefect", "cnil", "renewal"] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** Whether all counts add up and rest on contents that are there. */
export function reconciles(totals: Totals): boolean {
  return totals.problems.length === 0;
}

/**
 * The counts as one table (RFC 4180, lines end in CR LF): section, event, camera, rule, name, value. One row a
 * number, so that any spreadsheet can filter and add them up again.
 */
export function totalsCsv(totals: Totals): string {
  const { alerts, denials, period, journal } = totals;
  const rows: Row[] = [
    ["journal", "", "", "", "origin", journal.origin ?? ""],
    ["journal", "", "", "", "leaves", journal.size],
    ["journal", "", "", "", "root", journal.root ?? ""],
    ["period", "", "", "", "from", period.fromUtc],
    ["period", "", "", "", "to", period.toUtc],
    ["period", "", "", "", "reconciles", reconciles(totals) ? "yes" : "no"],
    ...totals.problems.map(({ code, count }): Row => ["problem", "", "", "", code, count]),
  ];
  for (const row of alerts.rows) {
    for (const name of ALERT_NAMES)
      rows.push(["alerts", row.event, row.cameraId, row.ruleId, name, row[name]]);
  }
  for (const name of ALERT_NAMES) rows.push(["alerts", "", "", "", name, alerts[name]]);
  rows.push(["alerts", "", "", "", "settled_since", alerts.settledSince]);
  rows.push(["alerts", "", "", "", "carried_over", alerts.carriedOver]);
  rows.push(["alerts", "", "", "", "corrections", alerts.corrections]);
  rows.push(["alerts", "", "", "", "median_seconds_to_disposition", alerts.medianSecondsToDisposition ?? ""]);
  for (const row of denials.rows)
    rows.push(["denials", row.event, row.cameraId, row.ruleId, "count", row.count]);
  rows.push(["denials", "", "", "", "count", denials.total]);
  for (const { reason, count } of denials.byReason)
    rows.push(["denials_by_reason", "", "", "", reason, count]);
  for (const row of totals.shadow)
    rows.push(["shadow", row.event, row.cameraId, row.ruleId, "count", row.count]);
  for (const [section, list] of [
    ["start", totals.starts],
    ["stop", totals.stops],
  ] as const) {
    for (const { at, cameraId, by } of list) rows.push([section, "", cameraId ?? "", "", by, at]);
  }
  for (const { scope, cause, secondsInPeriod } of totals.suspensions) {
    rows.push(["suspension_seconds", "", scope, "", cause, secondsInPeriod]);
  }
  for (const { pseudonym, views, exports, dispositions } of totals.persons) {
    rows.push(["views", "", "", "", pseudonym, views]);
    rows.push(["exports", "", "", "", pseudonym, exports]);
    rows.push(["dispositions", "", "", "", pseudonym, dispositions]);
  }
  for (const { cause, count } of totals.erasures.byCause) rows.push(["erasures", "", "", "", cause, count]);
  for (const { cameraId, kind, count } of totals.health) rows.push(["health", "", cameraId, "", kind, count]);
  for (const { name, sha256 } of totals.models) rows.push(["model", "", "", "", name, sha256]);
  for (const { authorisationId, sha256 } of totals.authorisations) {
    rows.push(["authorisation", "", "", "", authorisationId, sha256]);
  }
  const head: Row = ["section", "event", "camera", "rule", "name", "value"];
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

type Row = readonly [string, string, string, string, string, string | number];

const ALERT_NAMES = ["raised", "confirmed", "dismissed", "undetermined", "expired", "open"] as const;

/** A field of a table. What a spreadsheet would take for a formula is kept from being one. */
function field(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
