import type { Context } from '../run/context.ts';
import type { View } from '../views/view.ts';
import type { ArgumentDefinition, OptionDefinition } from './option-definition.ts';
import type { ParsedOptions } from './parsed-options.ts';
import type { Printer } from './printer.ts';
import type { Progress } from './progress.ts';

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
