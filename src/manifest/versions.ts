import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { type Environment, versionOverride } from '../base/version-overrides.ts';
import type { MistakeList } from './mistake.ts';
import { asMap } from './plain-access.ts';
import type { Plain } from './source-text.ts';

/** The value of each `${NAME}`: as written, or from the environment. */
export function buildVersions(value: Plain | undefined, env: Environment, mistakes: MistakeList): Readonly<Record<string, string>> {
  const versions: Record<string, string> = Object.create(null);
  for (const [name, written] of Object.entries(asMap(value) ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      mistakes.add(['versions', name], `\`${shortPrintable(name)}\` cannot be a version name: letters, digits and _ only`, 'key');
    }
    if (typeof written !== 'string') continue;
    const override = versionOverride(name, env);
    const text = override?.value ?? written;
    // Characters allowed in a package spec: no spaces (a spec with spaces is a relation) and no further variables.
    if (/^[A-Za-z0-9._+~^:*?-]+$/.test(text)) versions[name] = text;
    else {
      // An environment variable may hold a secret: show only its name.
      const what = override === undefined ? `the version \`${shortPrintable(text)}\`` : `the environment variable ${override.variable}`;
      mistakes.add(['versions', name], `${what} has characters that no RPM version has`);
      versions[name] = '0';
    }
  }
  return versions;
}

export interface ExpandedSpec {
  readonly text: string;
  readonly variables: readonly string[];
  readonly problems: readonly string[];
}

/** Replaces each `${NAME}` in a package spec. */
export function expandSpec(template: string, versions: Readonly<Record<string, string>>): ExpandedSpec {
  const variables: string[] = [];
  const problems: string[] = [];
  // Exclude `$` inside: otherwise many unclosed `${` would take quadratic time.
  const text = template.replace(/\$\{([^}$]*)\}/g, (whole, name: string) => {
    const version = Object.hasOwn(versions, name) ? versions[name] : undefined;
    if (version === undefined) {
      problems.push(undefinedVersion(name, versions));
      return whole;
    }
    if (!variables.includes(name)) variables.push(name);
    return version;
  });
  const stray = /\$\{?([A-Za-z_]\w*)?/.exec(template.replace(/\$\{[^}$]*\}/g, ''));
  if (stray) problems.push(`a stray \`$\` in \`${shortPrintable(template)}\`; a version is written as \`\${${stray[1] ?? 'NAME'}}\``);
  return { text, variables, problems };
}

function undefinedVersion(name: string, versions: Readonly<Record<string, string>>): string {
  const nearest = nearestOf(name, Object.keys(versions));
  const advice = nearest ? `did you mean \`\${${nearest}}\`?` : 'define it under `versions`';
  return `undefined version \`\${${shortPrintable(name)}}\`; ${advice}`;
}
