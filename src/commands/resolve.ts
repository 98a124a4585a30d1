import { resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { fillVariables } from '../base/variables.ts';
import { readWithin } from '../io/read-within.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { variableValues } from '../manifest/repository-variables.ts';
import type { PackageRecord } from '../pool/pool.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQueryArchitectures, defaultManifest, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import { repositoryOf } from '../project/run-repositories.ts';
import type { Problem, Solved } from '../resolution/resolution.ts';
import { resolveAsync } from '../resolution/resolve.ts';
import { formatNevra, parseNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import type { ResolveChange } from '../views/resolve.ts';

export interface ResolveInput extends ProjectInput {
  /** RPM or container name of an architecture; default the first of the manifest. */
  readonly arch: string | undefined;
  readonly specs: readonly string[];
  readonly weak?: boolean | undefined;
  readonly best?: boolean | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** Only these repositories, by id; or `id=URL`, which needs no manifest. */
  readonly repo?: readonly string[] | undefined;
  /** A file with the NEVRAs of installed packages, one per line. */
  readonly installed?: string | undefined;
  /** Specs of installed packages. */
  readonly upgrade?: readonly string[] | undefined;
  readonly distroSync?: readonly string[] | undefined;
  readonly reinstall?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
  readonly allowErasing?: boolean | undefined;
  readonly enableModule?: readonly string[] | undefined;
  readonly disableModule?: readonly string[] | undefined;
}

export type ResolveOutput =
  | ({ readonly kind: 'solved'; readonly architecture: string; readonly packages: readonly PackageRecord[] } & Pick<
      Solved,
      'ignored' | 'unmet'
    > & { readonly changes?: readonly ResolveChange[]; readonly removed?: readonly string[] })
  | { readonly kind: 'unsolvable'; readonly architecture: string; readonly problems: readonly Problem[] };

/** Resolves specs without a set: with the manifest's repositories, or with the default ones if there is no manifest. */
export async function resolveSpecs(input: ResolveInput, context: Context): Promise<ResolveOutput> {
  const installed = input.installed === undefined ? undefined : await readInstalledList(resolve(context.cwd, input.installed));
  checkJobOptions(input);
  const manifest = await chooseRepositories(input, context);
  const architecture = chooseQueryArchitectures(input.arch === undefined ? undefined : [input.arch], manifest)[0]!;
  const pool = await loadArchitecture(onlyRepositories(manifest, input.repo?.map(idOf), architecture), architecture, context);
  const request = {
    install: input.specs,
    weakDependencies: input.weak ?? false,
    best: input.best ?? false,
    exclude: input.exclude ?? [],
    ignore: input.ignore ?? [],
    modules: chooseModules(input, manifest, architecture),
    ...(installed === undefined
      ? {}
      : {
          installed,
          upgrade: input.upgrade ?? [],
          distroSync: input.distroSync ?? [],
          reinstall: input.reinstall ?? [],
          remove: input.remove ?? [],
          allowErasing: input.allowErasing ?? false,
        }),
  };
  const limits = { signal: context.signal, seconds: context.solverSeconds };
  const outcome = await resolveAsync(pool, request, limits);
  if (outcome.kind === 'unsolvable') {
    const { suggestOtherArchitectures } = await import('../locking/other-architectures.ts');
    const unrestricted = (input.repo ?? []).some((repo) => !repo.includes('=')) ? await explainWithOthers() : undefined;
    const [problems = []] = await suggestOtherArchitectures(manifest, [{ architecture, problems: unrestricted ?? outcome.problems }], {
      pools: (other) => loadArchitecture(manifest, other, context),
      emit: context.emit,
    });
    return { kind: 'unsolvable', architecture, problems };
  }
  for (const warning of outcome.warnings) context.emit({ kind: 'warning', ...warning, architecture });
  const { packages, ignored, unmet, removed } = outcome;
  const solved = { kind: 'solved', architecture, packages, ignored, unmet } as const;
  if (installed === undefined) return solved;
  const changes = outcome.changes.map(({ package: index, kind, replaces }) => ({ package: formatNevra(packages[index]!), kind, replaces }));
  return { ...solved, changes, removed };

  /** Names unselected repositories that have the missing packages, as far as these repositories can be read. */
  async function explainWithOthers(): Promise<readonly Problem[] | undefined> {
    try {
      const all = await loadArchitecture(manifest, architecture, context);
      const outcome = await resolveAsync(all, { ...request, repositories: pool.repos.map(({ id }) => id) }, limits);
      return outcome.kind === 'unsolvable' ? outcome.problems : undefined;
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      context.emit({ kind: 'debug', text: `the explanation does not consider other repositories: ${error.message}` });
      return undefined;
    }
  }
}

const idOf = (repo: string): string => repo.split('=', 1)[0]!;

/** The manifest's repositories and those of the command line; if no ids of the manifest are given, only the latter. */
async function chooseRepositories(input: ResolveInput, context: Context): Promise<Manifest> {
  const added = (input.repo ?? []).filter((repo) => repo.includes('=')).map((repo) => repositoryOf(repo, context.cwd));
  if (added.length === 0) return repositoriesOrDefaults(input, context);
  const hasIds = added.length < input.repo!.length;
  const manifest = hasIds || input.manifest !== undefined ? await repositoriesOrDefaults(input, context) : defaultManifest(input, context);
  return { ...manifest, repositories: [...(hasIds ? manifest.repositories : []), ...added] };
}

/** The modules of the command line, plus those that all sets of the manifest have, unless the command line contains the same module. */
function chooseModules({ enableModule = [], disableModule = [] }: ResolveInput, { sets }: Manifest, architecture: string) {
  const named = new Set([...enableModule, ...disableModule].map(moduleName));
  const [first, ...others] = sets.map((set) => set.modulesFor(architecture));
  const shared = (key: 'enable' | 'disable'): readonly string[] =>
    (first?.[key] ?? []).filter((module) => !named.has(moduleName(module)) && others.every((other) => other[key].includes(module)));
  return { enable: [...shared('enable'), ...enableModule], disable: [...shared('disable'), ...disableModule] };
}

const moduleName = (module: string): string => module.split(':', 1)[0]!;

/** Refuses options that need installed packages if there are none. */
function checkJobOptions({ specs, installed, upgrade, distroSync, reinstall, remove, allowErasing }: ResolveInput): void {
  const jobs = { upgrade, 'distro-sync': distroSync, reinstall, remove };
  const [job] = Object.entries(jobs).find(([, list]) => (list?.length ?? 0) > 0) ?? [];
  if (installed === undefined && (job !== undefined || allowErasing === true))
    throw new RpmDepsError('USAGE', `--${job ?? 'allow-erasing'} needs \`--installed FILE\``, {
      hint: 'FILE has the NEVRAs that are installed, one a line',
    });
  if (specs.length === 0 && job === undefined)
    throw new RpmDepsError('USAGE', 'resolve: no package was requested', { hint: 'give packages, for example: rpm-deps resolve bash' });
}

const MAX_LIST_BYTES = 16 * 1024 * 1024;

async function readInstalledList(path: string): Promise<string[]> {
  const read = await readWithin(path, MAX_LIST_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('USAGE', `--installed: ${path} cannot be read: ${readProblem(cause)}`, { cause });
  });
  return read
    .toString('utf8')
    .split('\n')
    .flatMap((line, i) => {
      const nevra = line.trim();
      if (nevra === '' || nevra.startsWith('#')) return [];
      if (parseNevra(nevra) === undefined)
        throw new RpmDepsError('USAGE', `${path}:${i + 1}: \`${printable(nevra)}\` is not \`name-[epoch:]version-release.arch\``, {
          hint: 'list them with: rpm -qa',
        });
      return [nevra];
    });
}

/** Accepts ids as written in the manifest and with variables expanded. */
function onlyRepositories(manifest: Manifest, ids: readonly string[] | undefined, architecture: string): Manifest {
  if (ids === undefined || ids.length === 0) return manifest;
  const values = variableValues({ ...manifest, architecture });
  const wanted = new Set(ids.map((id) => fillVariables(id, values)));
  const own = manifest.repositories.map((repository) => ({ repository, id: fillVariables(repository.id, values) }));
  const known = [...new Set(own.map(({ id }) => id))];
  for (const id of wanted) {
    if (!known.includes(id))
      throw new RpmDepsError('USAGE', `unknown repository \`${printable(id)}\``, { hint: `repositories are: ${known.join(', ')}` });
  }
  return { ...manifest, repositories: own.filter(({ id }) => wanted.has(id)).map(({ repository }) => repository) };
}
