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
  cli: [
    ...base,
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
