import {
  outputJson,
  type PackageRecord,
  type Pool,
  type Problem,
  type ResolveData,
  RpmDepsError,
  resolveAsync,
  resolveView,
  type SolveLimits,
  type Warning,
} from 'rpm-deps';
import type { PackagesQuery, PoolQuery, ResolveQuery } from './query.ts';
import { nevraOf, reasonsOf } from './reasons.ts';

export interface QueryAnswer {
  readonly status: number;
  /** JSON. */
  readonly text: string;
}

/** A pool with cached JSON of packages. */
export interface AnswerPool {
  readonly pool: Pool;
  readonly packageTexts: Map<string, string>;
}

/** Runs a query about one pool. */
export async function runQuery(answers: AnswerPool, query: PoolQuery, limits: SolveLimits): Promise<QueryAnswer> {
  return query.kind === 'resolve' ? runResolveQuery(answers, query, limits) : runPackagesQuery(answers.pool, query);
}

async function runResolveQuery({ pool, packageTexts }: AnswerPool, query: ResolveQuery, limits: SolveLimits): Promise<QueryAnswer> {
  const { architecture, specs, weak, best, exclude, repositories, base } = query;
  const unknown = repositories?.find((id) => !pool.repos.some((repo) => repo.id === id));
  if (unknown !== undefined) {
    throw new RpmDepsError('USAGE', `there is no repository \`${unknown}\``, {
      hint: `repositories are: ${pool.repos.map(({ id }) => id).join(', ')}`,
    });
  }
  const outcome = await resolveAsync(
    pool,
    {
      install: specs,
      weakDependencies: weak,
      best,
      exclude,
      ...(repositories === undefined ? {} : { repositories }),
      ...(base.length === 0 ? {} : { installed: base }),
    },
    limits,
  );
  if (outcome.kind === 'unsolvable') return { status: 409, text: JSON.stringify(refusal(architecture, outcome.problems)) };
  const { packages, ignored, unmet, warnings } = outcome;
  const answer = shown({ kind: 'solved', architecture, packages: [], ignored, unmet }, warnings);
  // Edges are computed on access.
  const value = query.reasons ? { ...answer, reasons: reasonsOf(packages, outcome.edges) } : answer;
  const shownPackages = packages.map((record) => packageText(packageTexts, record)).join(',');
  // The key `packages` is empty here; only the architecture, one of a list, precedes it.
  return { status: 200, text: JSON.stringify(value).replace('"packages":[]', () => `"packages":[${shownPackages}]`) };
}

/** Cached, because a package occurs in many answers and serializing it took a tenth of the time of a solve. */
function packageText(texts: Map<string, string>, record: PackageRecord): string {
  const key = `${record.repository} ${nevraOf(record)} ${record.location} ${record.checksum.value}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const [only] = shown({ kind: 'solved', architecture: '', packages: [record], ignored: [], unmet: [] }, [])['packages'] as [unknown];
  const text = JSON.stringify(only);
  texts.set(key, text);
  return text;
}

/** The object that `resolve --json` prints. */
const shown = (data: ResolveData, warnings: readonly Warning[]): Record<string, unknown> =>
  outputJson({ view: resolveView, data }, warnings, { directory: '/' });

/** The explained refusal: a problem document with the output of `resolve --json`. */
function refusal(architecture: string, problems: readonly Problem[]): Record<string, unknown> {
  return {
    type: '/errors#UNSOLVABLE',
    title: 'No set of packages satisfies the request',
    status: 409,
    code: 'UNSOLVABLE',
    detail: problems[0]?.text ?? '',
    ...shown({ kind: 'unsolvable', architecture, problems }, []),
  };
}

/** All packages of that name, or the one with that NEVRA, newest first. */
function runPackagesQuery(pool: Pool, { architecture, name }: PackagesQuery): QueryAnswer {
  const isNevra = /-[^-]+-[^-]+\.[^.-]+$/.test(name);
  const base = isNevra ? name.replace(/-[^-]+-[^-]+$/, '') : name;
  const ids = [...pool.withName(pool.strings.find(base))];
  const evrOf = (id: number) => pool.evr[id]! as Parameters<Pool['compareEvr']>[0];
  ids.sort((a, b) => pool.compareEvr(evrOf(b), evrOf(a)) || a - b);
  const all = ids.map((id) => pool.record(id as Parameters<Pool['record']>[0]));
  const packages = isNevra ? all.filter((record) => isNamed(record, name)) : all;
  return { status: 200, text: JSON.stringify({ architecture, packages }) };
}

/** The epoch may be omitted, as in the names of RPM files. */
function isNamed(record: PackageRecord, nevra: string): boolean {
  return nevraOf(record) === nevra || nevraOf(record).replace(/-\d+:/, '-') === nevra;
}
