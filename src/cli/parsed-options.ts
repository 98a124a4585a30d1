import type { OptionDefinition } from './option-definition.ts';

/** Parsed options by name. Reading an option that the command does not define is a bug and throws. */
export class ParsedOptions {
  readonly #definitions: ReadonlyMap<string, OptionDefinition>;
  readonly #values: ReadonlyMap<string, readonly (string | boolean)[]>;

  constructor(definitions: readonly OptionDefinition[], values: ReadonlyMap<string, readonly (string | boolean)[]>) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#values = values;
  }

  /** Whether the command defines this option. */
  defines(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** The value, or the last one if there are several. */
  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  /** All values of a repeatable option. */
  list(name: string): readonly string[] {
    return this.#get(name).filter((value) => typeof value === 'string');
  }

  flag(name: string): boolean {
    return this.#get(name).at(-1) === true;
  }

  /** For flags with a `--no-` form: undefined if neither was given. */
  choice(name: string): boolean | undefined {
    const value = this.#get(name).at(-1);
    return typeof value === 'boolean' ? value : undefined;
  }

  #get(name: string): readonly (string | boolean)[] {
    if (!this.#definitions.has(name)) throw new Error(`no option --${name} is defined`);
    return this.#values.get(name) ?? [];
  }
}
