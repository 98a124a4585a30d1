/**
 * Finds the requested packages of a file that does not record them: those that no other package needs, according to
 * the metadata of the repositories.
 */
import { RpmDepsError } from '../base/errors.ts';
import { composeManifest } from '../imports/compose-manifest.ts';
import type { Imported, ImportedTarget } from '../imports/imported.ts';
import { manifestText } from '../imports/manifest-text.ts';
import { rootsOf } from '../imports/roots.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readBeside } from '../manifest/read-beside.ts';
import { parseManifest } from '../manifest/read-manifest.ts';
import { toUrl } from '../net/urls.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { defaultManifest, type ProjectInput } from '../project/manifest-input.ts';
import { installableVersions } from '../resolution/ask-versions.ts';
import { resolveAsync } from '../resolution/resolve.ts';
import type { Context } from '../run/context.ts';

const NOT_FOUND = 'requested packages: the file does not record them, so every package is listed';

/** The targets, those that are closures with their roots instead. */
export async function findImportedRoots(
  imported: readonly Imported[],
  targets: readonly ImportedTarget[],
  input: ProjectInput,
  context: Context,
): Promise<readonly ImportedTarget[]> {
  const closures = targets.filter(({ isClosure, specs }) => isClosure === true && specs.length > 1);
  if (closures.length === 0) return targets;
  const found = new Map<ImportedTarget, ImportedTarget>();
  const manifest = await repositoriesOf(imported, targets, input, context);
  // Targets that are answered from the same repositories share their packages.
  const groups = new Map<string, ImportedTarget[]>();
  for (const target of closures) {
    const key = JSON.stringify([target.architecture, target.places ?? []]);
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  for (const own of groups.values()) {
    const { architecture, places } = own[0]!;
    try {
      const pool = await loadArchitecture(onlyFrom(manifest, places, architecture), architecture, context);
      for (const target of own) found.set(target, await withRoots(target, pool, context));
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      context.emit({ kind: 'debug', text: `roots for ${architecture} are not known: ${error.message}` });
      for (const target of own) {
        found.set(target, {
          ...target,
          lost: [...(target.lost ?? []), `${NOT_FOUND}, because the repositories cannot be read (${error.code})`],
        });
      }
    }
  }
  return targets.map((target) => found.get(target) ?? target);
}

/** Those that the files name, else the default ones. */
async function repositoriesOf(
  imported: readonly Imported[],
  targets: readonly ImportedTarget[],
  input: ProjectInput,
  context: Context,
): Promise<Manifest> {
  const fallback = defaultManifest(input, context);
  if (imported.every(({ repositories = [], repofiles = [] }) => repositories.length + repofiles.length === 0)) return fallback;
  const mirror = input.mirror ?? (context.env['RPM_DEPS_MIRROR'] || undefined);
  const text = manifestText(composeManifest(imported, targets));
  return parseManifest(text, 'imported.yaml', {
    env: {},
    read: readBeside(context.cwd),
    overrides: { mirror: mirror === undefined ? undefined : toUrl(mirror, context.cwd) },
  }).catch((error: unknown) => {
    if (!(error instanceof RpmDepsError)) throw error;
    context.emit({ kind: 'debug', text: `the repositories of the imported files are not used: ${error.details?.[0] ?? error.message}` });
    return fallback;
  });
}

function onlyFrom(manifest: Manifest, places: readonly string[] | undefined, architecture: string): Manifest {
  const plain = (url: string): string =>
    url.replace('$mirror', manifest.ownMirror).replaceAll('$basearch', architecture).replace(/\/+$/, '');
  const wanted = new Set((places ?? []).map(plain));
  const repositories = manifest.repositories.filter(({ baseurl }) => baseurl.some((url) => wanted.has(plain(url))));
  return repositories.length === 0 ? manifest : { ...manifest, repositories };
}

async function withRoots(
  target: ImportedTarget,
  pool: Awaited<ReturnType<typeof loadArchitecture>>,
  context: Context,
): Promise<ImportedTarget> {
  const versions = installableVersions(pool);
  const nameOf = (spec: string): string => spec.replace(/\.(?:i686)$/, '');
  const known = target.specs.filter((spec) => versions(nameOf(spec)).length > 0);
  const unknown = target.specs.filter((spec) => !known.includes(spec));
  const lost = [...(target.lost ?? [])];
  const outcome = await resolveAsync(pool, { install: known }, { signal: context.signal, seconds: context.solverSeconds });
  if (outcome.kind === 'unsolvable')
    return { ...target, lost: [...lost, `${NOT_FOUND}, because they cannot be installed together any more`] };
  const { packages, dependencies } = outcome;
  const specs = new Set(target.specs);
  const specOf = ({ name, arch }: { readonly name: string; readonly arch: string }): string =>
    specs.has(`${name}.${arch}`) ? `${name}.${arch}` : name;
  const edges = packages.map((record, i) => ({
    key: String(i),
    spec: specOf(record),
    dependencies: dependencies[i]!.map(String),
  }));
  const roots = rootsOf(edges, ({ spec }) => specs.has(spec));
  const added = [...new Set(edges.map(({ spec }) => spec))].filter((spec) => !specs.has(spec)).sort();
  if (unknown.length > 0) lost.push(`what needs ${listed(unknown)}: no repository has ${unknown.length === 1 ? 'it' : 'them'} any more`);
  if (added.length > 0) {
    const were = added.length === 1 ? 'was' : 'were';
    lost.push(`that ${listed(added)} ${were} left out, which its packages need: use \`ignore\``);
  }
  return { ...target, specs: [...new Set([...roots, ...unknown])].sort(), isClosure: false, lost };
}

const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
