/** One option of a command, as it is parsed and as help shows it. */
export interface OptionDefinition {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in help; an option without it is a flag. */
  readonly value?: string;
  /** The value may be left out: it is empty then. What follows is the value unless it is an option. */
  readonly optional?: boolean;
  /** May be given several times. */
  readonly many?: boolean;
  /** `--no-NAME` is understood too; for flags that are on by default. */
  readonly negatable?: boolean;
  readonly choices?: readonly string[];
  /** Values among others that complete the value. */
  readonly suggestions?: readonly string[];
  /** Names of the project that complete the value. */
  readonly completes?: NameKind;
  readonly help: string;
}

/** Names that a project has: completion asks for them with `completion --list KIND`. */
export const NAME_KINDS = ['sets', 'architectures', 'packages', 'variables', 'repositories'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** A positional argument. Only the last may be `many`; what follows an optional one is optional. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly required?: boolean;
  readonly many?: boolean;
  readonly completes?: readonly NameKind[];
  /** Words that shells complete; the command checks them itself. */
  readonly words?: readonly string[];
}
