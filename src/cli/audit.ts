import { Command } from "commander";

/** `contrechamp audit …`: how often it is wrong, this system or any vendor's. */
export async function auditCommand(): Promise<Command> {
  const command = new Command("audit").description(
    "Measure how often a system is wrong, on recordings with known truth: this one, or any vendor's alert log",
  );
  for (const sub of await Promise.all(SUBCOMMANDS.map((load) => load()))) command.addCommand(sub);
  return command;
}

/** One file a subcommand, in the order of the help. */
const SUBCOMMANDS: readonly (() => Promise<Command>)[] = [
  async () => (await import("./audit/run.ts")).runCommand(),
  async () => (await import("./audit/score.ts")).scoreCommand(),
  async () => (await import("./audit/contested.ts")).contestedCommand(),
  async () => (await import("./audit/example.ts")).exampleCommand(),
  async () => (await import("./audit/report.ts")).reportCommand(),
  async () => (await import("./audit/certify.ts")).certifyCommand(),
  async () => (await import("./audit/calculate.ts")).calculateCommand(),
  async () => (await import("./audit/annotate.ts")).annotateCommand(),
  async () => (await import("./audit/agree.ts")).agreeCommand(),
  async () => (await import("./audit/compare.ts")).compareCommand(),
  async () => (await import("./audit/tracks.ts")).tracksCommand(),
];
