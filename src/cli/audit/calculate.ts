import { Command, Option } from "commander";
import { clopperPearson } from "../../audit/intervals/proportion.ts";
import { garwood } from "../../audit/intervals/rate.ts";
import {
  type Circumstances,
  EACH_LEVEL,
  type Given,
  meaningOf,
  rangesOf,
} from "../../audit/scoring/meaning.ts";
import { readMeasuredEvent } from "../../audit/scoring/measured-event.ts";
import { fault } from "../../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../../report/language.ts";
import { calculationText } from "./calculate-words.ts";

interface CalculateFlags {
  readonly recall?: string;
  readonly falseAlarmsPerDay?: string;
  readonly from?: string;
  readonly event?: string;
  readonly eventsPerYear?: string;
  readonly cameras: string;
  readonly operators: string;
  readonly costPerYear?: string;
  readonly secondsPerAlert?: string;
  readonly wage?: string;
  readonly usefulShare?: string;
  readonly currency: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

/** `contrechamp audit calculate`: what a recall and a rate of false alarms mean where true events are rare. */
export function calculateCommand(): Command {
  return new Command("calculate")
    .description(
      "Say what a recall and a rate of false alarms mean in use: how many of 100 alerts are true, how many come an hour, what each costs",
    )
    .option("--recall <share>", "share of events that are found: 0.9, 90%, or as counted, 27/30")
    .option(
      "--false-alarms-per-day <rate>",
      "false alarms by camera and day: 0.5, or as counted, false alarms/camera-days: 15/30",
    )
    .option("--from <result>", "take both from what `audit run` or `audit score` wrote: scores or a record")
    .option("--event <name>", "which event of that result")
    .option("--events-per-year <number>", "true events that happen by camera and year: 12")
    .option("--cameras <number>", "cameras that are watched", "1")
    .option("--operators <number>", "people who look at the alerts at one time", "1")
    .option("--cost-per-year <amount>", "all it costs by year but the operators' time")
    .option("--seconds-per-alert <seconds>", "an operator's time for one alert")
    .option("--wage <amount>", "what an operator's hour costs")
    .option(
      "--useful-share <share>",
      "share of true alerts that changed anything: nobody would have seen it anyway",
    )
    .option("--currency <code>", "of the amounts, as ISO 4217 has it", "EUR")
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples, with figures that are examples:
  contrechamp audit calculate --recall 0.9 --false-alarms-per-day 1 --events-per-year 12 --cameras 300
  contrechamp audit calculate --recall 27/30 --false-alarms-per-day 15/30 --events-per-year 1 --cameras 40 \\
    --cost-per-year 60000 --seconds-per-alert 30 --wage 28 --useful-share 0.3
  contrechamp audit calculate --from scores.json --event zone_intrusion --events-per-year 12
Counts give ranges, bare figures none. Exit codes: 0; 64 wrong usage; 65 the result is not sound; 66 it cannot be read.`,
    )
    .action(calculate);
}

async function calculate(flags: CalculateFlags): Promise<void> {
  const given = await circumstancesOf(flags);
  const currency = currencyOf(flags.currency);
  const meaning = meaningOf(given);
  const text =
    flags.json === true
      ? JSON.stringify({ given, currency, meaning }, null, 2)
      : calculationText(given, meaning, currency, flags.lang ?? languageOf(process.env));
  process.stdout.write(`${text}\n`);
}

async function circumstancesOf(flags: CalculateFlags): Promise<Circumstances> {
  const { wage, secondsPerAlert, costPerYear, usefulShare, event, from } = flags;
  const priced = costPerYear !== undefined || wage !== undefined;
  if (wage !== undefined && secondsPerAlert === undefined) throw needs("--wage", "--seconds-per-alert");
  if (usefulShare !== undefined && !priced) throw needs("--useful-share", "--cost-per-year");
  if (event !== undefined && from === undefined) throw needs("--event", "--from");
  return {
    ...(await measuredOf(flags)),
    eventsPerCameraYear: above(
      "--events-per-year",
      flags.eventsPerYear ?? missing(["--events-per-year"]),
      "a number above 0",
    ),
    cameras: whole("--cameras", flags.cameras),
    operators: whole("--operators", flags.operators),
    costPerYear: optional("--cost-per-year", costPerYear),
    secondsPerAlert: optional("--seconds-per-alert", secondsPerAlert),
    wagePerHour: optional("--wage", wage),
    usefulShare: usefulShare === undefined ? null : share("--useful-share", usefulShare),
  };
}

/** How good the system is: as given, or as a result tells it. */
async function measuredOf(
  flags: CalculateFlags,
): Promise<Pick<Circumstances, "recall" | "falseAlarmsPerCameraDay">> {
  const { recall, falseAlarmsPerDay, from, event } = flags;
  if (from !== undefined) {
    if (recall !== undefined) throw fault("CALCULATE_TWICE", { option: "--recall" });
    if (falseAlarmsPerDay !== undefined) {
      throw fault("CALCULATE_TWICE", { option: "--false-alarms-per-day" });
    }
    return rangesOf(await readMeasuredEvent(from, event ?? null));
  }
  if (recall === undefined || falseAlarmsPerDay === undefined) {
    return missing([
      ...(recall === undefined ? ["--recall"] : []),
      ...(falseAlarmsPerDay === undefined ? ["--false-alarms-per-day"] : []),
    ]);
  }
  return { recall: recallOf(recall), falseAlarmsPerCameraDay: rateOf(falseAlarmsPerDay) };
}

function recallOf(text: string): Given {
  const counted = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (counted === null) return { value: share("--recall", text), interval: null };
  const [k, n] = [Number(counted[1]), Number(counted[2])];
  if (n === 0 || k > n) throw value("--recall", text, "found of all, such as 27/30");
  return { value: k / n, interval: clopperPearson(k, n, EACH_LEVEL) };
}

function rateOf(text: string): Given {
  const option = "--false-alarms-per-day";
  const counted = /^(\d{1,9})\/(\d{1,9}(?:\.\d{1,9})?)$/.exec(text);
  if (counted === null) return { value: atLeastZero(option, text), interval: null };
  const [count, days] = [Number(counted[1]), Number(counted[2])];
  if (days === 0) throw value(option, text, "false alarms by camera-days above 0, such as 15/30");
  return { value: count / days, interval: garwood(count, days, EACH_LEVEL) };
}

function share(option: string, text: string): number {
  const percent = text.endsWith("%");
  const found = number(percent ? text.slice(0, -1) : text) / (percent ? 100 : 1);
  if (!(found >= 0 && found <= 1)) throw value(option, text, "a share from 0 to 1, such as 0.9 or 90%");
  return found;
}

function above(option: string, text: string, expected: string): number {
  const found = number(text);
  if (!(found > 0)) throw value(option, text, expected);
  return found;
}

function whole(option: string, text: string): number {
  const found = number(text);
  if (!(Number.isSafeInteger(found) && found >= 1)) throw value(option, text, "a whole number from 1");
  return found;
}

function atLeastZero(option: string, text: string): number {
  const found = number(text);
  if (!(found >= 0)) throw value(option, text, "a number from 0, such as 0.5");
  return found;
}

function optional(option: string, text: string | undefined): number | null {
  return text === undefined ? null : atLeastZero(option, text);
}

/** NaN of anything but a plain decimal number. */
function number(text: string): number {
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
}

function currencyOf(code: string): string {
  if (!/^[A-Za-z]{3}$/.test(code)) throw value("--currency", code, "a code of three letters, such as EUR");
  return code.toUpperCase();
}

function needs(option: string, other: string): Error {
  return fault("CALCULATE_NEEDS", { option, needs: other });
}

function value(option: string, found: string, expected: string): Error {
  return fault("CALCULATE_VALUE", { option, found, expected });
}

function missing(options: readonly string[]): never {
  throw fault("CALCULATE_MISSING", { options: options.join(" and ") });
}
