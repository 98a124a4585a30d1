/** Packages that `rpms.in.yaml` reads from other files: an rpm-ostree treefile, or `container.yaml` of a flatpak. */
import { posix } from 'node:path';
import { shortPrintable } from '../base/printable.ts';
import { asMap, textList } from './plain-access.ts';
import type { Reading } from './rpms-in-variables.ts';
import { type Plain, parseSource } from './source-text.ts';

type Path = readonly (string | number)[];

export interface ListedPackages {
  readonly packages: Plain[];
  readonly exclude: string[];
  readonly enable: Plain[];
}

const MAX_FILES = 50;

/** Package requests in a treefile and its included treefiles (rpm-ostree, treefile reference). */
export async function treefilePackages(file: string, path: Path, reading: Reading): Promise<ListedPackages> {
  const found: ListedPackages = { packages: [], exclude: [], enable: [] };
  const seen = new Set<string>();
  const add = (list: Plain[], value: Plain | undefined, architecture?: string): void => {
    for (const name of textList(value).flatMap((text) => text.split(/\s+/)))
      if (name !== '') list.push(architecture === undefined ? name : { name, arches: { only: architecture } });
  };
  const readOne = async (name: string, architecture: string | undefined): Promise<void> => {
    const key = `${name} ${architecture}`;
    if (seen.has(key)) return;
    if (seen.size === MAX_FILES) return reading.refuse(path, `includes more than ${MAX_FILES} files`);
    seen.add(key);
    const map = await readMap(name, path, reading);
    if (map === undefined) return;
    const beside = (other: string): string => posix.join(posix.dirname(name), other);
    for (const other of textList(map['include'])) await readOne(beside(other), architecture);
    for (const [of, others] of Object.entries(asMap(map['arch-include']) ?? {}))
      if (isMeant(of, architecture, reading)) for (const other of textList(others)) await readOne(beside(other), of);
    add(found.packages, map['packages'], architecture);
    add(found.exclude, map['exclude-packages']);
    for (const of of reading.architectures) if (isMeant(of, architecture, reading)) add(found.packages, map[`packages-${of}`], of);
    for (const entry of Array.isArray(map['repo-packages']) ? map['repo-packages'] : [])
      add(found.packages, asMap(entry)?.['packages'], architecture);
    const modules = asMap(map['modules']);
    add(found.enable, modules?.['enable'], architecture);
    add(
      found.packages,
      textList(modules?.['install']).map((module) => `@${module}`),
      architecture,
    );
    if (map['conditional-include'] !== undefined)
      reading.refuse(
        path,
        `names ${shortPrintable(name)}, whose \`conditional-include\` is not read: list its packages under \`packages\``,
      );
  };
  await readOne(file, undefined);
  return found;
}

const isMeant = (of: string, within: string | undefined, { architectures }: Reading): boolean =>
  architectures.includes(of) && (within === undefined || within === of);

/** `flatpak: packages` of `container.yaml` next to the manifest. */
export async function flatpakPackages(path: Path, reading: Reading): Promise<ListedPackages> {
  const map = await readMap('container.yaml', path, reading);
  const listed = asMap(map?.['flatpak'])?.['packages'];
  const packages = (Array.isArray(listed) ? listed : []).flatMap((entry): Plain[] => {
    const { name, platforms } = asMap(entry) ?? { name: entry };
    if (typeof name !== 'string') return [];
    return [platforms === undefined ? name : { name, arches: platforms }];
  });
  if (map !== undefined && packages.length === 0) reading.refuse(path, 'needs `flatpak: packages` in container.yaml, which has none');
  return { packages, exclude: [], enable: [] };
}

async function readMap(file: string, path: Path, { read, refuse }: Reading): Promise<{ readonly [key: string]: Plain } | undefined> {
  const found = await read(file);
  if ('problem' in found) return void refuse(path, found.problem);
  const parsed = await parseSource(found.text, { json: file.endsWith('.json') });
  if (parsed.kind === 'parsed') return asMap(parsed.source.value) ?? {};
  const [first] = parsed.mistakes;
  return void refuse(path, `cannot be read: ${shortPrintable(file)}:${first?.place.line ?? 1}: ${first?.message ?? 'not YAML'}`);
}
