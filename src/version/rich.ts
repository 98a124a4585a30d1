/** Boolean dependencies as rpm has them since 4.13: `(a or b)`, `(a if b else c)`, nested. */

export type RichOperator = 'and' | 'or' | 'with' | 'without' | 'if' | 'unless';

export type RichDependency =
  | { readonly kind: 'simple'; readonly name: string; readonly operator: string | undefined; readonly evr: string | undefined }
  | {
      readonly kind: RichOperator;
      readonly left: RichDependency;
      readonly right: RichDependency;
      /** Of `if` and `unless`. */
      readonly otherwise: RichDependency | undefined;
    };

/** Nobody nests deeper; hostile metadata must not exhaust the stack. */
const MAX_DEPTH = 50;

/** undefined for what is no rich dependency, or is malformed, or nested more than 50 deep. */
export function parseRich(text: string): RichDependency | undefined {
  const parser = new RichParser(text);
  const tree = parser.group(0);
  return parser.isAtEnd() ? tree : undefined;
}

class RichParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  /** `( operand [operator operand]... )`; operators do not mix, and only `and`, `or` and `with` repeat. */
  group(depth: number): RichDependency | undefined {
    if (depth > MAX_DEPTH || !this.#eat('(')) return undefined;
    const operands: RichDependency[] = [];
    const first = this.#operand(depth);
    if (first === undefined) return undefined;
    operands.push(first);
    let operator: string | undefined;
    let otherwise: RichDependency | undefined;
    while (!this.#eat(')')) {
      const next = this.#word();
      const isElse = next === 'else' && (operator === 'if' || operator === 'unless') && otherwise === undefined;
      if (!isElse && operator !== undefined && (next !== operator || !REPEATABLE.has(operator))) return undefined;
      if (!isElse && !OPERATORS.has(next)) return undefined;
      const operand = this.#operand(depth);
      if (operand === undefined) return undefined;
      if (isElse) otherwise = operand;
      else {
        operator = next;
        operands.push(operand);
      }
    }
    let tree = operands.pop()!;
    // Chains hang to the right, as libsolv parses them.
    while (operands.length > 0) tree = { kind: operator as RichOperator, left: operands.pop()!, right: tree, otherwise };
    return tree;
  }

  #operand(depth: number): RichDependency | undefined {
    this.#skipSpace();
    if (this.#text[this.#at] === '(') return this.group(depth + 1);
    const name = this.#word();
    if (name === '') return undefined;
    this.#skipSpace();
    const operator = /^(?:<=|>=|==|=|<|>)/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0];
    if (operator === undefined) return { kind: 'simple', name, operator: undefined, evr: undefined };
    this.#at += operator.length;
    const evr = this.#word();
    return evr === '' ? undefined : { kind: 'simple', name, operator: operator === '==' ? '=' : operator, evr };
  }

  /** Up to a space or a parenthesis that is not part of the name, as in `libfoo.so.1(V1)(64bit)`. */
  #word(): string {
    this.#skipSpace();
    const start = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === ' ' || character === '\t' || character === ',') break;
      if (character === '(') depth++;
      else if (character === ')' && depth-- === 0) break;
    }
    return this.#text.slice(start, this.#at);
  }

  #eat(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }
}

const OPERATORS = new Set(['and', 'or', 'with', 'without', 'if', 'unless']);
const REPEATABLE = new Set(['and', 'or', 'with']);
