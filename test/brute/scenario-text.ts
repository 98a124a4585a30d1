import type { WorldRequest } from './shrink.ts';
import { dependencyText, evrText, RELATION_KINDS, type World, type WorldPackage } from './world.ts';

/** A world and its request in the form of test/scenarios, to be kept there. */
export function scenarioText({ architecture, repos }: World, { install, weak, best, exclude }: WorldRequest): string {
  const modes = [...(weak ? ['weak'] : []), ...(best ? ['best'] : [])];
  return [
    `architecture ${architecture}`,
    ...repos.flatMap(({ id, priority, packages }) => [
      `repo ${id}${priority === 99 ? '' : ` priority=${priority}`}`,
      ...packages.map((item) => `  ${packageText(item)}`),
    ]),
    '',
    `install ${install.join(', ')}`,
    ...(modes.length > 0 ? [`with ${modes.join(', ')}`] : []),
    ...(exclude.length > 0 ? [`exclude ${exclude.join(', ')}`] : []),
  ].join('\n');
}

function packageText({ name, evr, arch, relations, files }: WorldPackage): string {
  const parts = RELATION_KINDS.flatMap((kind) => {
    const entries = (relations[kind] ?? []).slice(kind === 'provides' ? 1 : 0);
    return entries.length === 0 ? [] : [`${kind}: ${entries.map(dependencyText).join(', ')}`];
  });
  if (files.length > 0) parts.push(`files: ${files.join(', ')}`);
  return `${name}-${evrText(evr)}.${arch} ${parts.join('; ')}`.trimEnd();
}
