/** The page's only style sheet. Its hash stands in the page's content policy; nothing else may style it. */
export function styleSheet(fonts: string): string {
  return `${fonts}
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --surface: #ffffff; --ink: #16202e; --muted: #5b6675; --rule: #dad6cc;
  --action: #1f4e79; --open: #935700; --person: #1f4e79; --vehicle: #2f6b4f; --other: #6b7280;
  --text: "Atkinson Hyperlegible Next", system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
  --mono: "Atkinson Hyperlegible Mono", ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --surface: #1a2029; --ink: #e8ecf1; --muted: #9aa5b4; --rule: #2c3542;
    --action: #7fb4e6; --open: #f0b35a;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 816px; padding: 20px 24px 64px;
  font: 400 16px/1.5 var(--text); font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
h1, h2, h3, p, dl, dd, figure, ul, table { margin: 0; padding: 0; }
h1 { font-size: 40px; line-height: 1.15; font-weight: 650; letter-spacing: -0.01em; max-width: 17em; text-wrap: balance; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 650; margin: 64px 0 16px; padding-top: 16px; border-top: 1px solid var(--rule); }
h3 { font-size: 16px; line-height: 1.4; font-weight: 650; margin: 32px 0 8px; }
p, li { max-width: 70ch; }
a { color: var(--action); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:focus-visible, label:focus-visible { outline: 2px solid var(--action); outline-offset: 3px; border-radius: 2px; }
p.wide { max-width: none; }
.muted, .lead { color: var(--muted); }
.small { font-size: 14px; }
.mono { font-family: var(--mono); font-size: 14px; overflow-wrap: anywhere; }

/* One language at a time, chosen without a script: two radio buttons stand before everything else. */
.choice { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#lang-en:checked ~ * [lang="fr"], #lang-fr:checked ~ * [lang="en"] { display: none; }
.bar { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; margin-bottom: 56px; }
.bar b { font-weight: 650; }
.languages { display: flex; gap: 4px; font-size: 14px; }
.languages label { padding: 4px 8px; color: var(--muted); cursor: pointer; border-bottom: 2px solid transparent; }
#lang-en:checked ~ .bar label[for="lang-en"], #lang-fr:checked ~ .bar label[for="lang-fr"] { color: var(--ink); border-color: var(--action); }
#lang-en:focus-visible ~ .bar label[for="lang-en"], #lang-fr:focus-visible ~ .bar label[for="lang-fr"] { outline: 2px solid var(--action); outline-offset: 2px; }

.lead { font-size: 20px; line-height: 1.4; margin: 12px 0 24px; }
.note { border-left: 3px solid var(--rule); padding-left: 16px; margin-top: 24px; color: var(--muted); }
.warn { border-left-color: var(--open); color: var(--ink); }

.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: baseline; padding: 8px 24px 8px 0; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 14px; font-weight: 400; color: var(--muted); white-space: nowrap; }
tbody th { font-weight: 400; }
.num { text-align: right; white-space: nowrap; }
td.when { width: 1%; white-space: nowrap; }

.timeline { min-width: 560px; display: block; width: 100%; height: auto; margin-top: 12px; }
.timeline text { fill: var(--muted); font-family: var(--text); font-size: 13px; }
.timeline .label { fill: var(--ink); font-size: 14px; }
.timeline .about { fill: var(--muted); }
.timeline .order { fill: var(--open); font-size: 12px; font-weight: 650; }
.timeline .axis { stroke: var(--rule); stroke-width: 1; }
.timeline .lane { stroke: var(--rule); stroke-width: 2; }
.timeline .episode { fill: var(--open); fill-opacity: 0.22; stroke: var(--open); stroke-width: 1.25; }
.timeline .raised { fill: var(--open); }
.timeline .blind { fill: url(#hatch); }
.hatch { stroke: var(--muted); stroke-width: 1; opacity: 0.55; }
.timeline .band { fill: var(--action); fill-opacity: 0.16; }
.timeline .best { fill: none; stroke: var(--action); stroke-width: 1.5; stroke-linejoin: round; }
.scroll + p.small { margin-top: 8px; }
.marks { position: absolute; width: 0; height: 0; }

.alert { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: 0 24px; padding: 24px 0; border-bottom: 1px solid var(--rule); scroll-margin-top: 16px; break-inside: avoid; }
.alert:first-of-type { padding-top: 8px; } .alert:last-of-type { border-bottom: 0; padding-bottom: 0; }
.alert h3 { margin: 0 0 4px; font-size: 20px; line-height: 1.3; }
.alert h3::first-letter, .first::first-letter { text-transform: uppercase; }
.alert .order { color: var(--muted); font-weight: 400; }
.alert img, .missing { display: block; width: 100%; height: auto; border-radius: 2px; background: #c9c9c9; }
.missing { aspect-ratio: 4 / 3; display: grid; place-content: center; padding: 24px; color: #16202e; font-size: 14px; text-align: center; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin-top: 12px; }
dl.facts dt { color: var(--muted); font-size: 14px; line-height: 24px; }
.clip { display: inline-block; margin-top: 12px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 8px; padding: 0; list-style: none; font-size: 14px; color: var(--muted); }
.key li { display: flex; align-items: center; gap: 8px; }
.key svg { width: 20px; height: 20px; flex: none; }
.person { fill: var(--person); } .vehicle { fill: var(--vehicle); } .other { fill: var(--other); } .unknown { fill: #c9c9c9; }
@media (prefers-color-scheme: dark) { .key svg { background: #c9c9c9; border-radius: 2px; } .unknown { stroke: #16202e; stroke-dasharray: 2 2; } }

ul.limits { padding-left: 20px; } ul.limits li { margin-bottom: 8px; }
dl.proof { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 24px; }
dl.proof dt { color: var(--muted); }

@media (max-width: 640px) {
  body { padding: 16px 16px 48px; }
  .bar { margin-bottom: 32px; }
  h1 { font-size: 28px; } .lead { font-size: 16px; margin-bottom: 16px; }
  h2 { margin-top: 48px; }
  .alert { grid-template-columns: minmax(0, 1fr); } .alert figure { margin-bottom: 16px; }
  dl.proof { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.proof dd { margin-bottom: 12px; }
  th, td { padding-right: 16px; }
  .timeline { min-width: 640px; } .timeline text, .timeline .label { font-size: 16px; } .timeline .order { font-size: 14px; }
}
@media print {
  :root { --paper: #ffffff; --surface: #ffffff; --ink: #000000; --muted: #444444; --rule: #bbbbbb; --action: #1f4e79; --open: #935700; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .languages { display: none; } .scroll { overflow: visible; } .timeline { min-width: 0; }
  h1 { font-size: 24pt; } h2 { margin-top: 24pt; break-after: avoid; } h3 { break-after: avoid; }
  tr, .timeline, dl.facts { break-inside: avoid; }
  a { color: inherit; } .alert { grid-template-columns: 8cm minmax(0, 1fr); }
  .clip::after { content: " (" attr(href) ")"; font-family: var(--mono); font-size: 8pt; overflow-wrap: anywhere; }
}
`;
}
