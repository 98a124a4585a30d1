import { styleText } from 'node:util';

/** What a stream of the process is to the printer; tests give it something else. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export type Style = 'red' | 'yellow' | 'cyan' | 'green' | 'dim' | 'bold';

/** stdout is data, stderr is talk. */
export interface Printer {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Data. */
  out(text: string): void;
  /** Data for programs, indented by two. */
  outJson(value: unknown): void;
  /** Talk: a line on stderr, not with --quiet. */
  say(line: string): void;
  /** A line on stderr that nothing silences. */
  complain(line: string): void;
  /** Colour for stderr where it has any. */
  style(style: Style, text: string): string;
}

export interface PrinterOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Called before a line on stderr: takes the line of progress away. */
  readonly beforeLine?: () => void;
}

export function createPrinter({ stdout, stderr, env, json, quiet, verbose, beforeLine }: PrinterOptions): Printer {
  const coloured = hasColour(stderr, env);
  const line = (text: string): void => {
    beforeLine?.();
    stderr.write(`${text}\n`);
  };
  return {
    json,
    quiet,
    verbose,
    out: (text) => {
      beforeLine?.();
      stdout.write(text);
    },
    outJson: (value) => {
      beforeLine?.();
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    say: (text) => {
      if (!quiet) line(text);
    },
    complain: line,
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** https://no-color.org: any value that is not empty turns colours off. */
export function hasColour(stream: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
