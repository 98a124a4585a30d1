/** Dependencies as libsolv's test cases write them: `A & (B > 1 | C)`, `A <IF> (B <ELSE> C)`. */
import { type Comparison, type Dependency, type Evr, plain, type RichOperator } from '../brute/world.ts';

const OPERATORS: Readonly<Record<string, RichOperator | 'else'>> = {
  '&': 'and',
  '|': 'or',
  '+': 'with',
  '-': 'without',
  '<IF>': 'if',
  '<UNLESS>': 'unless',
  '<ELSE>': 'else',
};
const COMPARISONS = new Set(['<', '<=', '=', '>=', '>']);

/** Throws for what rpm has no word for. */
export function readDependency(text: string): Dependency {
  const tokens = text.match(/\((?=[^)]* )|\)(?=\s|$|\))|[^\s()]+(?:\([^()\s]*\))*/g) ?? [];
  let at = 0;
  const operand = (): Dependency => {
    const word = tokens[at++];
    if (word === undefined) throw new Error(`cannot read \`${text}\``);
    if (word === '(') {
      const inner = expression();
      if (tokens[at++] !== ')') throw new Error(`cannot read \`${text}\``);
      return inner;
    }
    const comparison = tokens[at];
    if (comparison === undefined || !COMPARISONS.has(comparison)) return plain(word);
    at += 2;
    return plain(word, comparison as Comparison, readEvr(tokens[at - 1] ?? ''));
  };
  const expression = (): Dependency => {
    let left = operand();
    while (at < tokens.length && tokens[at] !== ')') {
      const operator = OPERATORS[tokens[at++]!];
      if (operator === undefined) throw new Error(`cannot read \`${text}\``);
      const isCondition = operator === 'if' || operator === 'unless';
      const right = isCondition && tokens[at] === '(' ? condition() : { right: operand() };
      if (operator === 'else') throw new Error('else without a condition');
      left = { kind: operator, left, ...right };
    }
    return left;
  };
  /** `B`, or `(B <ELSE> C)`. */
  const condition = (): { right: Dependency; otherwise?: Dependency } => {
    const start = at++;
    const right = operand();
    if (tokens[at] !== '<ELSE>') {
      at = start;
      return { right: operand() };
    }
    at++;
    const otherwise = operand();
    at++;
    return { right, otherwise };
  };
  const dependency = expression();
  if (at < tokens.length) throw new Error(`cannot read \`${text}\``);
  return dependency;
}

/** `[epoch:]version[-release]`. */
export function readEvr(text: string): Evr {
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?([^-]+)(?:-(.+))?$/.exec(text) ?? [];
  if (version === '') throw new Error(`no version: \`${text}\``);
  return release === undefined ? { epoch, version } : { epoch, version, release };
}
