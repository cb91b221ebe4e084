import { type Command, CommanderError } from "commander";
import { asCoded, EXIT } from "../errors.ts";

/** Runs the command line: errors are said with their help, and become the documented exit codes. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((sub) => sub.commands)]) {
    command.exitOverride();
  }
  let json = argv.includes("--json");
  // Of some commands `--json FILE` names a file of results: their errors are for a person.
  program.hook("preAction", (_program, command) => {
    json = command.opts<{ json?: unknown }>().json === true;
  });
  try {
    await program.parseAsync([...argv]);
  } catch (thrown) {
    process.exitCode = report(thrown, json);
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
