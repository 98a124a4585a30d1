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
}

/** Text from outside that is fit for a terminal: control characters escaped, cut to a sensible length. */
export function printable(text: string, limit = 120): string {
  const escaped = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeCharacter);
  return escaped.length > limit ? `${escaped.slice(0, limit)}...` : escaped;
}

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

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

  add(path: readonly (string | number)[], message: string, on: 'key' | 'value' = 'value'): void {
    this.#mistakes.push({ place: this.#source.locate(path, on), path, message });
  }
}
