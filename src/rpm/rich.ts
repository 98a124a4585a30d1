/** Boolean dependencies of rpm 4.13 and later: `(a or b)`, `(a if b else c)`, nested. */

type RichOperator = 'and' | 'or' | 'with' | 'without' | 'if' | 'unless';

export type RichDependency =
  | { readonly kind: 'simple'; readonly name: string; readonly operator: string | undefined; readonly evr: string | undefined }
  | {
      readonly kind: RichOperator;
      readonly left: RichDependency;
      readonly right: RichDependency;
      /** The `else` of `if` and `unless`. */
      readonly otherwise: RichDependency | undefined;
    };

/** Maximum nesting and chain length; hostile metadata must not overflow the stack of recursive functions. */
const MAX_DEPTH = 50;
const MAX_OPERANDS = 2000;

/**
 * undefined for text that is not a rich dependency, is malformed or is too large.
 * "Malformed" is what libsolv refuses; it accepts more than rpmbuild (chains of `if`).
 */
export function parseRich(text: string): RichDependency | undefined {
  const parser = new RichParser(text);
  const tree = parser.group(0);
  return parser.isAtEnd() ? tree : undefined;
}

class RichParser {
  readonly #text: string;
  #at = 0;
  #operands = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** `( operand [operator operand]... )`; operators cannot be mixed, but a chain of `if` or `unless` may end with `else`. */
  group(depth: number): RichDependency | undefined {
    if (depth > MAX_DEPTH || !this.#eat('(')) return undefined;
    const operands: RichDependency[] = [];
    let chain: string | undefined;
    let hasElse = false;
    for (;;) {
      const operand = this.#operand(depth);
      if (operand === undefined || ++this.#operands > MAX_OPERANDS) return undefined;
      operands.push(operand);
      if (this.#eat(')')) return hang(operands, chain, hasElse);
      const operator = this.#operator();
      if (hasElse) return undefined;
      hasElse = operator === 'else' && (chain === 'if' || chain === 'unless');
      if (hasElse) continue;
      if (!OPERATORS.has(operator) || (chain !== undefined && operator !== chain)) return undefined;
      chain = operator;
    }
  }

  #operand(depth: number): RichDependency | undefined {
    this.#skipSpace();
    if (this.#text[this.#at] === '(') return this.group(depth + 1);
    const name = this.#word();
    if (name === '') return undefined;
    this.#skipSpace();
    const operator = COMPARISON.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
    if (operator === undefined) return { kind: 'simple', name, operator: undefined, evr: undefined };
    this.#at += operator.length;
    this.#skipSpace();
    const evr = this.#word();
    return evr === '' ? undefined : { kind: 'simple', name, operator: operator === '==' ? '=' : operator, evr };
  }

  /** Ends at a space, a comma or a parenthesis that is not part of the name, as in `libfoo.so.1(V1)(64bit)`. */
  #word(): string {
    const start = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === ' ' || character === ',') break;
      if (character === '(') depth++;
      else if (character === ')' && depth-- === 0) break;
    }
    return this.#text.slice(start, this.#at);
  }

  /** Ends at a space. */
  #operator(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== ' ') this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #eat(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }
}

/** Chains nest to the right, like in libsolv: `(a or b or c)` is `a or (b or c)`; the last pair gets the `else`. */
function hang(operands: RichDependency[], chain: string | undefined, hasElse: boolean): RichDependency {
  let otherwise = hasElse ? operands.pop() : undefined;
  let tree = operands.pop()!;
  for (let left = operands.pop(); left !== undefined; left = operands.pop()) {
    tree = { kind: chain as RichOperator, left, right: tree, otherwise };
    otherwise = undefined;
  }
  return tree;
}

const COMPARISON = /^(?:<=|>=|==|=|<|>)/;
const OPERATORS = new Set(['and', 'or', 'with', 'without', 'if', 'unless']);
