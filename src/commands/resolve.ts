import { RpmDepsError } from '../base/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PackageRecord } from '../pool/pool.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQuestionArchitectures, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import type { Problem, Solved } from '../resolution/resolution.ts';
import { resolveAsync } from '../resolution/resolve.ts';
import type { Context } from '../run/context.ts';

export interface ResolveInput extends ProjectInput {
  /** Either name of an architecture; default the first of the manifest. */
  readonly arch: string | undefined;
  readonly specs: readonly string[];
  readonly weak?: boolean | undefined;
  readonly best?: boolean | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** Only these repositories, by id. */
  readonly repo?: readonly string[] | undefined;
  readonly enableModule?: readonly string[] | undefined;
  readonly disableModule?: readonly string[] | undefined;
}

export type ResolveOutput =
  | ({ readonly kind: 'solved'; readonly architecture: string; readonly packages: readonly PackageRecord[] } & Pick<
      Solved,
      'ignored' | 'unmet'
    >)
  | { readonly kind: 'unsolvable'; readonly architecture: string; readonly problems: readonly Problem[] };

/** Resolves specs without a set: with the manifest's repositories, or with the default ones where there is no manifest. */
export async function resolveSpecs(input: ResolveInput, context: Context): Promise<ResolveOutput> {
  const manifest = await repositoriesOrDefaults(input, context);
  const architecture = chooseQuestionArchitectures(input.arch === undefined ? undefined : [input.arch], manifest)[0]!;
  const pool = await loadArchitecture(onlyRepositories(manifest, input.repo), architecture, context);
  const request = {
    install: input.specs,
    weakDependencies: input.weak ?? false,
    best: input.best ?? false,
    exclude: input.exclude ?? [],
    ignore: input.ignore ?? [],
    modules: { enable: input.enableModule ?? [], disable: input.disableModule ?? [] },
  };
  const limits = { signal: context.signal, seconds: context.solverSeconds };
  const outcome = await resolveAsync(pool, request, limits);
  if (outcome.kind === 'unsolvable') {
    const { tellOtherArchitectures } = await import('../locking/other-architectures.ts');
    const told = (input.repo?.length ?? 0) > 0 ? await explainWithOthers() : undefined;
    const [problems = []] = await tellOtherArchitectures(manifest, [{ architecture, problems: told ?? outcome.problems }], {
      pools: (other) => loadArchitecture(manifest, other, context),
      emit: context.emit,
    });
    return { kind: 'unsolvable', architecture, problems };
  }
  for (const warning of outcome.warnings) context.emit({ kind: 'warning', ...warning, architecture });
  const { packages, ignored, unmet } = outcome;
  return { kind: 'solved', architecture, packages, ignored, unmet };

  /** Says where a repository that was left out has what is missing, as far as the others can be read. */
  async function explainWithOthers(): Promise<readonly Problem[] | undefined> {
    try {
      const all = await loadArchitecture(manifest, architecture, context);
      const told = await resolveAsync(all, { ...request, repositories: pool.repos.map(({ id }) => id) }, limits);
      return told.kind === 'unsolvable' ? told.problems : undefined;
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      context.emit({ kind: 'debug', text: `explained without the other repositories: ${error.message}` });
      return undefined;
    }
  }
}

function onlyRepositories(manifest: Manifest, ids: readonly string[] | undefined): Manifest {
  if (ids === undefined || ids.length === 0) return manifest;
  const known = manifest.repositories.map(({ id }) => id);
  for (const id of ids) {
    if (!known.includes(id))
      throw new RpmDepsError('USAGE', `there is no repository \`${id}\``, { hint: `repositories are: ${known.join(', ')}` });
  }
  return { ...manifest, repositories: manifest.repositories.filter(({ id }) => ids.includes(id)) };
}
