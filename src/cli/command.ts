import type { Context } from '../run/context.ts';
import type { View } from '../views/view.ts';
import type { ArgumentDefinition, OptionDefinition } from './option-definition.ts';
import type { ParsedOptions } from './parsed-options.ts';
import type { Printer } from './printer.ts';
import type { Progress } from './progress.ts';

/** A row of the table of commands. It contains everything for help; the code is loaded when the command is chosen. */
export interface CommandDefinition {
  /** One word, or two in a family of commands: `image build`. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly string[];
  /** Arguments after `--` are passed on without parsing. */
  readonly passesOn?: boolean;
  /** Handles a signal itself, ends when it is ready, and returns its exit code. */
  readonly endsItself?: boolean;
  readonly load: () => Promise<Action>;
}

/** A command: the declared output, and the function that prints it and returns the exit code. Created by `defineAction`. */
export interface Action {
  readonly view: View<never>;
  readonly run: (invocation: Invocation) => Promise<number>;
}

export interface Invocation {
  readonly args: readonly string[];
  /** Arguments after `--`, for a command that passes them on. */
  readonly rest: readonly string[];
  readonly options: ParsedOptions;
  readonly context: Context;
  readonly printer: Printer;
  /** Timings and warnings so far. */
  readonly progress: Pick<Progress, 'timings' | 'warnings'>;
}
