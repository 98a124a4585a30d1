/** The text of an imported manifest. Items without an equivalent become comments at their place. */
import { shortPrintable } from '../base/printable.ts';
import { Secrets } from '../base/redact.ts';
import type { Plain } from '../manifest/source-text.ts';
import type { ComposedManifest, ComposedSet, ComposedSpec, Loss } from './compose-manifest.ts';
import type { TranslatedRepository } from './translate-repositories.ts';

/** Lists that fit are on one line. */
const WIDTH = 120;

export function manifestText(manifest: ComposedManifest): string {
  const { architectures, repositories, repofiles, versions, groups, sets, holds, fallbacks, lost } = manifest;
  const isWide = (set: ComposedSet): boolean => set.architectures.length < architectures.length;
  const lines = [
    'schema_version: "1.0"',
    ...lost.map((text) => comment(`not carried over: ${text}`)),
    `architectures: ${flow([...architectures])}`,
    ...(repositories.mirror === undefined ? [] : [`mirror: ${scalar(repositories.mirror)}`]),
    ...(repositories.repositories.length === 0 ? [] : ['repositories:', ...repositories.repositories.flatMap(repositoryLines)]),
    ...(repofiles.length === 0 ? [] : block('repofiles', repofiles, '')),
    ...(fallbacks.length === 0 ? [] : block('fallbacks', fallbacks, '')),
    ...(versions.size === 0
      ? []
      : ['versions:', ...[...versions].map(([name, version]) => `  ${scalar(name)}: ${versionScalar(version)}`)]),
    ...(groups.length === 0 ? [] : ['groups:']),
    ...groups.flatMap(({ name, specs, comment: above }) => [
      ...(above === undefined ? [] : [comment(above, '  ')]),
      ...block(scalar(name), specs, '  '),
    ]),
    'sets:',
    ...(sets.length === 0 ? placeholder(manifest.exclude) : []),
    ...sets.flatMap((set) => setLines(set, isWide(set), manifest.exclude)),
    ...(holds.length === 0 ? [] : ['holds:', ...holds.map((hold) => `  - ${flow({ ...hold })}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A valid manifest requests at least one package. */
const placeholder = (exclude: readonly string[]): string[] => [
  '  # the imported files name no packages: put yours in place of bash',
  '  tools:',
  '    packages:',
  '      - bash',
  ...(exclude.length === 0 ? [] : block('exclude', exclude, '    ')),
];

function repositoryLines({ definition, remarks, lost }: TranslatedRepository): string[] {
  const [first = '', ...rest] = Object.entries(definition).flatMap(([key, value]) => entry(key, value, '    '));
  return [
    ...remarks.map((text) => comment(text, '  ')),
    ...lost.map((text) => comment(`not carried over: ${text}`, '  ')),
    `  - ${first.trimStart()}`,
    ...rest,
  ];
}

function setLines(
  { name, comments, architectures, groups, packages, ignore, settings, lost }: ComposedSet,
  isPartial: boolean,
  exclude: readonly string[],
): string[] {
  return [
    ...comments.map((text) => comment(text, '  ')),
    `  ${scalar(name)}:`,
    ...lost.map((loss) => comment(lossText(loss), '    ')),
    ...(isPartial ? [`    architectures: ${flow([...architectures])}`] : []),
    ...(groups.length === 0 ? [] : block('groups', groups, '    ')),
    ...(packages.length === 0 && groups.length > 0
      ? []
      : packages.length === 0
        ? ['    packages: []']
        : ['    packages:', ...packages.map(specLine)]),
    ...(ignore.length === 0
      ? []
      : [
          '    ignore:',
          ...ignore.map(({ pattern, reason, architectures: scope }) => {
            const texts = [reason, scope === undefined ? undefined : `was only for ${scope.join(', ')}`].filter(
              (text) => text !== undefined,
            );
            return `      - ${scalar(pattern)}${texts.length === 0 ? '' : `  ${comment(texts.join('; '))}`}`;
          }),
        ]),
    ...(exclude.length === 0 || settings['exclude'] !== undefined ? [] : block('exclude', exclude, '    ')),
    ...Object.entries(settings).flatMap(([key, value]) => entry(key, value, '    ')),
  ];
}

const lossText = ({ text, architectures }: Loss): string =>
  architectures === undefined ? `not carried over: ${text}` : `not carried over (${architectures.join(', ')}): ${text}`;

const specLine = ({ spec, architectures }: ComposedSpec): string =>
  architectures === undefined ? `      - ${scalar(spec)}` : `      - ${flow({ name: spec, architectures: [...architectures] })}`;

function entry(key: string, value: Plain, indent: string): string[] {
  if (Array.isArray(value)) return block(scalar(key), value, indent);
  return [`${indent}${scalar(key)}: ${typeof value === 'object' && value !== null ? flow(value) : single(value)}`];
}

function block(key: string, values: readonly Plain[], indent: string): string[] {
  const line = `${indent}${key}: ${flow([...values])}`;
  if (line.length <= WIDTH) return [line];
  return [
    `${indent}${key}:`,
    ...values.map((value) => `${indent}  - ${typeof value === 'object' && value !== null ? flow(value) : single(value)}`),
  ];
}

function flow(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return single(value, true);
  const entries = Object.entries(value).map(([key, item]) => `${scalar(key)}: ${flow(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function single(value: Plain, inFlow = false): string {
  if (typeof value !== 'string') return String(value);
  return inFlow && /[${}[\],]/.test(value) ? JSON.stringify(value) : scalar(value);
}

/** Plain if every YAML reader parses it as a string, else quoted. */
const scalar = (text: string): string =>
  /^[A-Za-z$/][A-Za-z0-9 $/{}._:+~^@%=-]*$/.test(text) &&
  !/: |:$|^\s|\s$| #/.test(text) &&
  !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) &&
  !(text.startsWith('$') && /[{}]/.test(text))
    ? text
    : JSON.stringify(text);

/** `0:11.9.0-1.el9` is a string for all readers; a text that could be a number or a date is quoted. */
const versionScalar = (text: string): string => (/^\d+:[\w.+~^-]*[A-Za-z~^+-][\w.+~^-]*$/.test(text) ? text : JSON.stringify(text));

const comment = (text: string, indent = ''): string => `${indent}# ${shortPrintable(new Secrets().hide(text), 600)}`;
