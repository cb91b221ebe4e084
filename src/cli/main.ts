import { Command } from "commander";
import { engineVersion } from "../engine/version.ts";
import { authoriseCommand } from "./authorise.ts";
import { backgroundCommand } from "./background.ts";
import { checkCommand } from "./check.ts";
import { disposeCommand } from "./dispose.ts";
import { eraseCommand } from "./erase.ts";
import { evidenceCommand } from "./evidence.ts";
import { journalCommand } from "./journal.ts";
import { modelsCommand } from "./models.ts";
import { profileCommand } from "./profile.ts";
import { resumeCommand } from "./resume.ts";
import { runProgram } from "./run-program.ts";
import { sceneCommand } from "./scene.ts";
import { stopCommand } from "./stop.ts";
import { watchCommand } from "./watch.ts";

/** The command line: one file a command, errors with their help, documented exit codes. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("contrechamp")
    .description(
      "Video analytics for fixed cameras in public places, built so that it can be held to account.",
    )
    .version(engineVersion())
    .showSuggestionAfterError()
    .addCommand(watchCommand())
    .addCommand(checkCommand())
    .addCommand(authoriseCommand())
    .addCommand(journalCommand())
    .addCommand(modelsCommand())
    .addCommand(profileCommand())
    .addCommand(sceneCommand())
    .addCommand(backgroundCommand())
    .addCommand(evidenceCommand())
    .addCommand(eraseCommand())
    .addCommand(disposeCommand())
    .addCommand(stopCommand())
    .addCommand(resumeCommand())
    .addHelpText(
      "after",
      `
Exit codes: 0 all went well; 1 something ran and part of it failed; 64 wrong usage; 65 bad data;
66 input not found; 69 not available; 70 a fault of Contrechamp; 73 cannot write; 78 bad configuration;
77 not permitted by the gate; 130 stopped by hand.`,
    );
  await runProgram(program, argv);
}

await main(process.argv);
