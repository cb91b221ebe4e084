import { Command } from "commander";
import { engineVersion } from "../engine/version.ts";
import { type CommandLoader, commandsNamed } from "./named-commands.ts";
import { runProgram } from "./run-program.ts";

/** Each command by its name, loaded when it is asked for: whoever stops it waits for nothing else. */
const COMMANDS: Readonly<Record<string, CommandLoader>> = {
  watch: async () => (await import("./watch.ts")).watchCommand(),
  serve: async () => (await import("./serve.ts")).serveCommand(),
  check: async () => (await import("./check.ts")).checkCommand(),
  authorise: async () => (await import("./authorise.ts")).authoriseCommand(),
  journal: async () => (await import("./journal.ts")).journalCommand(),
  audit: async (argv) => await (await import("./audit.ts")).auditCommand(argv),
  models: async () => (await import("./models.ts")).modelsCommand(),
  profile: async () => (await import("./profile.ts")).profileCommand(),
  scene: async () => (await import("./scene.ts")).sceneCommand(),
  background: async () => (await import("./background.ts")).backgroundCommand(),
  evidence: async () => (await import("./evidence.ts")).evidenceCommand(),
  erase: async () => (await import("./erase.ts")).eraseCommand(),
  dispose: async () => (await import("./dispose.ts")).disposeCommand(),
  stop: async () => (await import("./stop.ts")).stopCommand(),
  resume: async () => (await import("./resume.ts")).resumeCommand(),
};

const VERSION: ReadonlySet<string> = new Set(["-V", "--version"]);

/** The command line: one file a command, errors with their help, documented exit codes. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("contrechamp")
    .description(
      "Video analytics for fixed cameras in public places, built so that it can be held to account.",
    )
    .version(engineVersion())
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Exit codes: 0 all went well; 1 something ran and part of it failed; 64 wrong usage; 65 bad data;
66 input not found; 69 not available; 70 a fault of Contrechamp; 73 cannot write; 77 not permitted by the gate;
78 bad configuration; 130 stopped by hand.`,
    );
  const [, , name = ""] = argv;
  const asked = VERSION.has(name) ? [] : commandsNamed(COMMANDS, name);
  for (const load of asked) program.addCommand(await load(argv));
  await runProgram(program, argv);
}

await main(process.argv);
