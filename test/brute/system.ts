/** Installed systems of small worlds, asked of the resolver. */
import type { InstalledRecord } from '../../src/pool/installed-entry.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { formatNevra } from '../../src/rpm/nevra.ts';
import { type Comparison, type Dependency, dependencyText, poolOf, RELATION_KINDS, type World, type WorldPackage } from './world.ts';

export interface SystemRequest {
  readonly install: readonly string[];
  readonly upgrade: 'all' | readonly string[];
  readonly distroSync: 'all' | readonly string[];
  readonly reinstall: readonly string[];
  readonly remove: readonly string[];
  readonly allowErasing: boolean;
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
}

/** Sorted NEVRAs of what comes and what goes; null for a refusal. */
export type SystemAnswer = readonly [come: readonly string[], gone: readonly string[]] | null;

export function answerSystem(world: World, installed: readonly WorldPackage[], { weak, best, ...request }: SystemRequest): SystemAnswer {
  const outcome = resolve(poolOf(world), { ...request, best, weakDependencies: weak, installed: installed.map(recordOf) });
  if (outcome.kind === 'unsolvable') return null;
  const gone = new Set([...outcome.changes.flatMap(({ replaces }) => replaces), ...outcome.removed]);
  return [outcome.packages.map(formatNevra).sort(), [...gone].sort()];
}

const FLAGS: Readonly<Record<Comparison, 'LT' | 'LE' | 'EQ' | 'GE' | 'GT'>> = { '<': 'LT', '<=': 'LE', '=': 'EQ', '>=': 'GE', '>': 'GT' };

/** As an rpm database has it. */
export function recordOf({ name, evr, arch, relations, files }: WorldPackage): InstalledRecord {
  return {
    name,
    epoch: evr.epoch,
    version: evr.version,
    release: evr.release ?? '',
    arch,
    source: '',
    buildTime: 1,
    relations: Object.fromEntries(RELATION_KINDS.map((kind) => [kind, (relations[kind] ?? []).map(relationOf)])),
    files: files.map((path) => ({ path })),
  };
}

function relationOf(dependency: Dependency): {
  name: string;
  flags: 'LT' | 'LE' | 'EQ' | 'GE' | 'GT' | undefined;
  epoch: string;
  version: string;
  release: string;
} {
  const plain = dependency.kind === 'plain' ? dependency : undefined;
  const { evr, comparison } = plain ?? {};
  const name = plain?.name ?? dependencyText(dependency);
  if (evr === undefined || comparison === undefined) return { name, flags: undefined, epoch: '', version: '', release: '' };
  return { name, flags: FLAGS[comparison], epoch: evr.epoch, version: evr.version, release: evr.release ?? '' };
}
