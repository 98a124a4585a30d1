/** Lists that several sets contain completely, for all their architectures: they become groups of the manifest. */

export interface SetSpecs {
  readonly name: string;
  /** Specs that all architectures of the set have in common. */
  readonly common: ReadonlySet<string>;
}

export interface SharedList {
  readonly name: string;
  readonly specs: readonly string[];
  readonly comment?: string | undefined;
  /** Names of the sets that contain it. */
  readonly sets: readonly string[];
}

type NamedLists = ReadonlyMap<string, { readonly specs: readonly string[]; readonly comment?: string | undefined }>;

/** Lists named in the file; if there are none, lists detected in the sets. */
export function findSharedLists(sets: readonly SetSpecs[], named: NamedLists): SharedList[] {
  const found: SharedList[] = [];
  const taken = new Set<string>();
  for (const [name, { specs, comment }] of named) {
    const unique = [...new Set(specs)];
    const users = sets.filter(({ common }) => unique.every((spec) => common.has(spec)));
    // `web_extra` belongs to the set `web`: it is not a group, even if other sets have the same packages.
    if (sets.some((set) => belongsTo(name, set.name))) continue;
    if (unique.length < 2 || users.length < 2 || unique.some((spec) => taken.has(spec))) continue;
    for (const spec of unique) taken.add(spec);
    found.push({ name: name.replace(/[^A-Za-z0-9._-]/g, '_'), specs: unique, comment, sets: users.map((set) => set.name) });
  }
  return found.length > 0 ? found : seenLists(sets);
}

/** Whether a list such as `web_extra` belongs to the set `web`, by its name. */
export function belongsTo(list: string, set: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const base = plain(list.replace(/_[^_]*$/, ''));
  return base.length > 2 && plain(set).startsWith(base);
}

/** At least three packages that exactly the same sets contain. */
function seenLists(sets: readonly SetSpecs[]): SharedList[] {
  const users = new Map<string, string[]>();
  for (const { name, common } of sets) {
    for (const spec of common) {
      const known = users.get(spec);
      if (known === undefined) users.set(spec, [name]);
      else known.push(name);
    }
  }
  const clusters = new Map<string, string[]>();
  for (const [spec, names] of users) {
    if (names.length < 2) continue;
    const key = names.join('\0');
    const known = clusters.get(key);
    if (known === undefined) clusters.set(key, [spec]);
    else known.push(spec);
  }
  return [...clusters]
    .filter(([, specs]) => specs.length >= 3)
    .map(([key, specs]) => ({ specs, sets: key.split('\0') }))
    .sort((a, b) => b.sets.length - a.sets.length || b.specs.length - a.specs.length)
    .map(({ specs, sets: names }, i) => ({ name: i === 0 ? 'common' : `common_${i + 1}`, specs, sets: names }));
}
