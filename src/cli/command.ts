import type { Context } from '../run/context.ts';
import type { View } from '../views/view.ts';
import type { ParsedOptions } from './parse.ts';
import type { Printer } from './printer.ts';
import type { Progress } from './progress.ts';

/** One option of a command, as it is parsed and as help shows it. */
export interface OptionDefinition {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in help; an option without it is a flag. */
  readonly value?: string;
  /** The value may be left out: it is empty then. What follows is the value unless it is an option. */
  readonly optional?: boolean;
  /** May be given several times. */
  readonly many?: boolean;
  /** `--no-NAME` is understood too; for flags that are on by default. */
  readonly negatable?: boolean;
  readonly choices?: readonly string[];
  readonly help: string;
}

/** A positional argument. Only the last may be `many`; what follows an optional one is optional. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly required?: boolean;
  readonly many?: boolean;
}

/** A row of the table of commands. Everything that help needs is here; the work is loaded when the command is chosen. */
export interface CommandDefinition {
  /** One word, or two for a member of a family: `image build`. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly string[];
  /** What stands behind `--` is not read: the command passes it on. */
  readonly passesOn?: boolean;
  /** Ends by itself when a signal comes, in its own time, and then returns its exit code. */
  readonly endsItself?: boolean;
  readonly load: () => Promise<Action>;
}

/** A command: the declared output, and the work, which prints it and returns the exit code. `defineAction` makes one. */
export interface Action {
  readonly view: View<never>;
  readonly run: (invocation: Invocation) => Promise<number>;
}

export interface Invocation {
  readonly args: readonly string[];
  /** What stands behind `--`, of a command that passes it on. */
  readonly rest: readonly string[];
  readonly options: ParsedOptions;
  readonly context: Context;
  readonly printer: Printer;
  /** Timings and warnings so far. */
  readonly progress: Pick<Progress, 'timings' | 'warnings'>;
}
