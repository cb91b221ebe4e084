import { Command } from "commander";
import { runProgram } from "./run-program.ts";
import { stopCommand } from "./stop.ts";

/** `contrechamp stop` by itself: whoever stops it must not wait until every other command is loaded. */
await runProgram(
  new Command("contrechamp").showSuggestionAfterError().addCommand(stopCommand()),
  process.argv,
);
