/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a manifest. */
export interface Mistake {
  readonly place: Place;
  /** Keys and indexes from the root to the value; empty for a syntax error. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** A missing value: not reported if the same map contains a misspelt key or a value of the wrong type. */
  readonly isAbsence?: boolean;
}

/** Mistakes found while building the manifest, with their positions. */
export class MistakeList {
  readonly #source: { locate(path: readonly (string | number)[], on: 'key' | 'value'): Place };
  readonly #mistakes: Mistake[] = [];

  constructor(source: { locate(path: readonly (string | number)[], on: 'key' | 'value'): Place }) {
    this.#source = source;
  }

  get all(): readonly Mistake[] {
    return this.#mistakes;
  }

  /** The value at `path` lacks something. */
  addAbsence(path: readonly (string | number)[], message: string): void {
    this.#mistakes.push({ place: this.#source.locate(path, 'value'), path, message, isAbsence: true });
  }

  add(path: readonly (string | number)[], message: string, on: 'key' | 'value' = 'value'): void {
    this.#mistakes.push({ place: this.#source.locate(path, on), path, message });
  }
}
