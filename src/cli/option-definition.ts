/** One option of a command, for parsing and for help. */
export interface OptionDefinition {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of the value in help; an option without it is a flag. */
  readonly value?: string;
  /** The value may be omitted and is then empty. The next argument is the value unless it is an option. */
  readonly optional?: boolean;
  /** May be given several times. */
  readonly many?: boolean;
  /** `--no-NAME` is accepted too; for flags that are on by default. */
  readonly negatable?: boolean;
  readonly choices?: readonly string[];
  /** Suggested values for completion; others are allowed. */
  readonly suggestions?: readonly string[];
  /** Kind of names in the project that complete the value. */
  readonly completes?: NameKind;
  readonly help: string;
}

/** Kinds of names in a project: completion scripts list them with `completion --list KIND`. */
export const NAME_KINDS = ['sets', 'architectures', 'packages', 'variables', 'repositories'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** A positional argument. Only the last may be `many`; arguments after an optional one are optional. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly required?: boolean;
  readonly many?: boolean;
  readonly completes?: readonly NameKind[];
  /** Words that shells complete; the command checks them itself. */
  readonly words?: readonly string[];
}
