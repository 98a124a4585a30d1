import type { Manifest } from '../manifest/manifest.ts';

/** A version written into the manifest: under `versions` and used by specs, or in a spec itself. */
export interface ManifestPin {
  /** Name under `versions`; null for a version in a spec itself. */
  readonly variable: string | null;
  /** The spec as written; null for a variable. */
  readonly template: string | null;
  /** `[epoch:]version[-release]` as it is now, the environment applied. */
  readonly value: string;
  /** Names of the packages that it pins, in manifest order; empty when they cannot be told from the specs. */
  readonly packages: readonly string[];
  /** Where each package is asked for. */
  readonly uses: readonly PinUse[];
}

export interface PinUse {
  readonly package: string;
  readonly package_set: string;
  readonly architecture: string;
}

/** All pins of a manifest, in the order of their first use; variables that no spec uses come last. */
export function manifestPins(manifest: Manifest): ManifestPin[] {
  const pins = new Map<string, Omit<ManifestPin, 'packages' | 'uses'> & { uses: PinUse[] }>();
  for (const set of manifest.sets) {
    for (const architecture of set.architectures) {
      for (const { template, variables } of set.specsFor(architecture)) {
        const found = variables.length > 0 ? variablePin(template, variables, manifest) : literalPin(template);
        if (!found) continue;
        const key = found.variable === null ? `spec ${found.template}` : `variable ${found.variable}`;
        const pin = pins.get(key) ?? { variable: found.variable, template: found.template, value: found.value, uses: [] };
        pins.set(key, pin);
        if (found.package !== undefined) pin.uses.push({ package: found.package, package_set: set.name, architecture });
      }
    }
  }
  for (const [variable, value] of Object.entries(manifest.versions)) {
    if (!pins.has(`variable ${variable}`)) pins.set(`variable ${variable}`, { variable, template: null, value, uses: [] });
  }
  return [...pins.values()].map((pin) => ({ ...pin, packages: [...new Set(pin.uses.map((use) => use.package))] }));
}

interface FoundPin {
  readonly variable: string | null;
  readonly template: string | null;
  readonly value: string;
  readonly package: string | undefined;
}

/** `libvirt-client-${LIBVIRT_VERSION}`, perhaps with an architecture. A variable elsewhere in a spec pins nothing that can be named. */
function variablePin(template: string, variables: readonly string[], manifest: Manifest): FoundPin {
  const variable = variables[0]!;
  const name = /^([^${}]+)-\$\{[^}]+\}(?:\.\w+)?$/.exec(template)?.[1];
  return { variable, template: null, value: manifest.versions[variable] ?? '', package: name };
}

/**
 * `qemu-img-17:9.1.0-7.el9`. Names may contain dashes and digits (`java-17-openjdk`), so without an epoch both version and release
 * must start with a digit and the release must name a distribution, as el9 does.
 */
function literalPin(template: string): FoundPin | undefined {
  const match = LITERAL.exec(template);
  return match ? { variable: null, template, value: match[2]!, package: match[1]! } : undefined;
}

const LITERAL =
  /^([A-Za-z0-9][^\s/@:*?[\]]*?)-(\d+:[^-:\s]+-[^-:\s]+?|\d[^-:\s]*-\d[^-:\s]*\.[a-z]+\d[^-:\s]*?)(\.(?:noarch|x86_64|aarch64|s390x|ppc64le|i686|riscv64))?$/;

/** The spec with another version in it. */
export function withVersion(template: string, value: string): string {
  const match = LITERAL.exec(template);
  return match ? `${match[1]}-${value}${match[3] ?? ''}` : template;
}
