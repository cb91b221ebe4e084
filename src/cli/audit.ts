import { Command } from "commander";
import { type CommandLoader, commandsNamed } from "./named-commands.ts";

/** Each subcommand by its name, in the order of the help, loaded when it is asked for. */
const SUBCOMMANDS: Readonly<Record<string, CommandLoader>> = {
  run: async () => (await import("./audit/run.ts")).runCommand(),
  score: async () => (await import("./audit/score.ts")).scoreCommand(),
  contested: async () => (await import("./audit/contested.ts")).contestedCommand(),
  example: async () => (await import("./audit/example.ts")).exampleCommand(),
  report: async () => (await import("./audit/report.ts")).reportCommand(),
  certify: async () => (await import("./audit/certify.ts")).certifyCommand(),
  calculate: async () => (await import("./audit/calculate.ts")).calculateCommand(),
  annotate: async () => (await import("./audit/annotate.ts")).annotateCommand(),
  agree: async () => (await import("./audit/agree.ts")).agreeCommand(),
  compare: async () => (await import("./audit/compare.ts")).compareCommand(),
  tracks: async () => (await import("./audit/tracks.ts")).tracksCommand(),
};

/** `contrechamp audit …`: how often it is wrong, this system or any vendor's. */
export async function auditCommand(argv: readonly string[]): Promise<Command> {
  const command = new Command("audit").description(
    "Measure how often a system is wrong, on recordings with known truth: this one, or any vendor's alert log",
  );
  const [, , , name = ""] = argv;
  for (const load of commandsNamed(SUBCOMMANDS, name)) command.addCommand(await load(argv));
  return command;
}
