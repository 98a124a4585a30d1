import { RpmDepsError } from '../base/errors.ts';
import { splitArchitectures } from './architecture-names.ts';

/** One architecture in the two languages: RPM's (in lockfiles) and the containers' (in tags and manifests). */
export interface ContainerArchitecture {
  readonly rpm: string;
  readonly container: string;
}

const KNOWN: readonly ContainerArchitecture[] = [
  { rpm: 'x86_64', container: 'amd64' },
  { rpm: 'aarch64', container: 'arm64' },
  { rpm: 's390x', container: 's390x' },
  { rpm: 'ppc64le', container: 'ppc64le' },
  { rpm: 'riscv64', container: 'riscv64' },
];

/** Reads either name; undefined for what is none that images are made for. */
export function findArchitecture(name: string): ContainerArchitecture | undefined {
  return KNOWN.find(({ rpm, container }) => name === rpm || name === container);
}

/** Reads either name. */
export function containerArchitecture(name: string): ContainerArchitecture {
  const found = findArchitecture(name);
  if (found) return found;
  throw new RpmDepsError('USAGE', `unknown architecture \`${name}\``, {
    hint: `one of ${KNOWN.slice(0, 3)
      .map(({ container }) => container)
      .join(', ')}, or RPM's names ${KNOWN.slice(0, 3)
      .map(({ rpm }) => rpm)
      .join(', ')}`,
  });
}

/** Reads the values of `--arch`, without duplicates. */
export function containerArchitectures(names: readonly string[]): readonly ContainerArchitecture[] {
  return [...new Set(splitArchitectures(names).map(containerArchitecture))];
}

/** From what node says about the machine (`process.arch`). */
export function machineArchitecture(nodeArch: string): ContainerArchitecture {
  const alias: Record<string, string> = { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64le', riscv64: 'riscv64' };
  return containerArchitecture(alias[nodeArch] ?? nodeArch);
}
