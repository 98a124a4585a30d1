/** Variables in URLs and ids of repositories. */
import { fillVariables, type VariableValues } from '../base/variables.ts';

export interface Variables {
  readonly mirror: string;
  readonly architecture: string;
  readonly releasever: string;
  /** `variables` of the manifest. */
  readonly variables?: VariableValues;
}

/** Base architecture (dnf's `$basearch`) of architectures with another name. */
const BASE_ARCHITECTURES: Readonly<Record<string, string>> = {
  i686: 'i386',
  i586: 'i386',
  i486: 'i386',
  armv7hl: 'armhfp',
  armv8hl: 'armhfp',
};

/** Names of the variables that every manifest has. */
export const VARIABLE_NAMES: readonly string[] = ['mirror', 'basearch', 'arch', 'releasever', 'releasever_major', 'releasever_minor'];

/** Variables of /etc/dnf/vars in CentOS Stream. */
function streamVariables(releasever: string): VariableValues {
  return releasever.endsWith('-stream') ? { stream: releasever, contentdir: 'centos' } : {};
}

/** Names of all variables with a value. */
export const knownNames = (releasever: string, variables: VariableValues): string[] => [
  ...new Set([...VARIABLE_NAMES, ...Object.keys(streamVariables(releasever)), ...Object.keys(variables)]),
];

export function variableValues({ mirror, architecture, releasever, variables = {} }: Variables): VariableValues {
  const [, major = releasever, minor = ''] = /^([^.]*)\.(.*)$/.exec(releasever) ?? [];
  return {
    ...streamVariables(releasever),
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
