import { plural, sizeText } from '../base/quantity.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import { versionText } from '../lockfile/pin-version.ts';
import { printable } from '../manifest/printable.ts';
import { someNames } from './diff-words.ts';
import { renderTable } from './table.ts';

export interface PackageInfo {
  readonly name: string;
  readonly architectures: readonly {
    readonly architecture: string;
    readonly packages: readonly {
      readonly epoch: string;
      readonly version: string;
      readonly release: string;
      readonly arch: string;
      readonly repository: string;
      readonly size: number;
      readonly source: string;
    }[];
    readonly provides: readonly string[];
    readonly requires: readonly string[];
    readonly required_by: readonly string[];
    readonly recommended_by: readonly string[];
  }[];
  readonly locked: readonly (LockName & { readonly version: string })[];
}

/** What is known of a package, architecture by architecture. */
export function renderInfo({ name, architectures, locked }: PackageInfo): string {
  const sections = architectures.map(({ architecture, packages, provides, requires, required_by, recommended_by }) => {
    const rows = packages.map((one) =>
      [versionText(one), one.arch, one.repository, sizeText(one.size), one.source].map((cell) => printable(cell)),
    );
    return [
      `${printable(name)} for ${architecture}\n`,
      renderTable(
        [{ title: 'version' }, { title: 'arch' }, { title: 'repository' }, { title: 'size', align: 'right' }, { title: 'source' }],
        rows,
        { indent: '  ' },
      ),
      list('provides', provides),
      list('requires', requires),
      list('required by', required_by),
      list('recommended by', recommended_by),
    ].join('');
  });
  return [...sections, lockedText(locked)].join('\n');
}

const list = (title: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `  ${title} ${names.length > 12 ? `(${names.length}) ` : ''}${someNames(names, 12)}\n`;

function lockedText(locked: PackageInfo['locked']): string {
  if (locked.length === 0) return 'in no lock\n';
  const versions = new Map<string, string[]>();
  for (const { package_set, architecture, version } of locked) {
    const text = version.replace(/^0:/, '');
    versions.set(text, [...(versions.get(text) ?? []), `${package_set}-${architecture}`]);
  }
  const lines = [...versions].map(([version, names]) => `  ${printable(version)}: ${someNames(names, 12)}\n`);
  return `in ${plural(locked.length, 'lock')}\n${lines.join('')}`;
}
