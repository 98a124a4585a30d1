import type { LockedRepository, Lockfile, Pin } from '../lockfile/lockfile.ts';
import { versionText } from '../lockfile/pin-version.ts';
import { yamlScalar } from './yaml-scalar.ts';

interface Entry {
  readonly pin: Pin;
  readonly repository: string;
  /** Architectures of the locks that have it. */
  readonly parents: Set<string>;
}

/**
 * `packages.manifest.yaml` of dnf5 (libpkgmanifest, schema 0.2.2). A package stands under its own architecture, since that is what its readers
 * take for the package's; `parent_archs` says for which systems one of another architecture, or of none, is.
 */
export function renderPackageManifest(locks: readonly Lockfile[]): string {
  const repositories = new Map<string, LockedRepository>();
  const entries = new Map<string, Map<string, Entry>>();
  for (const lock of locks) {
    const { architecture } = lock;
    for (const repository of lock.repositories ?? []) repositories.set(`${repository.id}-${architecture}`, repository);
    for (const pin of lock.packages) {
      const same = entries.get(pin.arch) ?? new Map<string, Entry>();
      entries.set(pin.arch, same);
      const entry = same.get(pin.sha256) ?? { pin, repository: `${pin.repository ?? ''}-${architecture}`, parents: new Set() };
      same.set(pin.sha256, entry);
      entry.parents.add(architecture);
    }
  }
  const lines = ['document: rpm-package-manifest', 'version: 0.2.2', 'data:'];
  lines.push(repositories.size === 0 ? '  repositories: []' : '  repositories:');
  for (const [id, { baseurl, list = 'baseurl' }] of repositories) {
    lines.push(`  - id: ${yamlScalar(id)}`, `    ${list}: ${JSON.stringify(baseurl)}`);
  }
  lines.push(entries.size === 0 ? '  packages: {}' : '  packages:');
  for (const [architecture, found] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`    ${architecture}:`, ...[...found.values()].sort(byFile).flatMap(entryLines));
  }
  return `${lines.join('\n')}\n`;
}

const byFile = (a: Entry, b: Entry): number => (a.pin.filename < b.pin.filename ? -1 : a.pin.filename > b.pin.filename ? 1 : 0);

function entryLines({ pin, repository, parents }: Entry): string[] {
  const others = parents.size === 1 && parents.has(pin.arch) ? [] : [...parents].sort();
  return [
    `    - name: ${yamlScalar(pin.name)}`,
    `      repo_id: ${yamlScalar(repository)}`,
    `      location: ${JSON.stringify(pin.location ?? pin.filename)}`,
    `      checksum: sha256:${pin.sha256}`,
    ...(pin.size === undefined ? [] : [`      size: ${pin.size}`]),
    `      evr: ${JSON.stringify(versionText(pin))}`,
    ...(pin.source === undefined || pin.source === '' ? [] : [`      srpm: ${JSON.stringify(pin.source.replace(/\.rpm$/, ''))}`]),
    ...(others.length === 0 ? [] : [`      parent_archs: [${others.join(', ')}]`]),
  ];
}
