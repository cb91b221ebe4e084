import type { Command } from "commander";

/** Loads a command and what it needs. Gets the whole command line, of which a command may load only a part. */
export type CommandLoader = (argv: readonly string[]) => Command | Promise<Command>;

/**
 * The commands that an argument asks for: the one that it names, and nothing of the others. Anything else, such as
 * `--help` or a misspelt name, is answered with all of them.
 */
export function commandsNamed(
  commands: Readonly<Record<string, CommandLoader>>,
  name: string,
): readonly CommandLoader[] {
  const own = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return own === undefined ? Object.values(commands) : [own];
}
