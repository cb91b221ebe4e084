import { Command } from "commander";
import { certifyCommand } from "./authorise/certify.ts";
import { checkFilesCommand } from "./authorise/check-command.ts";
import { attestCommand, publishCommand, signCommand } from "./authorise/decide.ts";
import { keyCommand } from "./authorise/key-command.ts";
import { newCommand } from "./authorise/new.ts";
import { noticeCommand } from "./authorise/notice-command.ts";
import { showCommand } from "./authorise/show-command.ts";
import { endCommand, resumeCommand, suspendCommand } from "./authorise/standing.ts";

/**
 * `contrechamp authorise …`: write, sign, publish, attest, suspend and end an authorisation, and tell the public. Each
 * act is a signed entry of the document itself; the engine reads the folder and stops by itself.
 */
export function authoriseCommand(): Command {
  const command = new Command("authorise").description(
    "Write, sign, publish, attest, suspend, end and show authorisations, and the notice to the public",
  );
  for (const sub of [
    newCommand(),
    checkFilesCommand(),
    signCommand(),
    publishCommand(),
    attestCommand(),
    suspendCommand(),
    resumeCommand(),
    endCommand(),
    showCommand(),
    noticeCommand(),
    certifyCommand(),
    keyCommand(),
  ]) {
    command.addCommand(sub);
  }
  return command;
}
