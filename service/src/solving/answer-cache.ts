import type { Answer } from './query.ts';

/** Answers by query and generation; above `maxBytes` the least recently used ones are removed first. */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #answers = new Map<string, Answer>();
  #bytes = 0;
  hits = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Answer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.hits++;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key: string, answer: Answer): void {
    const { length } = answer.body;
    if (length > this.#maxBytes || this.#answers.has(key)) return;
    this.#answers.set(key, answer);
    this.#bytes += length;
    for (const [oldest, { body }] of this.#answers) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#answers.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}
