/** Variables in URLs and ids of repositories. */
import { fillVariables, type VariableValues } from '../base/variables.ts';

export interface Variables {
  readonly mirror: string;
  readonly architecture: string;
  readonly releasever: string;
  /** Of the manifest's own: `variables`. */
  readonly variables?: VariableValues;
}

/** What dnf calls the base architecture of another. */
const BASE_ARCHITECTURES: Readonly<Record<string, string>> = {
  i686: 'i386',
  i586: 'i386',
  i486: 'i386',
  armv7hl: 'armhfp',
  armv8hl: 'armhfp',
};

/** Names of variables that every manifest has. */
export const VARIABLE_NAMES: readonly string[] = ['mirror', 'basearch', 'arch', 'releasever', 'releasever_major', 'releasever_minor'];

export function variableValues({ mirror, architecture, releasever, variables = {} }: Variables): VariableValues {
  const [, major = releasever, minor = ''] = /^([^.]*)\.(.*)$/.exec(releasever) ?? [];
  return {
    ...variables,
    mirror: mirror.replace(/\/+$/, ''),
    basearch: BASE_ARCHITECTURES[architecture] ?? architecture,
    arch: architecture,
    releasever,
    releasever_major: major,
    releasever_minor: minor,
  };
}

export const expandVariables = (text: string, variables: Variables): string => fillVariables(text, variableValues(variables));
