/** What would let data leave the machine, or let files about persons in: looked for in sources, libraries and schemas. */
import ts from "typescript";

/** Modules through which a program reaches another machine. */
const NETWORK =
  /^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises|quic)$|^(undici|axios|got|node-fetch|ky|superagent|request|needle|ws|socket\.io(-client)?|mqtt|amqplib|kafkajs|nats|@nats-io\/.+|nodemailer|ssh2|basic-ftp|pacote|@hono\/node-server|pg|mysql2?|mongodb|redis|ioredis)$/;
/** Modules that start programs, which could reach another machine in its place. */
const PROGRAMS = /^(node:)?(child_process|cluster)$/;
/** What the platform itself offers. */
const NETWORK_GLOBALS = new Set(["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "WebTransport"]);

/** Libraries that report what a program does, or that bring lists of persons in. */
const REPORTING =
  /(^|[@/-])(sentry|posthog|mixpanel|amplitude|segment|datadog|newrelic|bugsnag|rollbar|appinsights|applicationinsights|opentelemetry|firebase|web-push|twilio|nodemailer|analytics-node|universal-analytics)($|[/-])/i;
const DIRECTORIES = /(^|[@/-])(ldapjs?|ldapts|activedirectory2?|vcard|vcf|scim|okta|auth0|keycloak)($|[/-])/i;

/** Names of what would hold or take in persons who are looked for. */
const LISTS =
  /^(watch|black|white|hot|person|persons|people|face|faces|suspect|suspects|wanted|offender|offenders)lists?$|^(mugshots?|enrol|enroll|enrolment|enrollment|facebank|facedb|poi|personofinterest|personsofinterest|wantedpersons?|wantedpeople)$/;

/** Places where a source file could reach another machine. */
export function outboundUses(file: string, text: string): readonly string[] {
  return usesOf(file, text, (module) => NETWORK.test(module), NETWORK_GLOBALS);
}

/** Places where a source file could start another program. */
export function programUses(file: string, text: string): readonly string[] {
  return usesOf(file, text, (module) => PROGRAMS.test(module), new Set());
}

function usesOf(
  file: string,
  text: string,
  isRefused: (module: string) => boolean,
  globals: ReadonlySet<string>,
): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${file}:${line + 1}: ${what}`);
  };
  const visit = (node: ts.Node): void => {
    const module = moduleOf(node);
    if (module !== null && isRefused(module)) report(node, module);
    if (ts.isIdentifier(node) && globals.has(node.text) && isUsed(node)) report(node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a statement or call loads; types alone load nothing. */
function moduleOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? null : node.moduleSpecifier.text;
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return node.isTypeOnly ? null : node.moduleSpecifier.text;
  }
  if (!ts.isCallExpression(node)) return null;
  const [argument] = node.arguments;
  if (argument === undefined || !ts.isStringLiteralLike(argument)) return null;
  const called = node.expression;
  const loads =
    called.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(called) && called.text === "require") ||
    (ts.isPropertyAccessExpression(called) && ["getBuiltinModule", "require"].includes(called.name.text));
  return loads ? argument.text : null;
}

/** As a value of that name, not as a field of something else, a key or a type. */
function isUsed(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return (
      parent.expression === node ||
      (ts.isIdentifier(parent.expression) && parent.expression.text === "globalThis")
    );
  }
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

/** Names and short texts of a source file that would be of a list of persons: fields, options, files. */
export function personLists(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const said = ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node.text : "";
    if (isListName(said)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1}: ${said}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `--watch-list <file>`, `watchList`, `/data/watchlist.csv`: the words without what joins them. */
function isListName(text: string): boolean {
  // libav's own option: the transports that an address may use.
  if (text.length > 80 || text === "protocol_whitelist") return false;
  const words =
    text
      .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const pairs = words.map((word, index) => word + (words[index + 1] ?? ""));
  const triples = words.map((word, index) => word + (words[index + 1] ?? "") + (words[index + 2] ?? ""));
  return [...words, ...pairs, ...triples].some((name) => LISTS.test(name));
}

/** Packages of the product that report to somebody, or that ask a directory of persons. */
export function connectorPackages(names: readonly string[]): readonly string[] {
  return names.filter((name) => REPORTING.test(name) || DIRECTORIES.test(name));
}

/** Objects of a JSON Schema that would take keys which it does not name. */
export function openObjects(schema: unknown, at = ""): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => openObjects(item, `${at}/${index}`));
  if (typeof schema !== "object" || schema === null) return [];
  const isObject = Reflect.get(schema, "type") === "object";
  const open = isObject && Reflect.get(schema, "additionalProperties") !== false ? [at || "/"] : [];
  return [...open, ...Object.entries(schema).flatMap(([key, child]) => openObjects(child, `${at}/${key}`))];
}
