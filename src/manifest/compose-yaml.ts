/**
 * Parses YAML like `parseDocument` of the package, but with bounded work: it pauses for signals, and stops early for a document that is too large or
 * has too many mistakes. The caller must check for repeated keys, because the package compares each key with all previous keys.
 */
import { setImmediate } from 'node:timers/promises';
import type { Composer, Document, LineCounter } from 'yaml';

/** Maximum number of names, spaces, line ends and signs. A list of 100,000 names has half as many. */
export const MAX_LEXEMES = 1_000_000;
const LEXEMES_BETWEEN_TURNS = 20_000;
/** Maximum number of mistakes that are shown. */
const MAX_ERRORS = 200;

/** Undefined if the text has more than MAX_LEXEMES. */
export async function composeYaml(yaml: typeof import('yaml'), text: string, lines: LineCounter): Promise<Document | undefined> {
  const parser = new yaml.Parser(lines.addNewLine);
  const tokens: import('yaml').CST.Token[] = [];
  lines.addNewLine(0);
  let lexemes = 0;
  for (const lexeme of new yaml.Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (++lexemes > MAX_LEXEMES) return undefined;
    if (lexemes % LEXEMES_BETWEEN_TURNS === 0) await setImmediate();
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new yaml.Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2', strict: true });
  const errors = limitErrors(composer);
  try {
    const [first, second] = take(composer.compose(tokens, true, text.length), 2);
    if (second !== undefined)
      first!.errors.push(new yaml.YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'a second document begins here'));
    return first!;
  } catch (error) {
    if (error !== TOO_MANY) throw error;
    const document = new yaml.Document();
    document.errors.push(...errors());
    return document;
  }
}

const TOO_MANY = new Error('more mistakes than anybody reads');

interface Reporting {
  readonly errors: Document['errors'];
  onError: (source: unknown, code: string, message: string, warning?: boolean) => void;
}

/** The package has no option for this, so its error callback is replaced. Returns a function for the errors of the current document. */
function limitErrors(composer: Composer): () => Document['errors'] {
  const reporting = composer as unknown as Reporting;
  const report = reporting.onError;
  let count = 0;
  reporting.onError = (source, code, message, warning) => {
    report(source, code, message, warning);
    if (warning !== true && ++count >= MAX_ERRORS) throw TOO_MANY;
  };
  return () => reporting.errors;
}

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
