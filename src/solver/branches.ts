/**
 * Decisions with more than one candidate, for minimization: if a different candidate was installed anyway, the search
 * backtracks and takes that one.
 */
export interface Branch {
  /** Candidates, best first; negated once tried. */
  readonly candidates: number[];
  /** Level before the choice. */
  readonly level: number;
}

export class Branches {
  readonly list: Branch[] = [];
  /** The choice that is being retried: a backtrack to its level does not drop it. */
  retrying: Branch | undefined;

  open(level: number, candidates: readonly number[]): void {
    this.list.push({ level, candidates: candidates.map((s, i) => (i === 0 ? -s : s)) });
  }

  /** Drops choices that a backtrack to `level` undid. */
  revert(level: number): void {
    for (let last = this.list.at(-1); last !== undefined && last.level >= level && last !== this.retrying; last = this.list.at(-1))
      this.list.pop();
  }
}
