import { type DepId, REL, type StringId } from './ids.ts';
import type { RelationPool, StringPool } from './pool.ts';

const OPERATORS: Readonly<Record<number, string>> = {
  [REL.GT]: '>',
  [REL.EQ]: '=',
  [REL.GE]: '>=',
  [REL.LT]: '<',
  [REL.NE]: '<>',
  [REL.LE]: '<=',
  [REL.AND]: 'and',
  [REL.OR]: 'or',
  [REL.WITH]: 'with',
  [REL.WITHOUT]: 'without',
  [REL.COND]: 'if',
  [REL.UNLESS]: 'unless',
  [REL.ELSE]: 'else',
};

/** Dependencies as text; caches the texts of relations, because they are requested often. */
export class DependencyTexts {
  readonly #strings: StringPool;
  readonly #relations: RelationPool;
  readonly #known = new Map<DepId, string>();

  constructor(strings: StringPool, relations: RelationPool) {
    this.#strings = strings;
    this.#relations = relations;
  }

  of(dep: DepId): string {
    if (dep >= 0) return this.#strings.get(dep as StringId);
    let text = this.#known.get(dep);
    if (text === undefined) {
      text = this.#describe(dep);
      this.#known.set(dep, text);
    }
    return text;
  }

  #describe(dep: DepId): string {
    const flags = this.#relations.flags(dep);
    const text = `${this.of(this.#relations.name(dep))} ${OPERATORS[flags] ?? '?'} ${this.of(this.#relations.evr(dep))}`;
    return flags >= REL.AND && flags !== REL.ELSE ? `(${text})` : text;
  }
}
