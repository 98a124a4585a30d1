import { RpmDepsError } from '../base/errors.ts';
import type { Why } from '../lockfile/graph.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { loadManifest, type ProjectInput } from '../project/manifest-input.ts';
import { queryRelation } from '../resolution/query-relation.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';

/** `libvirt-libs = 10.10.0-3.el9`: the relation by which one package of a lock requires another. */
export type ChainRelations = (from: string, to: string, place: Pick<Why, 'package_set' | 'architecture'>) => string | undefined;

/**
 * A lock records dependencies only by name; the relations are in the metadata. They are read from the cache and never from the network:
 * if the cache has no metadata or that of another revision, chains are shown without relations.
 */
export async function readChainRelations(
  input: ProjectInput,
  locks: readonly Lockfile[],
  answers: readonly Why[],
  context: Context,
): Promise<ChainRelations> {
  const found = new Map<string, string>();
  try {
    const manifest = await loadManifest(input, context);
    const architectures = new Set(
      answers.filter(({ chains }) => chains.some(({ length }) => length > 1)).map((answer) => answer.architecture),
    );
    for (const architecture of architectures) {
      const pool = await loadArchitecture(manifest, architecture, offlineContext(context));
      for (const answer of answers.filter((other) => other.architecture === architecture)) {
        const lock = locks.find((other) => other.package_set === answer.package_set && other.architecture === architecture)!;
        for (const [from, to] of stepsOf(answer)) {
          const relation = queryRelation(pool, nevrasOf(lock, from), nevrasOf(lock, to));
          if (relation !== undefined) found.set(keyOf(from, to, answer), relation);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    context.emit({ kind: 'debug', text: `without relations: ${error.message}` });
  }
  return (from, to, place) => found.get(keyOf(from, to, place));
}

/** A context without network access, whether or not the cache is fresh. */
function offlineContext(context: Context): Context {
  const request: Context['http']['request'] = async (url, options) => {
    if (url.startsWith('file:')) return context.http.request(url, options);
    throw new RpmDepsError('OFFLINE', `${url} is not in the cache`);
  };
  return { ...context, offline: true, http: { settings: context.http.settings, request, close: () => Promise.resolve() } };
}

function stepsOf({ chains }: Why): [string, string][] {
  const steps = new Map<string, [string, string]>();
  for (const chain of chains) for (const [i, to] of chain.entries()) if (i > 0) steps.set(`${chain[i - 1]} ${to}`, [chain[i - 1]!, to]);
  return [...steps.values()];
}

const nevrasOf = ({ packages }: Lockfile, name: string): string[] => packages.filter((locked) => locked.name === name).map(formatNevra);

const keyOf = (from: string, to: string, place: Pick<Why, 'package_set' | 'architecture'>): string =>
  [from, to, place.package_set, place.architecture].join('\n');
