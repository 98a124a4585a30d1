import type { LockedPackage, LockedRepository, Lockfile } from '../lockfile/lockfile.ts';
import { versionText } from '../lockfile/package-version.ts';
import { yamlScalar } from './yaml-scalar.ts';

interface Entry {
  readonly locked: LockedPackage;
  readonly repository: string;
  /** Architectures of the locks that contain it. */
  readonly parents: Set<string>;
}

/**
 * `packages.manifest.yaml` of dnf5 (libpkgmanifest, schema 0.2.2). Packages are grouped by their own architecture, because readers assume it
 * from the group; `parent_archs` lists the systems of noarch packages and of packages of another architecture.
 */
export function renderPackageManifest(locks: readonly Lockfile[]): string {
  const repositories = new Map<string, LockedRepository>();
  const entries = new Map<string, Map<string, Entry>>();
  for (const lock of locks) {
    const { architecture } = lock;
    for (const repository of lock.repositories ?? []) repositories.set(`${repository.id}-${architecture}`, repository);
    for (const locked of lock.packages) {
      const same = entries.get(locked.arch) ?? new Map<string, Entry>();
      entries.set(locked.arch, same);
      const entry = same.get(locked.sha256) ?? { locked, repository: `${locked.repository ?? ''}-${architecture}`, parents: new Set() };
      same.set(locked.sha256, entry);
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

const byFile = (a: Entry, b: Entry): number => (a.locked.filename < b.locked.filename ? -1 : a.locked.filename > b.locked.filename ? 1 : 0);

function entryLines({ locked, repository, parents }: Entry): string[] {
  const others = parents.size === 1 && parents.has(locked.arch) ? [] : [...parents].sort();
  return [
    `    - name: ${yamlScalar(locked.name)}`,
    `      repo_id: ${yamlScalar(repository)}`,
    `      location: ${JSON.stringify(locked.location ?? locked.filename)}`,
    `      checksum: sha256:${locked.sha256}`,
    ...(locked.size === undefined ? [] : [`      size: ${locked.size}`]),
    `      evr: ${JSON.stringify(versionText(locked))}`,
    ...(locked.source === undefined || locked.source === '' ? [] : [`      srpm: ${JSON.stringify(locked.source.replace(/\.rpm$/, ''))}`]),
    ...(others.length === 0 ? [] : [`      parent_archs: [${others.join(', ')}]`]),
  ];
}
