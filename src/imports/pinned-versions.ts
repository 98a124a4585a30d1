/** Replaces versions in specs by names under `versions`: one for each version of a family of packages. */

const PIN = /^(.+)-((?:\d+:)?[^-:/()<>= ]*\d[^-:/()<>= ]*-\d[^-:/()<>= ]*)$/;

export interface PinnedVersions {
  /** The spec with `${NAME}` instead of its version; the spec itself if it has none. */
  readonly specOf: (spec: string) => string;
  /** Sorted by name. */
  readonly versions: ReadonlyMap<string, string>;
}

/** `given`: named versions of the file. */
export function pinVersions(specs: readonly string[], given: ReadonlyMap<string, string>): PinnedVersions {
  const families = new Map<string, { readonly version: string; readonly names: string[] }>();
  const parts = new Map<string, { readonly name: string; readonly version: string; readonly end: string }>();
  for (const spec of new Set(specs)) {
    const [, text = spec, end = ''] = /^(.*?)(\.(?:x86_64|aarch64|s390x|ppc64le|riscv64|i686|noarch))?$/.exec(spec) ?? [];
    const pin = PIN.exec(text);
    if (pin === null || /[*?[\]{}$]/.test(spec)) continue;
    const [, name = '', version = ''] = pin;
    parts.set(spec, { name, version, end });
    const key = `${name.split('-')[0]} ${version}`;
    const family = families.get(key) ?? { version, names: [] };
    families.set(key, family);
    family.names.push(name);
  }
  const versions = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [key, { version, names: members }] of families) {
    const own = [...given].filter(([, value]) => value === version).map(([id]) => id);
    const id = nearestName(own, members) ?? freeName(members, version, versions);
    versions.set(id, version);
    names.set(key, id);
  }
  return {
    versions: new Map([...versions].sort(([a], [b]) => (a < b ? -1 : 1))),
    specOf: (spec) => {
      const part = parts.get(spec);
      if (part === undefined) return spec;
      return `${part.name}-\${${names.get(`${part.name.split('-')[0]} ${part.version}`)}}${part.end}`;
    },
  };
}

/** Of several names with the same value, the one with the same beginning as the packages. */
function nearestName(ids: readonly string[], members: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const first = plain(members[0]!);
  const shared = (id: string): number => {
    const text = plain(id);
    let i = 0;
    while (i < text.length && text[i] === first[i]) i++;
    return i;
  };
  return [...ids].sort((a, b) => shared(b) - shared(a))[0];
}

/** `LIBVIRT_VERSION` for libvirt-client and libvirt-daemon; the whole package name if that is already used. */
function freeName(members: readonly string[], version: string, taken: ReadonlyMap<string, string>): string {
  const steps = members.map((name) => name.split('-'));
  const common: string[] = [];
  for (const [i, step] of steps[0]!.entries()) {
    if (!steps.every((other) => other[i] === step)) break;
    common.push(step);
  }
  const wish = (text: string): string =>
    `${text
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_')}_VERSION`;
  const wishes = [wish(common.join('-')), wish(members[0]!)];
  for (let i = 2; i < 100; i++) wishes.push(`${wish(members[0]!)}_${i}`);
  return wishes.find((id) => taken.get(id) === undefined || taken.get(id) === version) ?? wishes.at(-1)!;
}
