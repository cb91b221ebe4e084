// The arrows between folders: each may import only what stands on its line.
const base = ["errors", "event", "time", "geometry", "files"];
const arrows = {
  time: [],
  errors: [],
  files: [],
  geometry: ["errors", "time"],
  config: [...base, "detectors"],
  policy: [...base, "config"],
  journal: [...base, "config"],
  frames: [...base],
  sources: [...base, "frames", "config"],
  models: [...base, "config"],
  detectors: [...base, "frames", "models"],
  tracking: [...base, "detectors"],
  alerts: [...base, "policy"],
  rules: [...base, "config", "frames", "detectors", "tracking", "alerts"],
  encoding: [...base, "frames"],
  scenes: [...base, "frames", "encoding", "alerts", "sources"],
  evidence: [...base, "config", "frames", "detectors", "alerts", "encoding", "policy", "journal"],
  engine: [
    ...base,
    "policy",
    "journal",
    "config",
    "frames",
    "sources",
    "models",
    "detectors",
    "tracking",
    "rules",
    "alerts",
    "evidence",
  ],
  report: [...base, "config", "policy", "journal", "frames", "alerts", "engine"],
  audit: [
    ...base,
    "policy",
    "journal",
    "config",
    "frames",
    "sources",
    "models",
    "detectors",
    "tracking",
    "rules",
    "alerts",
    "evidence",
    "scenes",
    "engine",
    "report",
  ],
  cli: [
    ...base,
    "audit",
    "policy",
    "journal",
    "config",
    "frames",
    "sources",
    "models",
    "detectors",
    "rules",
    "alerts",
    "evidence",
    "scenes",
    "engine",
    "report",
  ],
};

const folderRules = Object.entries(arrows).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  severity: "error",
  comment: `src/${folder} may import only: ${[folder, ...allowed].join(", ")}`,
  from: { path: `^src/${folder}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...allowed].join("|")})(/|\\.ts$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...folderRules,
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "only-evidence-and-scenes-write-pixels",
      severity: "error",
      comment: "Pixels leave memory through evidence/ (redacted) or scenes/ (drawn, nobody's picture) alone.",
      from: { path: "^src/", pathNot: "^src/(evidence|scenes|encoding|sources/images)/|\\.test\\.ts$" },
      to: { path: "^src/encoding/|node_modules/sharp" },
    },
    {
      name: "contested-rules-only-in-the-audit-bench",
      severity: "error",
      comment:
        "What a contested rule would have flagged is measured, and nobody is told: docs/decisions/0023.",
      from: {
        path: "^(src|test|scripts|benchmarks)/",
        pathNot: "^src/(rules|audit)/contested/|^test/security/contested\\.test\\.ts$",
      },
      to: { path: "^src/rules/contested/" },
    },
    {
      name: "contested-rules-import-what-is-seen-alone",
      severity: "error",
      comment: "Nothing that alerts, writes, sends or decides, and no library either.",
      from: { path: "^src/rules/contested/", pathNot: "\\.test\\.ts$" },
      to: {
        pathNot:
          "^src/(rules/contested/|rules/(rule|person-scale|view-geometry)\\.ts$|tracking/tracker\\.ts$|geometry/|time/)",
      },
    },
    {
      name: "contested-rules-reach-no-alert",
      severity: "error",
      comment: "Not through another file either.",
      from: { path: "^src/rules/contested/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^src/(alerts/(alert|disposition)\\.ts|engine/|evidence/|policy/|journal/|sinks/|cli/)",
        reachable: true,
      },
    },
    {
      name: "contested-measurement-makes-no-alert",
      severity: "error",
      comment:
        "What was flagged becomes figures, and neither an episode nor anything that is shown to an operator.",
      from: { path: "^src/audit/contested/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(alerts|engine|evidence|policy|journal|sinks)/|^src/rules/registry\\.ts$" },
    },
    {
      name: "no-dev-dependency-in-product",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm-dev"] },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
    },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "src/frames/kernels/assembly" },
  },
};
