/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a manifest. */
export interface Mistake {
  readonly place: Place;
  /** Keys and indexes from the root to the value, or empty for a mistake of syntax. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** That something is missing: not worth telling where something else within is misspelt or of the wrong kind. */
  readonly isAbsence?: boolean;
}

/** Mistakes that are found while the manifest is made, with their positions. */
export class MistakeList {
  readonly #source: { locate(path: readonly (string | number)[], on: 'key' | 'value'): Place };
  readonly #mistakes: Mistake[] = [];

  constructor(source: { locate(path: readonly (string | number)[], on: 'key' | 'value'): Place }) {
    this.#source = source;
  }

  get all(): readonly Mistake[] {
    return this.#mistakes;
  }

  /** Something is missing from the value at `path`. */
  addAbsence(path: readonly (string | number)[], message: string): void {
    this.#mistakes.push({ place: this.#source.locate(path, 'value'), path, message, isAbsence: true });
  }

  add(path: readonly (string | number)[], message: string, on: 'key' | 'value' = 'value'): void {
    this.#mistakes.push({ place: this.#source.locate(path, on), path, message });
  }
}
