import type { ModuleStream } from '../repodata/modulemd.ts';
import { type ModuleSolvable, splitStreams } from './module-pool.ts';
import { quoted, streamsOf } from './module-spec.ts';
import type { ModuleState } from './module-state.ts';

/** Why the enabled streams cannot be active together, one line for each stream with a separate reason. */
export function explainModuleConflict(
  solvables: readonly ModuleSolvable[],
  states: ReadonlyMap<string, ModuleState>,
  platform: string | undefined,
): string[] {
  const builds = solvables.filter(({ archRank }) => archRank > 0).map(({ build }) => build);
  const enabled = [...states].filter(([, state]) => state.kind === 'enabled').map(([name, { stream }]) => ({ name, stream }));
  const reasons: string[] = [];
  for (const { name, stream } of enabled) {
    const label = `module stream \`${name}:${stream}\``;
    const own = builds.filter((build) => build.name === name && build.stream === stream);
    if (own.length === 0) {
      reasons.push(`${label} is not built for this architecture`);
      continue;
    }
    const obstacles = own.map((build) => obstacleOf(build, builds, states, platform));
    const reason = obstacles.at(-1);
    if (reason !== undefined && obstacles.every((obstacle) => obstacle !== undefined)) reasons.push(`${label} ${reason}`);
  }
  if (reasons.length > 0) return reasons;
  return [`the module streams ${quoted(enabled.map(({ name, stream }) => `${name}:${stream}`))} cannot be enabled together`];
}

function obstacleOf(
  build: ModuleStream,
  builds: readonly ModuleStream[],
  states: ReadonlyMap<string, ModuleState>,
  platform: string | undefined,
): string | undefined {
  for (const entry of build.requires) {
    for (const [module, streams] of entry) {
      const { wanted, unwanted } = splitStreams(streams);
      const there =
        platform?.startsWith(`${module}:`) === true
          ? [platform.slice(module.length + 1)]
          : streamsOf(builds.filter(({ name }) => name === module));
      const state = states.get(module);
      const need = wanted.length === 0 ? `needs module \`${module}\`` : `needs ${quoted(wanted.map((stream) => `${module}:${stream}`))}`;
      if (there.length === 0) return `${need}, which no repository has`;
      if (state?.kind === 'disabled') return `${need}, but module \`${module}\` is disabled`;
      if (state?.kind === 'enabled' && unwanted.includes(state.stream)) return `conflicts with \`${module}:${state.stream}\``;
      if (wanted.length === 0) continue;
      if (!wanted.some((stream) => there.includes(stream)))
        return `${need}; there is only ${quoted(there.map((stream) => `${module}:${stream}`))}`;
      if (state?.kind === 'enabled' && !wanted.includes(state.stream)) return `${need}, but \`${module}:${state.stream}\` is enabled`;
    }
  }
  return undefined;
}
