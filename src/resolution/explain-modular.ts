/** Why modules hide a package: its stream is not active, or an active stream contains a package of its name. */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { findNevra, splitArtifact } from './find-nevra.ts';
import { activeModulesOf, type ModuleOptions } from './module-filter.ts';

export function explainModular(pool: Pool, options: ModuleOptions, s: number): { text: string; remedy: string } {
  const { builds, states } = activeModulesOf(pool, options);
  const own = [
    ...new Map(
      builds
        .filter(({ build, active }) => !active && build.artifacts.some((artifact) => findNevra(pool, artifact).includes(s as SolvableId)))
        .map(({ build }) => [`${build.name}:${build.stream}`, build.name]),
    ),
  ];
  const [stream, module] = own[0] ?? [];
  if (stream !== undefined && module !== undefined) {
    const isDisabled = states.get(module)?.kind === 'disabled';
    return {
      text: `in module stream ${own.map(([name]) => name).join(' and ')}, which is ${isDisabled ? 'disabled' : 'not enabled'}`,
      remedy: `${isDisabled ? `remove ${module} from the disabled modules and enable` : 'enable'} the stream: \`modules: { enable: ["${stream}"] }\``,
    };
  }
  const names = namesOf(pool, s);
  const hiding = builds.find(
    ({ build, active }) => active && build.artifacts.some((artifact) => names.has(splitArtifact(artifact)?.name ?? '')),
  );
  const by = hiding === undefined ? 'an active module stream' : `the active module stream ${hiding.build.name}:${hiding.build.stream}`;
  return {
    text: `hidden by ${by}`,
    remedy: `disable the module: \`modules: { disable: ["${hiding?.build.name ?? '...'}"] }\``,
  };
}

/** Its name and its provides. */
function namesOf(pool: Pool, s: number): ReadonlySet<string> {
  const names = new Set([pool.strings.get(pool.name[s] as StringId)]);
  for (let i = pool.provides.start[s]!; i < pool.provides.start[s + 1]!; i++) {
    const dep = pool.provides.ids[i] as DepId;
    names.add(pool.strings.get((dep < 0 ? pool.relations.name(dep) : dep) as StringId));
  }
  return names;
}
