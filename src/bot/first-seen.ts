/** From when the age of a build counts: from when it was built or, where that was later, from when the bot first saw it in a repository. */
export class FirstSeen {
  readonly #known: ReadonlyMap<string, string> | undefined;
  readonly #now: Date;
  readonly #met = new Map<string, string>();

  /** `known`: source RPMs with times in ISO 8601; undefined where the bot has not watched this project before. */
  constructor(known: ReadonlyMap<string, string> | undefined, now: Date) {
    this.#known = known;
    this.#now = now;
  }

  /** What the bot has met in this run. */
  get met(): ReadonlyMap<string, string> {
    return this.#met;
  }

  /**
   * Milliseconds since 1970. Where nothing was watched before, a build may have been there for long: only the time that it was built counts
   * then, now and later. A time of the future, or none, is no time to go by.
   */
  of(sourceRpm: string, builtMs: number): { readonly ms: number; readonly isSeen: boolean } {
    const now = this.#now.getTime();
    const isBuiltKnown = builtMs > 0 && builtMs <= now;
    const first = this.#known?.get(sourceRpm) ?? this.#met.get(sourceRpm);
    const seenMs = first === undefined ? (this.#known === undefined && isBuiltKnown ? builtMs : now) : Date.parse(first);
    this.#met.set(sourceRpm, first ?? new Date(seenMs).toISOString());
    return isBuiltKnown && builtMs >= seenMs ? { ms: builtMs, isSeen: false } : { ms: seenMs, isSeen: true };
  }
}
