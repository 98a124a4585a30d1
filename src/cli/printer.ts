import { styleText } from 'node:util';
import { printableLines } from '../base/printable.ts';
import { foldLines } from './fold-lines.ts';

/** The properties of an output stream that the printer uses; tests replace it. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Style = 'red' | 'yellow' | 'cyan' | 'green' | 'dim' | 'bold';

/** The style of a line, given the line and the last unindented line before it. */
type StyleOfLine = (line: string, heading: string) => Style | undefined;

export type ColourChoice = 'auto' | 'always' | 'never';

/** Results go to stdout, progress and diagnostics to stderr. */
export interface Printer {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Prints results, folded at the width of a terminal, where `styleOf` may colour lines. */
  out(text: string, styleOf?: StyleOfLine): void;
  /** Prints results for programs as JSON, indented by two. */
  outJson(value: unknown): void;
  /** Prints a diagnostic line on stderr, unless --quiet. */
  say(line: string): void;
  /** Prints a line on stderr, even with --quiet. */
  complain(line: string): void;
  /** Adds colour if stderr supports it. */
  style(style: Style, text: string): string;
}

export interface PrinterOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Default `auto`: on a terminal, unless the environment disables it. */
  readonly colour?: ColourChoice | undefined;
  /** Called before each line on stderr: clears the progress line. */
  readonly beforeLine?: () => void;
}

export function createPrinter({ stdout, stderr, env, json, quiet, verbose, colour = 'auto', beforeLine }: PrinterOptions): Printer {
  const isColoured = (stream: Output): boolean => (colour === 'auto' ? hasColour(stream, env) : colour === 'always');
  const [coloured, colouredOut] = [isColoured(stderr), isColoured(stdout)];
  const line = (text: string): void => {
    beforeLine?.();
    stderr.write(`${folded(text, stderr)}\n`);
  };
  return {
    json,
    quiet,
    verbose,
    out: (text, styleOf) => {
      beforeLine?.();
      // Defence in depth: code that includes untrusted text has already escaped it.
      const lines = folded(printableLines(text), stdout);
      stdout.write(colouredOut && styleOf !== undefined ? withStyles(lines, styleOf) : lines);
    },
    outJson: (value) => {
      beforeLine?.();
      stdout.write(`${escapedJson(value)}\n`);
    },
    say: (text) => {
      if (!quiet) line(text);
    },
    complain: line,
    style: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** On a terminal of a known width. */
const folded = (text: string, { isTTY, columns = 0 }: Output): string => (isTTY === true && columns > 0 ? foldLines(text, columns) : text);

function withStyles(text: string, styleOf: StyleOfLine): string {
  let heading = '';
  return text
    .split('\n')
    .map((line) => {
      if (/^\S/.test(line)) heading = line;
      const style = line === '' ? undefined : styleOf(line, heading);
      return style === undefined ? line : styleText(style, line, { validateStream: false });
    })
    .join('\n');
}

/** JSON does not escape characters above 0x7e, some of which move a terminal's cursor or reverse text. */
function escapedJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** https://no-color.org: any non-empty value disables colours. */
function hasColour(stream: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
