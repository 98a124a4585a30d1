/** Lists of packages: by set, one per line, input files of aria2, and versionlock files of dnf. */

import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { Fields } from '../base/fields.ts';
import { shortPrintable } from '../base/printable.ts';
import { fileNameOf } from '../base/urls.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { type Nevra, parseNevra, parseRpmFilename } from '../rpm/nevra.ts';
import { architectureOfFile, givenArchitecture, plainSetName, setOfFile } from './file-target.ts';
import {
  CHOSEN_ANEW,
  type Imported,
  type ImportedHold,
  type ImportedTarget,
  type ImportFile,
  listOf,
  namesWithoutArchitecture,
  otherArchitectures,
  quotedNames,
  unknownArchitectures,
} from './imported.ts';
import { findPlaces, type PackagePlace } from './places.ts';

export const isPlainList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((spec) => typeof spec === 'string');

/**
 * `{ "set": ["spec", ...] }`; the architecture is at the end of the file's name. Lists may be by architecture, above or below the names of sets.
 * A file that has more of something else is no such file.
 */
export function readListsBySet(file: ImportFile): Imported | undefined {
  const lists: { readonly names: readonly string[]; readonly own: readonly string[]; readonly specs: readonly string[] }[] = [];
  const others: string[] = [];
  const add = (path: readonly string[], value: unknown): void => {
    const own = path.flatMap((step) => canonicalArchitecture(step) ?? []);
    const names = path.filter((step) => canonicalArchitecture(step) === undefined);
    if (isPlainList(value) && names.length < 2 && own.length < 2) lists.push({ names, own, specs: value });
    else if (path.length < 2 && typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [step, inner] of Object.entries(value)) add([...path, step], inner);
    else others.push(path.join('.'));
  };
  add([], file.value);
  if (lists.length === 0 || lists.length < others.length) return undefined;
  return {
    targets: lists.map(({ names: [name], own: [architecture = architectureOfFile(file)], specs }) => ({
      set: name === undefined ? setOfFile(file) : plainSetName(name),
      architecture,
      specs,
    })),
    lost: others.length === 0 ? [] : [`keys of ${basename(file.name)} that have no list of packages: ${quotedNames(others)}`],
  };
}

/** A spec in a list: also names of groups, paths, and capabilities with a version (`make >= 4`). */
const LINE = /^[@/]?[A-Za-z0-9_][A-Za-z0-9._+:~^*?/()-]*(?: +(?:[<>]=?|=) +[A-Za-z0-9._+:~^-]+)?$/;
export const isSpec = (line: string): boolean => line.length <= 512 && LINE.test(line);

/** One spec per line, with empty lines and comments. If all are complete NEVRAs, the list is a closure and not a request. */
export function readLines(file: ImportFile): Imported | undefined {
  if (file.value !== undefined) return undefined;
  const lines = file.text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*/, '').trim());
  const specs = lines.filter((line) => line !== '');
  const wrong = lines.findIndex((line) => line !== '' && !isSpec(line));
  const good = specs.filter(isSpec).length;
  if (good === 0 || (wrong >= 0 && (good < 2 || good < specs.length / 2))) return undefined;
  if (wrong >= 0) {
    throw new RpmDepsError('USAGE', `${shortPrintable(file.name)}:${wrong + 1} is not a package`, {
      hint: 'a list has one package a line, and comments behind `#`',
    });
  }
  // `rpm -qa` also lists imported keys.
  const packages = specs.filter((spec) => !/^gpg-pubkey-[0-9a-f]{8}/.test(spec));
  const lost = packages.length === specs.length ? [] : ['keys of the rpm database (`gpg-pubkey`): set `gpgkey` in `repositories`'];
  const nevras = packages.map(wholeNevra);
  if (nevras.some((nevra) => nevra === undefined)) {
    return { targets: [{ set: setOfFile(file), architecture: architectureOfFile(file), specs: packages }], lost };
  }
  return { targets: closures(nevras as Nevra[], setOfFile(file), givenArchitecture(file)), lost };
}

export const wholeNevra = (spec: string): Nevra | undefined => {
  const nevra = parseNevra(spec.replace(/\.rpm$/, ''));
  return nevra !== undefined && (nevra.arch === 'noarch' || canonicalArchitecture(nevra.arch) !== undefined) ? nevra : undefined;
};

/** One target per architecture; packages without an architecture belong to all. */
export function closures(nevras: readonly Nevra[], set: string, given: string | undefined): ImportedTarget[] {
  const own = [...new Set(nevras.map(({ arch }) => canonicalArchitecture(arch)))].filter((name) => name !== undefined);
  const wide = own.includes('x86_64') ? own.filter((name) => name !== 'i686') : own;
  const architectures = given === undefined ? wide : [given];
  const unknown = [...new Set(nevras.map(({ arch }) => arch))].filter(
    (arch) => arch !== 'noarch' && arch !== '' && canonicalArchitecture(arch) === undefined,
  );
  return architectures.map((architecture) => ({
    set,
    architecture,
    specs: [
      ...new Set(
        nevras
          .filter(({ arch }) => arch === 'noarch' || arch === architecture || (arch === 'i686' && architecture === 'x86_64'))
          .map(({ name, arch }) => (arch === 'i686' && architecture === 'x86_64' ? `${name}.i686` : name)),
      ),
    ],
    isClosure: true,
    forAnyArchitecture: architectures.length > 1 ? namesWithoutArchitecture(nevras) : [],
    lost: [CHOSEN_ANEW, ...unknownArchitectures(unknown), ...otherArchitectures(own, given)],
  }));
}

/** URLs, each followed by `out=` and `checksum=`. */
export function readAria2(file: ImportFile): Imported | undefined {
  if (file.value !== undefined || !/^[a-z]+:\/\/\S+(?:\t\S+)*\r?\n\s+(?:out|checksum)=/m.test(file.text)) return undefined;
  const places: PackagePlace[] = [];
  const nevras: Nevra[] = [];
  const lost: string[] = [];
  for (const entry of file.text.split(/\n(?=\S)/)) {
    const [head = '', ...options] = entry.split(/\r?\n/);
    if (head.startsWith('#') || head.trim() === '') {
      const text = /^# no URL is known: (\S+) for \S+$/.exec(head)?.[1];
      const nevra = text === undefined ? undefined : parseNevra(text);
      if (nevra !== undefined) nevras.push(nevra);
      continue;
    }
    const option = (key: string): string | undefined =>
      options
        .map((line) => line.trim())
        .find((line) => line.startsWith(`${key}=`))
        ?.slice(key.length + 1);
    const out = option('out') ?? fileNameOf(head.split('\t')[0]!);
    const rpm = parseRpmFilename(basename(out));
    if (rpm === undefined) {
      lost.push(`a file that is no package: ${basename(out)}`);
      continue;
    }
    const folder = canonicalArchitecture(out.split('/')[0]!);
    const architecture = folder ?? canonicalArchitecture(rpm.arch) ?? givenArchitecture(file) ?? '';
    nevras.push({ ...rpm, epoch: '0', ...(rpm.arch === 'noarch' && folder !== undefined ? { arch: folder } : {}) });
    const sha256 = /^sha-256=([0-9a-f]{64})$/.exec(option('checksum') ?? '')?.[1];
    for (const url of head.split('\t')) places.push({ url, architecture, sha256 });
  }
  const { repositories, fallbacks, lost: unplaced } = findPlaces(places);
  return { targets: closures(nevras, setOfFile(file), givenArchitecture(file)), repositories, fallbacks, lost: [...lost, ...unplaced] };
}

/** `versionlock.toml` of dnf5: conditions on versions. */
export async function readVersionLockToml(file: ImportFile): Promise<Imported | undefined> {
  if (basename(file.name) !== 'versionlock.toml') return undefined;
  const { parse } = await import('smol-toml');
  const holds: ImportedHold[] = [];
  const lost: string[] = [];
  for (const { name, comment, conditions } of listOf(parsed(file, parse)['packages'])) {
    const versions = listOf(conditions).map(({ key, comparator, value }) =>
      key === 'evr' && (comparator === '=' || comparator === '==') && typeof value === 'string' ? value : undefined,
    );
    const reason = typeof comment === 'string' && comment !== '' ? comment : 'locked with dnf versionlock';
    if (typeof name === 'string' && versions.length === 1 && versions[0] !== undefined) {
      holds.push({ package: name, version: versions[0], reason });
    } else lost.push(`the conditions for \`${String(name)}\` in ${basename(file.name)}: only one, \`evr\` with \`=\`, is read`);
  }
  return { holds, lost };
}

function parsed(file: ImportFile, parse: (text: string) => Fields): Fields {
  try {
    return parse(file.text);
  } catch (cause) {
    const line = (cause as { readonly line?: unknown }).line;
    throw new RpmDepsError('USAGE', `${shortPrintable(file.name)}${typeof line === 'number' ? `:${line}` : ''} is not valid TOML`, {
      hint: 'correct the file',
      cause,
    });
  }
}

/** `versionlock.list` and `versionlock.conf` of dnf: locked versions. `!` excludes a version. */
export function readVersionLock(file: ImportFile): Imported | undefined {
  if (!/^versionlock\.(?:list|conf)$/.test(basename(file.name))) return undefined;
  const holds: ImportedHold[] = [];
  const exclude: string[] = [];
  const lost: string[] = [];
  let comment = '';
  for (const raw of file.text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line.startsWith('#')) comment = line.replace(/^#+\s*/, '');
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('!')) {
      exclude.push(line.slice(1).trim());
      continue;
    }
    // yum wrote the epoch before the name.
    const modern = line.replace(/^(\d+):(.+)-([^-]+-[^-]+)$/, '$2-$1:$3');
    const nevra = /^([\w@][\w.+*?@-]*)-(?:(\d+):)?([^-:\s]+)-([^-:\s]+?)(?:\.(?:\*|[a-z0-9_]+))?$/.exec(modern);
    if (nevra === null) lost.push(`the line \`${line.slice(0, 200)}\` of ${basename(file.name)}`);
    else {
      const [, name = '', epoch, version = '', release = ''] = nevra;
      const evr = `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`;
      holds.push({ package: name, version: evr, reason: comment === '' ? 'locked with dnf versionlock' : comment });
    }
  }
  return holds.length + exclude.length + lost.length === 0 ? undefined : { holds, exclude, lost };
}
