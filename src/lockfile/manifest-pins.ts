import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { isArchitecture } from '../pool/arch.ts';
import { type ParsedSpec, possibleNevras } from '../rpm/nevra.ts';
import type { CandidateLookup } from './candidates.ts';
import type { Lockfile } from './lockfile.ts';
import { type PackageVersion, writtenAs } from './package-version.ts';

/** A version in the manifest: under `versions` and used by specs, or directly in a spec. */
export interface ManifestPin {
  /** Name under `versions`; null for a version in a spec. */
  readonly variable: string | null;
  /** The spec as written; null for a variable. */
  readonly template: string | null;
  /** Current `[epoch:]version[-release]`, with overrides from the environment. */
  readonly value: string;
  /** Names of the packages that it pins, in manifest order; empty if the specs do not show them. */
  readonly packages: readonly string[];
  /** Sets and architectures that request the package. */
  readonly uses: readonly PinUse[];
}

interface PinUse {
  readonly package: string;
  readonly package_set: string;
  readonly architecture: string;
  /** Ids of the only repositories of the set, if it names some. */
  readonly repositories?: string;
}

/**
 * All pins of a manifest, in the order of their first use; variables that no spec uses come last. Names may contain dashes and digits, so
 * `a-1-1` is a pin only if the repositories or lockfiles have a package `a` and no package `a-1-1`. This lookup is not needed for a version with an
 * epoch or with a distribution in its release, such as el9.
 */
export function manifestPins(
  manifest: Manifest,
  candidates: CandidateLookup = () => [],
  locks: readonly Pick<Lockfile, 'packages'>[] = [],
): ManifestPin[] {
  const pins = new Map<string, Omit<ManifestPin, 'packages' | 'uses'> & { uses: PinUse[] }>();
  const everywhere = (name: string): PackageVersion[] => [
    ...manifest.architectures.flatMap((architecture) => candidates(name, architecture)),
    ...locks.flatMap(({ packages }) => packages.filter((locked) => locked.name === name)),
  ];
  for (const set of manifest.sets) {
    for (const architecture of set.architectures) {
      for (const { template, variables } of set.specsFor(architecture)) {
        const found = variables.length > 0 ? variablePin(template, variables, manifest) : literalPin(template, everywhere);
        if (!found) continue;
        const key = found.variable === null ? `spec ${found.template}` : `variable ${found.variable}`;
        const pin = pins.get(key) ?? { variable: found.variable, template: found.template, value: found.value, uses: [] };
        pins.set(key, pin);
        if (found.package !== undefined)
          pin.uses.push({ package: found.package, package_set: set.name, architecture, ...ownRepositories(set) });
      }
    }
  }
  for (const [variable, value] of Object.entries(manifest.versions)) {
    if (!pins.has(`variable ${variable}`)) pins.set(`variable ${variable}`, { variable, template: null, value, uses: [] });
  }
  return [...pins.values()].map((pin) => ({ ...pin, packages: [...new Set(pin.uses.map((use) => use.package))] }));
}

/** Package names that `manifestPins` and bumps look up, by architecture. */
export function namesToLookUp(manifest: Manifest): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const set of manifest.sets) {
    for (const architecture of set.architectures) {
      const known = names.get(architecture) ?? new Set();
      names.set(architecture, known);
      for (const { template, variables } of set.specsFor(architecture)) {
        const variable = variables.length > 0 ? variablePin(template, variables, manifest).package : undefined;
        if (variable !== undefined) known.add(variable);
        if (variables.length > 0) continue;
        const readings = versionReadings(template);
        for (const { name } of readings) known.add(name);
        if (readings.length > 0) known.add(template);
      }
    }
  }
  return names;
}

interface FoundPin {
  readonly variable: string | null;
  readonly template: string | null;
  readonly value: string;
  readonly package: string | undefined;
}

/** `libvirt-client-${LIBVIRT_VERSION}`, optionally with an architecture. A variable elsewhere, after a glob or in a path pins no known package. */
function variablePin(template: string, variables: readonly string[], manifest: Manifest): FoundPin {
  const variable = variables[0]!;
  const name = /^([^${}\s/@()*?[\]<>=:]+)-\$\{[^}]+\}(?:\.\w+)?$/.exec(template)?.[1];
  return { variable, template: null, value: manifest.versions[variable] ?? '', package: name };
}

const ownRepositories = ({ repositories }: PackageSet) => (repositories === undefined ? {} : { repositories: repositories.join(' ') });

function literalPin(template: string, candidates: (name: string) => readonly PackageVersion[]): FoundPin | undefined {
  const readings = versionReadings(template).map((reading) => ({ reading, value: versionIn(template, reading) }));
  const pinOf = (found: (typeof readings)[number] | undefined): FoundPin | undefined =>
    found && { variable: null, template, value: found.value, package: found.reading.name };
  const certain = readings.find(({ reading }) => isCertain(reading));
  if (certain !== undefined || readings.length === 0) return pinOf(certain);
  if (candidates(template).length > 0) return undefined;
  return pinOf(
    readings.find(({ reading, value }) => candidates(reading.name).some((version) => writtenAs(value, version) === value)) ??
      readings.find(({ reading }) => /^\d/.test(reading.version!) && candidates(reading.name).length > 0),
  );
}

/** `name-[epoch:]version[-release][.arch]` in dnf's order; a word without a digit belongs to the name. */
function versionReadings(template: string): ParsedSpec[] {
  if (/[*?[\]\s(/@]/.test(template)) return [];
  return possibleNevras(template).filter(
    ({ version, arch }) => version !== undefined && /\d/.test(version) && (arch === undefined || isArchitecture(arch)),
  );
}

const isCertain = ({ epoch, version, release }: ParsedSpec): boolean =>
  epoch !== undefined || (release !== undefined && /^\d/.test(version!) && /^\d.*\.[a-z]+\d/.test(release));

const versionIn = (template: string, { name, arch }: ParsedSpec): string =>
  template.slice(name.length + 1, arch === undefined ? undefined : -arch.length - 1);

/** The spec of a pin with another version. */
export function withVersion({ template, value, packages }: ManifestPin, next: string): string {
  const prefix = `${packages[0]}-`;
  return `${prefix}${next}${template!.slice(prefix.length + value.length)}`;
}
