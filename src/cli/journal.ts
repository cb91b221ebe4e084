import { Command } from "commander";
import { checkpointCommand } from "./journal/checkpoint.ts";
import { exportCommand } from "./journal/export.ts";
import { journalKeyCommand } from "./journal/key.ts";
import { proveCommand } from "./journal/prove.ts";
import { showLeavesCommand } from "./journal/show.ts";
import { verifyCommand } from "./journal/verify.ts";
import { witnessCommand } from "./journal/witness.ts";

/** `contrechamp journal …`: the trace, as outsiders check it, witnesses sign it and authorities are given it. */
export function journalCommand(): Command {
  const command = new Command("journal").description(
    "Verify the journal, sign and witness its state, prove what is in it, and export it",
  );
  for (const sub of [
    verifyCommand(),
    checkpointCommand(),
    witnessCommand(),
    proveCommand(),
    showLeavesCommand(),
    journalKeyCommand(),
    exportCommand(),
  ]) {
    command.addCommand(sub);
  }
  return command;
}
