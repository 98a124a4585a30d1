import { RpmDepsError } from '../base/errors.ts';
import { splitArchitectures } from './architecture-names.ts';

/** The two names of one architecture: of RPM (in lockfiles) and of containers (in tags and manifests). */
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

/** Accepts either name; undefined if no images are built for it. */
export function findArchitecture(name: string): ContainerArchitecture | undefined {
  return KNOWN.find(({ rpm, container }) => name === rpm || name === container);
}

/** Accepts either name. */
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

/** Parses the values of `--arch`, without duplicates. */
export function containerArchitectures(names: readonly string[]): readonly ContainerArchitecture[] {
  return [...new Set(splitArchitectures(names).map(containerArchitecture))];
}

/** `nodeArch` is `process.arch` of Node. */
export function machineArchitecture(nodeArch: string): ContainerArchitecture {
  const alias: Record<string, string> = { x64: 'amd64', arm64: 'arm64', s390x: 's390x', ppc64: 'ppc64le', riscv64: 'riscv64' };
  return containerArchitecture(alias[nodeArch] ?? nodeArch);
}
