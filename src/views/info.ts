import { shortPrintable, someNames } from '../base/printable.ts';
import { plural, sizeText } from '../base/quantity.ts';
import { versionText } from '../lockfile/package-version.ts';
import { packageShape } from './lock-shapes.ts';
import { list, object, orNull, type TypeOf, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

const infoShape = object({
  name: text('The package'),
  architectures: list(
    object({
      architecture: text('The architecture'),
      summary: orNull(text('Summary of the newest version; null if unknown')),
      license: orNull(text('Its licence; null if unknown')),
      url: orNull(text('Its home page; null if unknown')),
      packages: list(packageShape, 'Every version in the repositories, newest first'),
      provides: texts('What the newest version provides'),
      requires: texts('What the newest version requires'),
      required_by: texts('Packages that require something the newest version provides'),
      recommended_by: texts('Packages that recommend something the newest version provides'),
    }),
    'One entry for each architecture whose repositories have it',
  ),
  locked: list(
    object({ package_set: text('The package set'), architecture: text('The architecture'), version: text('The locked version') }),
    'The lockfiles that have it',
  ),
});

export type PackageInfo = TypeOf<typeof infoShape>;

export const infoView = defineView({
  command: 'info',
  about: 'Versions, dependencies and lockfiles of a package',
  schema: 1,
  shape: infoShape,
  json: (info: PackageInfo) => info,
  text: renderInfo,
});

function renderInfo({ name, architectures, locked }: PackageInfo): string {
  const sections = architectures.map(
    ({ architecture, summary, license, url, packages, provides, requires, required_by, recommended_by }) => {
      const rows = packages.map((one) =>
        [versionText(one), one.arch, one.repository, sizeText(one.size), one.source].map((cell) => shortPrintable(cell)),
      );
      return [
        `${shortPrintable(name)} for ${architecture}\n`,
        textLine('summary', summary),
        textLine('license', license),
        textLine('url', url),
        renderTable(
          [{ title: 'version' }, { title: 'arch' }, { title: 'repository' }, { title: 'size', align: 'right' }, { title: 'source' }],
          rows,
          { indent: '  ' },
        ),
        namesLine('provides', provides),
        namesLine('requires', requires),
        namesLine('required by', required_by),
        namesLine('recommended by', recommended_by),
      ].join('');
    },
  );
  return [...sections, lockedText(locked)].join('\n');
}

const textLine = (title: string, value: string | null): string => (value === null ? '' : `  ${title} ${shortPrintable(value, 1000)}\n`);

const namesLine = (title: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `  ${title} ${names.length > 12 ? `(${names.length}) ` : ''}${someNames(names, 12)}\n`;

function lockedText(locked: PackageInfo['locked']): string {
  if (locked.length === 0) return 'in no lock\n';
  const versions = new Map<string, string[]>();
  for (const { package_set, architecture, version } of locked) {
    const text = version.replace(/^0:/, '');
    versions.set(text, [...(versions.get(text) ?? []), `${package_set}-${architecture}`]);
  }
  const lines = [...versions].map(([version, names]) => `  ${shortPrintable(version)}: ${someNames(names, 12)}\n`);
  return `in ${plural(locked.length, 'lock')}\n${lines.join('')}`;
}
