/** The text of a new manifest. */
import type { Distribution, PresetRepository } from './distributions.ts';
import type { Plain } from './source-text.ts';

export interface StartingInput {
  readonly distributions: readonly Distribution[];
  /** From `.repo` files, with the keys of `repositories`. */
  readonly repositories: readonly { readonly [key: string]: Plain }[];
  /** Options of the `.repo` files that a manifest does not have; written as comments. */
  readonly lost: readonly string[];
  readonly architectures: readonly string[];
  readonly releasever?: string | undefined;
}

export function startingManifest({ distributions, repositories, lost, architectures, releasever }: StartingInput): string {
  const mirror = distributions.find((one) => one.mirror !== undefined)?.mirror;
  const release = releasever ?? distributions.find((one) => one.releasever !== undefined)?.releasever;
  const packages = distributions[0]?.packages ?? ['bash'];
  return [
    '# What to lock, for rpm-deps. `rpm-deps update` writes rpm-lockfiles/SET-ARCH.lock.json.',
    'schema_version: "1.0"',
    `architectures: [${architectures.join(', ')}]`,
    ...(release === undefined ? [] : [`releasever: ${JSON.stringify(release)}`]),
    '',
    mirror === undefined
      ? '# Where packages come from.'
      : '# Where packages come from. $mirror is this URL, or --mirror, or RPM_DEPS_MIRROR.',
    ...(mirror === undefined ? [] : [`mirror: ${mirror}`]),
    'repositories:',
    ...distributions.flatMap(({ title, mirror: own, repositories: of }) => [
      `  # ${title}`,
      // There is only one `mirror`: write the full URLs of other distributions.
      ...of.flatMap((repository) => presetLines(own === undefined || own === mirror ? repository : writtenOut(repository, own))),
    ]),
    ...lost.map((text) => `  # not carried over: ${text}`),
    ...repositories.flatMap(repositoryLines),
    '',
    ...REST(packages),
    '',
  ].join('\n');
}

const writtenOut = (repository: PresetRepository, mirror: string): PresetRepository =>
  repository.baseurl === undefined ? repository : { ...repository, baseurl: repository.baseurl.replace('$mirror', mirror) };

const presetLines = (repository: PresetRepository): string[] => repositoryLines({ ...repository });

function repositoryLines(repository: { readonly [key: string]: Plain }): string[] {
  return Object.entries(repository).map(([key, value], i) => `${i === 0 ? '  - ' : '    '}${key}: ${yamlValue(value)}`);
}

/** Lists on one line; URLs without quotes if YAML reads them as text. */
function yamlValue(value: Plain): string {
  if (Array.isArray(value)) return value.length === 1 ? yamlValue(value[0]!) : `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[A-Za-z$/][\w$./:?=&~@+%-]*$/.test(value) && !/:$|^(?:true|false|null)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

const REST = (packages: readonly string[]): string[] => [
  '# Versions to pin: used as ${NAME} below, moved by `rpm-deps bump`.',
  'versions: {}',
  '#  LIBVIRT_VERSION: 0:10.10.0-3.el9',
  '',
  '# Lists that several sets share.',
  'groups:',
  `  minimal: [${packages.join(', ')}]`,
  '',
  'sets:',
  '  tools:',
  '    groups: [minimal]',
  '    packages:',
  '      - findutils',
  '#      - libvirt-client-${LIBVIRT_VERSION}',
  '#      - { name: edk2-ovmf, architectures: [x86_64] }',
  '#    ignore: ["python*"]        # left out, with what only they need',
  '#    exclude: []                # never considered',
  '',
  'options: { weak_dependencies: false, best: false }',
  '',
  '# Versions that must not move, until a day.',
  'holds: []',
  '#  - { package: seabios, version: "1.16.3*", reason: "1.17 dropped the ACPI tables", until: 2027-01-01 }',
];
