/** Start of a build's age: its build time or, if later, the time when the bot first saw it in a repository. */
export class FirstSeen {
  readonly #known: ReadonlyMap<string, string> | undefined;
  readonly #now: Date;
  readonly #met = new Map<string, string>();

  /** `known`: times in ISO 8601 by source RPM; undefined if the bot has not watched this project before. */
  constructor(known: ReadonlyMap<string, string> | undefined, now: Date) {
    this.#known = known;
    this.#now = now;
  }

  /** The builds that were seen in this run. */
  get met(): ReadonlyMap<string, string> {
    return this.#met;
  }

  /**
   * Milliseconds since 1970. If the project was not watched before, a build may have been available for long: then its build time is
   * used, in this and later runs. Missing build times and those in the future are ignored.
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
