import { Command } from "commander";
import {
  approveCandidate,
  type BackgroundApproval,
  type BackgroundRecord,
  readCandidate,
} from "../evidence/approved-background.ts";
import { systemClock } from "../time/clock.ts";
import { print, printJson } from "./print.ts";

interface ShowOptions {
  readonly json?: boolean;
}

interface ApproveOptions extends ShowOptions {
  readonly by: string;
}

/**
 * `contrechamp background show | approve`: the still of the empty view that live evidence stands on. Coded
 * errors reject the parse.
 */
export function backgroundCommand(): Command {
  const command = new Command("background").description(
    "Look at and approve the still of the empty view that live evidence stands on",
  );
  command
    .command("show")
    .description("say what a still is, when it was learnt, and who approved it")
    .argument("<still>", "the background.png that `contrechamp watch` wrote for a live camera")
    .option("--json", "print JSON")
    .action(show);
  command
    .command("approve")
    .description("state that you have looked at a still and that it shows nobody")
    .argument("<still>", "the background.png that `contrechamp watch` wrote for a live camera")
    .requiredOption("--by <name>", "who has looked at it")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Open the picture first. Every person or vehicle in it would be shown behind each alert of this camera.
Then name it in the configuration, at that camera: background: PATH`,
    )
    .action(approve);
  return command;
}

async function show(still: string, options: ShowOptions): Promise<void> {
  const { path, record, approval } = await readCandidate(still);
  if (options.json === true) return printJson({ path, record, approval });
  for (const line of describe(record)) print(line);
  print(
    approval === null
      ? `Not approved. Look at it, then: ${command(path)}`
      : `Approved by ${approver(approval)}.`,
  );
}

async function approve(still: string, options: ApproveOptions): Promise<void> {
  const approval = await approveCandidate(still, options.by, systemClock.now());
  if (options.json === true) return printJson({ path: still, approval });
  print(`Approved for camera ${visible(approval.cameraId)} by ${approver(approval)}.`);
  print(`In the configuration, at this camera:  background: ${still}`);
}

function describe(record: BackgroundRecord): string[] {
  const known = Math.round(100 * record.coverage);
  return [
    `Camera ${visible(record.cameraId)}, ${record.width}x${record.height}`,
    `Learnt from ${record.learntFrom} to ${record.learntTo}`,
    `${known} % of the view is known; the rest is grey and shows nothing`,
    `SHA-256 ${record.sha256}`,
  ];
}

const command = (path: string) => `contrechamp background approve ${path} --by "YOUR NAME"`;

function approver({ by, at }: BackgroundApproval): string {
  return `${visible(by)} at ${at}`;
}

/** Names come out of a file that anybody may have written: they must not steer the terminal. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
