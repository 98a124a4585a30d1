/**
 * Finds the requested packages of a file that does not record them, with the metadata of the repositories: packages that no
 * other package needs, and packages that would not be chosen again without a request.
 */

import { RpmDepsError } from '../base/errors.ts';
import { firstOf } from '../base/printable.ts';
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
import { installableVersions } from '../resolution/query-versions.ts';
import { resolveAsync } from '../resolution/resolve.ts';
import type { Context } from '../run/context.ts';

const NOT_FOUND = 'requested packages: the file does not record them, so every package is listed';
const CHOICES_NOT_FOUND = 'choices between packages that provide the same';

interface FoundTarget {
  readonly target: ImportedTarget;
  readonly wasClosure: boolean;
  /** Specs that the repositories of this architecture have; below, those that they do not have. */
  readonly known: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** The targets with roots instead of closures, without packages that only other architectures have. */
export async function findImportedRoots(
  imported: readonly Imported[],
  targets: readonly ImportedTarget[],
  input: ProjectInput,
  context: Context,
): Promise<readonly ImportedTarget[]> {
  const closures = targets.filter(({ isClosure, specs }) => isClosure === true && specs.length > 1);
  const shared = targets.filter(({ isClosure, forAnyArchitecture = [] }) => isClosure !== true && forAnyArchitecture.length > 0);
  if (closures.length + shared.length === 0) return targets;
  const found = new Map<ImportedTarget, FoundTarget>();
  const manifest = await repositoriesOf(imported, targets, input, context);
  // Targets with the same repositories share their packages.
  const groups = new Map<string, ImportedTarget[]>();
  for (const target of [...closures, ...shared]) {
    const key = JSON.stringify([target.architecture, target.places ?? []]);
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  for (const own of groups.values()) {
    const { architecture, places } = own[0]!;
    try {
      const pool = await loadArchitecture(onlyFrom(manifest, places, architecture), architecture, context);
      const versions = installableVersions(pool);
      for (const target of own) {
        const isKnown = (spec: string): boolean => versions(spec.replace(/\.(?:i686)$/, '')).length > 0;
        const known = new Set(target.specs.filter(isKnown));
        const unknown = target.specs.filter((spec) => !known.has(spec));
        const isClosure = target.isClosure === true;
        const answer = isClosure ? await withRoots(target, { known, unknown }, pool, context) : target;
        const { roots } = target;
        // If the file contains dependencies, the roots are known also for packages that no repository has.
        const gone = roots === undefined ? unknown : unknown.filter((spec) => roots.includes(spec));
        found.set(target, { target: answer, wasClosure: isClosure && roots === undefined, known, unknown: gone });
      }
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      context.emit({ kind: 'debug', text: `roots for ${architecture} are not known: ${error.message}` });
      for (const target of own.filter(({ isClosure }) => isClosure === true)) {
        const answer = asListed(target, `because the repositories cannot be read (${error.code})`);
        found.set(target, { target: answer, wasClosure: true, known: new Set(), unknown: [] });
      }
    }
  }
  const all = [...found.values()];
  return targets.map((target) => {
    const own = found.get(target);
    return own === undefined ? target : withUnknown(own, all);
  });
}

/** A package that no repository has any more stays requested, unless it has no architecture and another target of the set has it. */
function withUnknown({ target, wasClosure, unknown }: FoundTarget, all: readonly FoundTarget[]): ImportedTarget {
  const { set, forAnyArchitecture = [] } = target;
  const isElsewhere = (spec: string): boolean =>
    forAnyArchitecture.includes(spec) && all.some((other) => other.target.set === set && other.known.has(spec));
  const elsewhere = new Set(unknown.filter(isElsewhere));
  const specs = target.specs.filter((spec) => !elsewhere.has(spec));
  const gone = unknown.filter((spec) => !elsewhere.has(spec));
  if (!wasClosure || gone.length === 0) return { ...target, specs };
  const lost = `what needs ${listed(gone)}: no repository has ${gone.length === 1 ? 'it' : 'them'} any more`;
  return { ...target, specs, lost: [...(target.lost ?? []), lost] };
}

/** The repositories in the files, else the default ones. */
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

/** The roots according to the file itself; if it has none, every package. */
function asListed(target: ImportedTarget, reason: string): ImportedTarget {
  const { roots, specs, lost = [] } = target;
  const text = roots === undefined ? NOT_FOUND : CHOICES_NOT_FOUND;
  return { ...target, specs: roots ?? specs, ...(roots === undefined ? {} : { isClosure: false }), lost: [...lost, `${text}, ${reason}`] };
}

async function withRoots(
  target: ImportedTarget,
  { known, unknown }: Pick<FoundTarget, 'known' | 'unknown'>,
  pool: Awaited<ReturnType<typeof loadArchitecture>>,
  context: Context,
): Promise<ImportedTarget> {
  const lost = [...(target.lost ?? [])];
  const listedRoots = target.roots;
  const limits = { signal: context.signal, seconds: context.solverSeconds };
  const outcome = await resolveAsync(pool, { install: [...known] }, limits);
  if (outcome.kind === 'unsolvable') return asListed(target, 'because they cannot be installed together any more');
  const { packages, dependencies } = outcome;
  const specs = new Set(target.specs);
  const specOf = ({ name, arch }: { readonly name: string; readonly arch: string }): string =>
    specs.has(`${name}.${arch}`) ? `${name}.${arch}` : name;
  const edges = packages.map((record, i) => ({
    key: String(i),
    spec: specOf(record),
    dependencies: dependencies[i]!.map(String),
  }));
  const roots = new Set(listedRoots?.filter((spec) => known.has(spec)) ?? rootsOf(edges, ({ spec }) => specs.has(spec)));
  // Of several packages with the same provides, such as coreutils-single, the file may have another one than the solver chooses.
  for (;;) {
    const again = await resolveAsync(pool, { install: [...roots] }, limits);
    if (again.kind === 'unsolvable') break;
    const chosen = new Set(again.packages.map(specOf));
    const missing = rootsOf(edges.filter(({ spec }) => specs.has(spec) && !chosen.has(spec)));
    if (missing.length === 0) break;
    for (const spec of missing) roots.add(spec);
  }
  const added = [...new Set(edges.map(({ spec }) => spec))].filter((spec) => !specs.has(spec)).sort();
  if (added.length > 0) {
    const were = added.length === 1 ? 'was' : 'were';
    lost.push(`that ${listed(added)} ${were} left out, which its packages need: use \`ignore\``);
  }
  const gone = unknown.filter((spec) => listedRoots?.includes(spec) ?? true);
  return { ...target, specs: [...new Set([...roots, ...gone])].sort(), isClosure: false, lost };
}

const listed = (names: readonly string[]): string => firstOf(names, 12, (name) => name);
