import { RpmDepsError } from 'rpm-deps';
import { satisfies, valid } from 'rpm-deps/vercmp';
import type { WebService } from '../../service.ts';
import { closed, type Route } from '../route.ts';
import { listOf, refTo } from '../shapes.ts';
import { knownArchitecture } from './queries.ts';

const text = { type: 'string', minLength: 1, maxLength: 300 };

const PACKAGES = listOf('packages', 'Package', {
  architecture: { type: 'string' },
  locked: { type: 'array', items: refTo('Locked') },
});

export interface LockedRow {
  readonly project: string;
  readonly package_set: string;
  readonly architecture: string;
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly source: string | null;
}

export function searchRoutes({ database, solvers }: WebService): Route[] {
  return [
    {
      method: 'GET',
      url: '/v1/locked',
      summary: 'Projects that lock a package; with `older_than`, only those that lock an older version',
      scope: 'read',
      schema: {
        querystring: closed({ name: text, older_than: text, architecture: text }, ['name']),
        response: listOf('locked', 'Locked', { name: { type: 'string' } }),
      },
      handle: async (request) => {
        const { name, older_than, architecture } = request.query;
        const rows = await findLocked(
          database,
          name!,
          request.actor.projectId,
          architecture === undefined ? undefined : knownArchitecture(architecture),
        );
        const locked = older_than === undefined ? rows : olderThan(rows, older_than);
        return { schema: 1, name, locked };
      },
    },
    {
      method: 'GET',
      url: '/v1/packages',
      summary: 'Packages of a name in the sources, newest first, and the projects that lock them',
      scope: 'read',
      asksSources: true,
      schema: { querystring: closed({ name: text, architecture: text }, ['name', 'architecture']), response: PACKAGES },
      handle: (request) => answer(request.query['name']!, request.query['architecture']!, request.actor.projectId),
    },
    {
      method: 'GET',
      url: '/v1/packages/:nevra',
      summary: 'One package, as `name-[epoch:]version-release.arch`, and the projects that lock it',
      scope: 'read',
      asksSources: true,
      schema: { params: closed({ nevra: text }, ['nevra']), querystring: closed({ architecture: text }), response: PACKAGES },
      handle: async (request) => {
        const { nevra } = request.params;
        const match = /^(.+)-[^-]+-[^-]+\.([^.-]+)$/.exec(nevra!);
        if (match === null) throw new RpmDepsError('USAGE', `\`${nevra}\` is not name-version-release.arch`);
        const own = match[2] === 'noarch' ? 'x86_64' : match[2]!;
        const found = await answer(nevra!, request.query['architecture'] ?? own, request.actor.projectId);
        if (found.packages.length === 0 && found.locked.length === 0) throw new RpmDepsError('NOT_FOUND', `no source has \`${nevra}\``);
        return found;
      },
    },
  ];

  async function answer(name: string, architecture: string, projectId: string | undefined) {
    const known = knownArchitecture(architecture);
    const { body } = await solvers.ask({ kind: 'packages', architecture: known, name });
    const { packages } = JSON.parse(body.toString('utf8')) as { packages: readonly Record<string, string>[] };
    const match = /^(.+)-([^-]+)-([^-]+)\.([^.-]+)$/.exec(name);
    const isNevra = match !== null && (packages.length > 0 ? packages[0]!['name'] === match[1] : /^\d/.test(match[2]!));
    const rows = await findLocked(database, isNevra ? match![1]! : name, projectId, undefined);
    const locked = isNevra ? rows.filter((row) => nevrasOf(row).includes(name)) : rows;
    return { schema: 1, architecture: known, packages, locked };
  }
}

/** With and without the epoch. */
const nevrasOf = ({ name, epoch, version, release, arch }: LockedRow): readonly string[] =>
  [`${epoch}:`, ''].map((start) => `${name}-${start}${version}-${release}.${arch}`);

export async function findLocked(
  database: WebService['database'],
  name: string,
  projectId: string | undefined,
  architecture: string | undefined,
): Promise<readonly LockedRow[]> {
  const { rows } = await database.query<LockedRow>(
    `select p.name as project, l.package_set, l.architecture, l.name, l.epoch, l.version, l.release, l.arch, l.source
     from locked_package l join project p on p.id = l.project_id
     where l.name = $1 and ($2::uuid is null or p.id = $2) and ($3::text is null or l.architecture = $3)
     order by p.name, l.package_set, l.architecture`,
    [name, projectId ?? null, architecture ?? null],
  );
  return rows;
}

/** A version without an epoch is compared with the rest of a locked version, whatever its epoch: as advisories and people name versions. */
export function olderThan(rows: readonly LockedRow[], version: string): readonly LockedRow[] {
  if (!valid(version)) {
    throw new RpmDepsError('USAGE', `\`${version}\` is not a version`, { hint: 'such as `3.0.7`, `3.0.7-27.el9` or `1:3.0.7-27.el9`' });
  }
  const epochOf = ({ epoch }: LockedRow): string => (version.includes(':') ? `${epoch}:` : '');
  return rows.filter((row) => satisfies(`${epochOf(row)}${row.version}-${row.release}`, `< ${version}`));
}
