/** Asks the resolver what a scenario asks. */
import { buildPool } from '../../src/pool/build-pool.ts';
import type { InstalledRecord } from '../../src/pool/installed-entry.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { FilelistsReader } from '../../src/repodata/filelists.ts';
import type { ResolveOutcome } from '../../src/resolution/resolution.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { plainInfo } from '../helpers/plain-repository.ts';
import { filelistsXml, primaryXml, recordOfLine } from '../helpers/small-mirror.ts';
import type { Scenario, ScenarioRequest } from './scenario.ts';

export function poolOfScenario({ architecture, repos }: Scenario): Pool {
  const filelists = Buffer.from(filelistsXml(repos.flatMap(({ packages }) => packages)));
  const ownersOf = (paths: readonly string[]): ReadonlyMap<string, readonly string[]> => {
    const reader = new FilelistsReader(paths, 'filelists.xml');
    reader.write(filelists);
    reader.end();
    return reader.owners;
  };
  return buildPool({
    architecture,
    repos: repos.map(({ id, priority, hotfixes, exclude, packages, modules, comps }) => ({
      info: plainInfo(id, { priority, exclude, moduleHotfixes: hotfixes }),
      primary: new TextEncoder().encode(primaryXml(packages)),
      modules: modules === undefined ? undefined : () => modules,
      comps: comps === undefined ? undefined : () => comps,
    })),
    filelists: { load: (paths) => Promise.resolve(ownersOf(paths)), loadSync: ownersOf },
  });
}

export function askScenario(pool: Pool, request: ScenarioRequest, installed: readonly InstalledRecord[] = []): ResolveOutcome {
  const { install, weak, best, exclude, ignore, favor, enable, disable, repositories, only } = request;
  const { upgrade, distroSync, reinstall, remove, erasing } = request;
  return resolve(pool, {
    install,
    installed,
    upgrade,
    distroSync,
    reinstall,
    remove,
    allowErasing: erasing,
    weakDependencies: weak,
    best,
    exclude,
    ignore,
    favor,
    modules: { enable, disable },
    constraints: only.map((text) => {
      const [, name = '', version = '', reason = ''] = /^(\S+) (\S+): (.+)$/.exec(text) ?? [];
      return { name, version, reason };
    }),
    ...(repositories === undefined ? {} : { repositories }),
  });
}

/** What is installed, as an rpm database says it. */
export const installedOf = ({ installed }: Scenario): InstalledRecord[] => installed.map(recordOfLine);

/** An answer as scenarios write it down. */
export function describeOutcome(outcome: ResolveOutcome): string[] {
  if (outcome.kind === 'solved') {
    const packages = outcome.packages.map(({ name, epoch, version, release, arch, repository }, index) => {
      const evr = `${Number(epoch) === 0 ? '' : `${epoch}:`}${version}-${release}`;
      const change = outcome.changes.find((one) => one.package === index);
      const replaced =
        change === undefined || change.kind === 'new' ? '' : `, ${change.kind} of ${change.replaces.map(plainNevra).join(' ')}`;
      return `=> ${name}-${evr}.${arch} ${repository}${replaced}`;
    });
    const unmet = outcome.unmet.map(({ package: by, relation, ignored }) => `=> unmet: ${by} needs ${relation} of ${ignored.join(', ')}`);
    const gone = outcome.removed.map((nevra) => `=> gone: ${plainNevra(nevra)}`);
    const lines = [...packages, ...gone, ...unmet, ...outcome.ignored.map((name) => `=> ignored: ${name}`)];
    return lines.length === 0 ? ['=> nothing to do'] : lines;
  }
  return outcome.problems.flatMap(({ kind, text, suggestions }) => [
    `=> refused: ${kind}`,
    ...text.split('\n').map((line) => `|   ${line}`),
    ...suggestions.map((suggestion) => `|   * ${suggestion}`),
  ]);
}

const plainNevra = (nevra: string): string => nevra.replace(/-0:(?=[^:]*$)/, '-');
