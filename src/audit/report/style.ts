/** Rules of the audit report alone, after those of every report. Shapes carry the meaning, colours repeat it. */
export const AUDIT_STYLE = `
body { max-width: 864px; }
h1 { max-width: 19em; }
.answers { display: grid; gap: 0; margin-top: 40px; }
.answers article { padding: 20px 0 24px; border-top: 1px solid var(--rule); }
.answers h2, .answers h3 { margin: 0 0 8px; padding: 0; border: 0; font-size: 16px; font-weight: 400; color: var(--muted); }
.answers p { margin-top: 8px; }
.answers .found { font-size: 20px; line-height: 1.4; margin-top: 0; }
.note p + p { margin-top: 8px; }
.note ul { padding-left: 20px; margin-top: 8px; }
section > p + p, section > h3 + p + p, section > .note + p, li p + p { margin-top: 12px; }
table { font-size: 15px; }
caption { text-align: left; color: var(--muted); font-size: 14px; padding-bottom: 8px; }
thead th, thead th.num { vertical-align: bottom; white-space: normal; }
thead th.num { min-width: 6em; }
td.pair { white-space: nowrap; }
td.num .small { white-space: normal; }

svg text.name { fill: none; stroke: none; font-size: 1px; }
svg.audit, svg.plot { display: block; width: 100%; height: auto; }
.key svg.audit { width: 20px; height: 20px; background: none; }
.timeline.audit { min-width: 560px; margin-top: 4px; }
.audit .truth { fill: var(--muted); stroke: var(--muted); stroke-width: 1.5; }
.audit .truth.missed { fill: var(--paper); stroke: var(--open); stroke-width: 2; stroke-dasharray: 4 2; }
.audit .hit { fill: var(--action); }
.audit .repeat { fill: var(--paper); stroke: var(--action); stroke-width: 2; }
.audit .wrong { fill: none; stroke: var(--open); stroke-width: 3; }
.audit .lane.unwatched { stroke-dasharray: 2 6; }
.audit .unwatched { fill: var(--open); }

.cases { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 32px; margin-top: 24px; align-items: start; }
.case { grid-column: 1 / -1; min-width: 0; margin-top: 32px; } .cases > .case { margin-top: 0; } .case.narrow { grid-column: auto; }
.case h3 { margin: 0; }
.timeline.narrow { min-width: 0; }
.timeline .label { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
.moments { display: grid; grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); gap: 24px; margin-top: 12px; }
.case.narrow .moments { grid-template-columns: minmax(0, 1fr); }
.moment { margin: 0; min-width: 0; break-inside: avoid; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; align-content: flex-start; }
.moment img { display: block; max-width: 100%; max-height: 320px; width: auto; height: auto; border-radius: 2px; background: #c9c9c9; }
.moment .missing { display: block; width: 100%; aspect-ratio: 16 / 9; padding: 16px; border-radius: 2px; background: #c9c9c9; }
.moment figcaption { flex: 1 1 144px; min-width: 0; }
.moment figcaption { line-height: 1.4; }
.moment .order { display: inline-block; min-width: 24px; padding: 0 4px; text-align: center; font-size: 14px; font-weight: 650; color: var(--open); border: 1.5px solid var(--open); border-radius: 2px; }

.plot { margin: 8px 0 16px; }
.plot text { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; fill: var(--muted); font-family: var(--text); font-size: 13px; font-variant-numeric: tabular-nums; }
.plot .label { fill: var(--ink); font-size: 15px; }
.plot .title { fill: var(--ink); font-size: 14px; }
.plot .grid { stroke: var(--rule); stroke-width: 1; }
.plot .frame { stroke: var(--muted); stroke-width: 1; fill: none; }
.plot .range { stroke: var(--action); stroke-width: 2; fill: none; }
.plot .range.thin { stroke: var(--muted); stroke-width: 1.5; }
.plot .point { fill: var(--action); }
.plot .point.rate { fill: var(--open); }
.plot .range.rate { stroke: var(--open); }
.plot .reference { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 3; }
.plot .measured { fill: none; stroke: var(--action); stroke-width: 2; stroke-linejoin: round; }
.plot .ideal { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 3; }
.plot .halo { fill: none; stroke: #ffffff; stroke-linejoin: round; } .plot .place { fill: #935700; fill-opacity: 0.15; stroke: #935700; stroke-linejoin: round; }
.plot .ground { fill: #c9c9c9; }
.beside { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 24px; align-items: start; }
.ground-plan { max-height: 360px; }
.squares { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px; align-items: start; }
.squares figure { min-width: 0; } .squares figcaption, .curve figcaption { font-size: 14px; color: var(--muted); line-height: 1.4; }
.curve { margin: 24px 0; }
.key { margin-top: 12px; } .key svg.swatch { width: 28px; height: 20px; margin: 0; background: none; }
.case + p, .cases + .note, .scroll + p, .scroll + h3 + p { margin-top: 16px; } .scroll + p.small { margin-top: 8px; }
th[scope="row"] { min-width: 8em; } .hashes th[scope="row"] { min-width: 9em; }
.squares table { margin-top: 8px; } .squares + p { margin-top: 16px; }
pre { margin: 12px 0; padding: 12px 16px; border: 1px solid var(--rule); border-radius: 2px; background: var(--surface); font: 400 14px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.hash { font: 400 14px/1.5 var(--mono); overflow-wrap: normal; }
dl.proof dd { min-width: 0; }
ol.steps { padding-left: 24px; margin: 0; } ol.steps li { margin-bottom: 8px; }

@media (max-width: 640px) {
  .squares, .beside { grid-template-columns: minmax(0, 1fr); }
  .cases, .moments { grid-template-columns: minmax(0, 1fr); }
  .answers .found { font-size: 18px; }
  .scroll > .plot { min-width: 640px; }
  .plot text { font-size: 15px; } .plot .label, .plot .title { font-size: 16px; }
}
@page { size: A4; margin: 18mm 18mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt "Atkinson Hyperlegible Next", sans-serif; color: #444444; } @bottom-left { content: "Contrechamp"; font: 9pt "Atkinson Hyperlegible Next", sans-serif; color: #444444; } }
@media print {
  :root { --person: #1f4e79; }
  html { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .bar { margin-bottom: 16pt; } .lead { margin-bottom: 12pt; }
  h2 { font-size: 15pt; } h3 { font-size: 12pt; }
  .lead, .answers .found { font-size: 13pt; }
  .answers { margin-top: 14pt; } .answers article { break-inside: avoid; padding: 9pt 0 10pt; }
  table { font-size: 10pt; } th, td { padding: 5pt 12pt 5pt 0; }
  thead { display: table-header-group; }
  .small, thead th, figcaption, .key { font-size: 9.5pt; }
  .mono, pre, .hash { font-size: 8.5pt; } .hashes .hash { font-size: 7.5pt; line-height: 1.35; } .hashes td, .hashes th { padding: 3pt 12pt 3pt 0; }
  .plot, .curve, .squares figure, .case > .scroll, .case.narrow, .moment, .note, pre { break-inside: avoid; }
  .case > h3, .case > p, caption, .key { break-inside: avoid; break-after: avoid; }
  section > p:has(+ .scroll) { break-after: avoid; }
  .cases { gap: 20pt 24pt; } .case.narrow { display: block; }
  .moment img { max-height: 6cm; }
  .squares svg { max-width: 72mm; } .beside { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .moments { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12pt; }
  .timeline.audit, .scroll > .plot { min-width: 0; }
  p, li { break-inside: avoid; }
}
`;
