import { Command, CommanderError } from "commander";
import { engineVersion } from "../engine/version.ts";
import { asCoded, EXIT } from "../errors.ts";
import { backgroundCommand } from "./background.ts";
import { checkCommand } from "./check.ts";
import { modelsCommand } from "./models.ts";
import { sceneCommand } from "./scene.ts";
import { watchCommand } from "./watch.ts";

/** The command line: one file a command, errors with their help, documented exit codes. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const program = new Command("contrechamp")
    .description(
      "Video analytics for fixed cameras in public places, built so that it can be held to account.",
    )
    .version(engineVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .addCommand(watchCommand())
    .addCommand(checkCommand())
    .addCommand(modelsCommand())
    .addCommand(sceneCommand())
    .addCommand(backgroundCommand())
    .addHelpText(
      "after",
      `
Exit codes: 0 all went well; 1 something ran and part of it failed; 64 wrong usage; 65 bad data;
66 input not found; 69 not available; 70 a fault of Contrechamp; 73 cannot write; 78 bad configuration;
77 not permitted by the gate; 130 stopped by hand.`,
    );
  for (const command of [program, ...program.commands, ...program.commands.flatMap((sub) => sub.commands)]) {
    command.exitOverride();
  }
  try {
    await program.parseAsync([...argv]);
  } catch (thrown) {
    process.exitCode = report(thrown, argv.includes("--json"));
  }
}

/** Says what went wrong on standard error. @returns the exit code */
function report(thrown: unknown, json: boolean): number {
  // Commander has already printed help, version or its own message.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const error = asCoded(thrown);
  if (json) {
    process.stderr.write(
      `${JSON.stringify({ error: { code: error.code, message: error.message, help: error.help } })}\n`,
    );
  } else {
    process.stderr.write(`${error.message}\n  ${error.help}\n  (${error.code})\n`);
  }
  if (error.code === "INTERNAL" && error.cause instanceof Error)
    process.stderr.write(`${error.cause.stack ?? ""}\n`);
  return error.exit;
}

/** `| head` reads some lines and leaves: what more is said is for nobody, and no fault. */
function ignoreClosedPipe(error: Error): void {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
}

await main(process.argv);
