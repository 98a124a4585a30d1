import { globMatcher, hasGlob } from '../rpm/glob.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';

/**
 * The locked packages that each requested spec matches: by names and versions, or by `answered_by` for specs without a name
 * (paths, capabilities, groups). `unknown` contains specs without a match.
 */
export interface RequestedNames {
  /** Specs by package name, in the order of the request. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly unknown: readonly string[];
}

export function requestedNames(lockfile: Lockfile): RequestedNames {
  const byName = new Map<string, string[]>();
  const unknown: string[] = [];
  const byForm = new Map<string, string>();
  for (const lockedPackage of lockfile.packages)
    for (const form of specForms(lockedPackage)) if (!byForm.has(form)) byForm.set(form, lockedPackage.name);
  const answers = new Map(Object.entries(lockfile.answered_by ?? {}));
  const locked = new Set(lockfile.packages.map(({ name }) => name));
  for (const spec of lockfile.requested ?? []) {
    const names = namesOf(spec, byForm, lockfile.packages);
    const answered = names.length === 0 ? answers.get(spec) : undefined;
    if (names.length === 0 && (answered === undefined || answered.some((name) => !locked.has(name)))) unknown.push(spec);
    for (const name of answered?.filter((one) => locked.has(one)) ?? names) {
      const specs = byName.get(name);
      if (specs) specs.push(spec);
      else byName.set(name, [spec]);
    }
  }
  return { byName, unknown };
}

/** The name of the package that a name or NEVRA means in a lockfile. */
export const lockedName = ({ packages }: Lockfile, spec: string): string | undefined =>
  (packages.find(({ name }) => name === spec) ?? packages.find((one) => specForms(one).includes(spec)))?.name;

/** All spellings of one package as a spec, from the shortest to the longest. */
function specForms({ name, epoch, version, release, arch }: LockedPackage): string[] {
  const vr = `${version}-${release}`;
  const full = [name, `${name}-${version}`, `${name}-${vr}`, `${name}-${epoch}:${vr}`, `${name}-${epoch}:${version}`];
  return [...full, ...full.map((form) => `${form}.${arch}`)];
}

function namesOf(spec: string, byForm: ReadonlyMap<string, string>, lockedPackages: readonly LockedPackage[]): readonly string[] {
  // `name >= 2.0`: only the name matters here, the solver already checked the version.
  const text = spec.split(/\s/)[0]!;
  const exact = byForm.get(text);
  if (exact !== undefined) return [exact];
  if (!hasGlob(text) || /^[/@]/.test(text)) return [];
  const matches = globMatcher(text);
  return [
    ...new Set(lockedPackages.filter((lockedPackage) => specForms(lockedPackage).some(matches)).map((lockedPackage) => lockedPackage.name)),
  ];
}
