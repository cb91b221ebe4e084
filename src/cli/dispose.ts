import { Command, Option } from "commander";
import { ACTIONS, DISPOSITION_REASONS, dispose, OUTCOMES, REASON_CODES_OF } from "../alerts/disposition.ts";
import { EXIT, fault } from "../errors.ts";
import { writeDisposition } from "../evidence/vault/write-disposition.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { systemClock } from "../time/clock.ts";
import { eraseDue } from "./erase.ts";
import { EVIDENCE_WORDS } from "./evidence-words.ts";
import { plain } from "./hold-words.ts";
import { print } from "./print.ts";
import { askYes, openVaultPlace } from "./vault-place.ts";

interface DisposeFlags {
  readonly state: string;
  readonly outcome: string;
  readonly reason: string;
  readonly by: string;
  readonly action: string;
  readonly seconds?: string;
  readonly correct?: string;
  readonly confirm?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
}

/** What a person can say; that nobody did is said by the engine. */
const SAYABLE = OUTCOMES.filter((outcome) => outcome !== "expired");

/** `contrechamp dispose`: what a person makes of an alert. Coded errors reject the parse. */
export function disposeCommand(): Command {
  return new Command("dispose")
    .description(
      "Say what became of an alert: confirmed in two steps, dismissed in one; the journal has it at once",
    )
    .argument("<alert>", "id of the alert")
    .requiredOption("--state <dir>", "the site's state folder")
    .addOption(new Option("--outcome <outcome>", "what it was").choices(SAYABLE).makeOptionMandatory())
    .addOption(new Option("--reason <code>", "why").choices(DISPOSITION_REASONS).makeOptionMandatory())
    .requiredOption("--by <pseudonym>", "who says so: a pseudonym, never a name")
    .addOption(
      new Option("--action <action>", "what was done about it").choices([...ACTIONS]).default("none"),
    )
    .option("--seconds <number>", "how long the alert was looked at")
    .option("--correct <text>", "why an earlier disposition of this alert was wrong; it stays in the journal")
    .option("--confirm", "the second step of confirming, where no terminal can ask for it")
    .option("--json", "print JSON")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Reasons: ${SAYABLE.map((outcome) => `${outcome}: ${REASON_CODES_OF[outcome].join(", ")}`).join("\n  ")}

Where an alert is not confirmed its evidence is erased at once, if the profile keeps evidence of confirmed alerts alone.

Exit codes: 0 the journal has it; 1 the journal has it, and some evidence could not be erased yet; 64 wrong usage, such
as an alert that was disposed of before; 66 no such alert; 69, 73 the journal cannot be written: it counts for nothing.`,
    )
    .action(run);
}

async function run(alertId: string, options: DisposeFlags): Promise<void> {
  const words = EVIDENCE_WORDS[options.lang ?? languageOf(process.env)];
  const place = await openVaultPlace(options.state);
  const { trace, journal } = place;
  if (trace.alert(alertId) === null) throw fault("ALERT_UNKNOWN", { id: plain(alertId).slice(0, 200) });
  const disposition = dispose(
    {
      alertId,
      outcome: options.outcome,
      reasonCode: options.reason,
      at: systemClock.now(),
      operatorPseudonym: options.by,
      secondsOnAlert: options.seconds === undefined ? null : Number(options.seconds),
      actionTaken: options.action,
      correction: options.correct ?? null,
    },
    trace.dispositions(alertId),
  );
  if (disposition.outcome === "confirmed" && options.confirm !== true) {
    const sure = options.json === true ? null : await askYes(words.askConfirm(plain(alertId)));
    if (sure !== true) throw fault("DISPOSITION_NOT_CONFIRMED", { id: plain(alertId) });
  }
  const leaf = await writeDisposition(disposition, { said: trace, journal });
  const erased = disposition.outcome === "confirmed" ? null : await eraseDue(place);
  if (erased !== null && erased.faults.length > 0) process.exitCode = EXIT.partial;
  if (options.json === true) {
    return print(
      JSON.stringify(
        { schema: "contrechamp/dispose@1", disposition, leaf, erased: erased?.erased ?? [] },
        null,
        2,
      ),
    );
  }
  print(words.disposed(plain(alertId), disposition.outcome, leaf.seq));
  for (const { message, help } of erased?.faults ?? []) process.stderr.write(`${message}\n  ${help}\n`);
}
