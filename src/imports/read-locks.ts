/** Lockfiles: those of this program in every schema, `rpms.lock.yaml`, `packages.manifest.yaml` and lock JSON of bazeldnf. */

import { type Fields, fieldsOf } from '../base/fields.ts';
import { decodeEscapes } from '../base/urls.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { isRpmsLock, parseRpmsLock, urlOfPackage } from '../lockfile/rpms-lock.ts';
import { sourceName } from '../manifest/repositories-for.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { parseNevra, parseRpmFilename } from '../rpm/nevra.ts';
import { architectureOfFile, givenArchitecture, plainSetName, setOfFile } from './file-target.ts';
import {
  CHOSEN_ANEW,
  type Imported,
  type ImportedRepository,
  type ImportedTarget,
  type ImportFile,
  listOf,
  MODULES,
  namesWithoutArchitecture,
  otherArchitectures,
  sha256OfIntegrity,
  textsOf,
  unknownArchitectures,
} from './imported.ts';
import { findPlaces } from './places.ts';
import { rootsOf } from './roots.ts';

export function readLock({ value, text, name }: ImportFile): Imported | undefined {
  if (typeof value?.['package_set'] !== 'string' || typeof value['architecture'] !== 'string' || !Array.isArray(value['packages']))
    return undefined;
  return importedOf(parseLockfile(text, name));
}

export async function readRpmsLock({ value, text, name }: ImportFile): Promise<Imported | undefined> {
  if (!isRpmsLock(value)) return undefined;
  const locks = (await parseRpmsLock(text, name)).map(importedOf);
  const hasModules = listOf(value['arches']).some(({ module_metadata: modules }) => Array.isArray(modules) && modules.length > 0);
  return {
    targets: locks.flatMap(({ targets = [] }) => targets),
    repositories: locks.flatMap(({ repositories = [] }) => repositories),
    fallbacks: locks.flatMap(({ fallbacks = [] }) => fallbacks),
    lost: [...locks.flatMap(({ lost = [] }) => lost), ...(hasModules ? [MODULES] : [])],
  };
}

function importedOf(lock: Lockfile): Imported {
  const { architecture, package_set: set, requested, packages, ignored = [], repositories = [], sources = [] } = lock;
  const named = repositories.map(
    ({ id, baseurl, list = 'baseurl' }): ImportedRepository => ({ definition: { id, [list]: baseurl }, architecture }),
  );
  const places = packages.flatMap((locked) => {
    const url = named.length > 0 ? undefined : urlOfPackage(locked, lock);
    return url === undefined ? [] : [{ url, repository: locked.repository, architecture, sha256: locked.sha256 }];
  });
  const found = findPlaces(places);
  const sourceRepositories = sourceRepositoriesOf(lock);
  const base = lock.base === undefined ? {} : baseSettings(lock.base);
  const target: ImportedTarget = {
    set: plainSetName(set),
    architecture,
    ...(requested === undefined
      ? { specs: [...new Set(packages.map(({ name, arch }) => specOf(name, arch, architecture)))], isClosure: true }
      : { specs: requested }),
    ignore: ignored.map((name) => ({ pattern: name, reason: 'left out of the lockfile' })),
    ...(named.length === 0 ? {} : { places: repositories.map(({ baseurl }) => baseurl) }),
    settings: {
      ...('settings' in base ? base.settings : {}),
      ...(sources.length === 0 ? {} : { sources: sourcesOf([...named, ...found.repositories], sourceRepositories) }),
    },
    lost: [
      ...(requested === undefined ? [CHOSEN_ANEW] : []),
      ...('lost' in base ? base.lost : []),
      ...(named.length > 0 && repositories.some(({ gpgkey_fingerprints: keys }) => (keys?.length ?? 0) > 0)
        ? ['keys: the lockfile has only their fingerprints; set `gpgkey` in `repositories`']
        : []),
    ],
  };
  return {
    targets: [target],
    repositories: [...named, ...found.repositories, ...sourceRepositories],
    fallbacks: found.fallbacks,
    lost: [
      ...found.lost,
      ...(sources.length > 0 && sourceRepositories.length === 0
        ? ['the repositories of the source RPMs: the file does not name them']
        : []),
      ...(repositories.some(({ modules }) => modules !== undefined) ? [MODULES] : []),
    ],
  };
}

/** Repositories that are only used for source RPMs. */
function sourceRepositoriesOf(lock: Lockfile): readonly ImportedRepository[] {
  const { architecture, sources = [], source_repositories: named = [] } = lock;
  const known: readonly ImportedRepository[] =
    named.length > 0
      ? named.map(({ id, baseurl, list = 'baseurl' }) => ({ definition: { id, [list]: baseurl }, architecture }))
      : findPlaces(
          sources.flatMap((locked) => {
            const url = urlOfPackage(locked, lock);
            return url === undefined ? [] : [{ url, repository: locked.repository, architecture }];
          }),
        ).repositories;
  return known.map((one) => ({ ...one, definition: { ...one.definition, enabled: false } }));
}

/** `true` if dnf's naming rule yields the ids of the source repositories, else these ids. */
function sourcesOf(binary: readonly ImportedRepository[], source: readonly ImportedRepository[]): true | string[] {
  const idsOf = (repositories: readonly ImportedRepository[]): string[] => repositories.map(({ definition }) => String(definition['id']));
  const expected = new Set(idsOf(binary).map(sourceName));
  const ids = idsOf(source);
  return ids.every((id) => expected.has(id)) ? true : [...new Set(ids)];
}

function baseSettings({
  image,
  containerfile,
  rpmdb,
}: NonNullable<Lockfile['base']>): Pick<ImportedTarget, 'settings'> | { lost: string[] } {
  const base =
    containerfile !== undefined ? { containerfile } : image !== undefined ? { image } : rpmdb !== undefined ? { rpmdb } : undefined;
  return base === undefined ? { lost: ['the packages that the set is installed on (`base`)'] } : { settings: { base } };
}

const specOf = (name: string, arch: string, architecture: string): string =>
  arch === 'noarch' || arch === architecture ? name : `${name}.${arch}`;

/** Packages of another architecture or without one belong to their `parent_archs`. */
export function readPackageManifest({ value }: ImportFile): Imported | undefined {
  if (value?.['document'] !== 'rpm-package-manifest') return undefined;
  const data = fieldsOf(value['data']);
  if (Object.keys(data).length === 0) return undefined;
  const found = new Map<string, Set<string>>();
  const modules = new Set<string>();
  const unknown = new Set<string>();
  for (const [arch, entries] of Object.entries(fieldsOf(data['packages']))) {
    for (const entry of listOf(entries)) {
      const parents = Array.isArray(entry['parent_archs']) ? textsOf(entry['parent_archs']) : [arch];
      if (typeof entry['module'] === 'string') modules.add(entry['module']);
      for (const parent of parents) {
        const architecture = canonicalArchitecture(parent);
        if (architecture === undefined) {
          unknown.add(parent);
          continue;
        }
        const names = found.get(architecture) ?? new Set<string>();
        found.set(architecture, names.add(specOf(String(entry['name']), arch, architecture)));
      }
    }
  }
  const settings = modules.size === 0 ? {} : { settings: { modules: { enable: [...modules] } } };
  return {
    targets: [...found].map(([architecture, names]) => ({
      set: 'packages',
      architecture,
      specs: [...names],
      isClosure: true,
      ...settings,
      lost: [CHOSEN_ANEW],
    })),
    repositories: listOf(data['repositories']).map((entry) => namedRepository(entry, [...found.keys()])),
    lost: unknownArchitectures([...unknown]),
  };
}

/** A repository named `baseos-x86_64` is for x86_64. */
function namedRepository(entry: Fields, architectures: readonly string[]): ImportedRepository {
  const id = String(entry['id'] ?? '');
  const architecture = architectures.find((known) => id.endsWith(`-${known}`));
  const places = ['baseurl', 'metalink', 'mirrorlist'].flatMap((key) =>
    typeof entry[key] === 'string' ? [[key, entry[key]] as const] : [],
  );
  return { definition: { id, ...Object.fromEntries(places) }, architecture };
}

/** Also reads the smaller file of `rpmtree --lockfile`. */
export function readBazeldnfLock(file: ImportFile): Imported | undefined {
  const { value } = file;
  if (!Array.isArray(value?.['rpms']) || 'document' in value || 'lockfileVersion' in value) return undefined;
  const rpms = listOf(value['rpms']).map((rpm) => {
    const [url = ''] = textsOf(rpm['urls']);
    const filename = decodeEscapes(url.split('/').at(-1) ?? '');
    const id = String(rpm['id'] ?? rpm['name'] ?? filename);
    const nevra = parseRpmFilename(filename) ?? nevraOfId(id);
    return { id, name: String(rpm['name'] ?? nevra?.name ?? id), arch: nevra?.arch, dependencies: textsOf(rpm['dependencies']), rpm, url };
  });
  const ids = new Map(rpms.map((one) => [one.id, one]));
  const byName = new Map(rpms.map((one) => [one.name, one]));
  const others = [...new Set(rpms.map(({ arch }) => canonicalArchitecture(arch ?? '')))].filter((name) => name !== undefined);
  const given = givenArchitecture(file);
  const wide = others.includes('x86_64') ? others.filter((name) => name !== 'i686') : others;
  const architectures = given !== undefined ? [given] : wide.length > 0 ? wide : [architectureOfFile(file)];
  const set = typeof value['name'] === 'string' ? plainSetName(value['name']) : setOfFile(file);
  const asked = Array.isArray(value['targets']) ? textsOf(value['targets']).map((id) => ids.get(id) ?? byName.get(id) ?? id) : undefined;
  const targets = architectures.map((architecture): ImportedTarget => {
    const belongs = ({ arch }: { readonly arch: string | undefined }): boolean =>
      arch === undefined || arch === 'noarch' || arch === architecture || (arch === 'i686' && architecture === 'x86_64');
    const own = rpms.filter(belongs);
    const edges = own.map(({ id, name, arch, dependencies }) => ({
      key: id,
      spec: specOf(name, arch ?? architecture, architecture),
      dependencies,
    }));
    const specs =
      asked === undefined
        ? edges.map(({ spec }) => spec)
        : asked.flatMap((one) =>
            typeof one === 'string' ? [one] : belongs(one) ? [specOf(one.name, one.arch ?? architecture, architecture)] : [],
          );
    const hasEdges = edges.some(({ dependencies }) => dependencies.length > 0);
    return {
      set,
      architecture,
      specs: [...new Set(specs)],
      isClosure: asked === undefined,
      ...(asked === undefined && hasEdges ? { roots: rootsOf(edges) } : {}),
      forAnyArchitecture: architectures.length > 1 ? namesWithoutArchitecture(own) : [],
      ignore: [...new Set(textsOf(value['ignored']))].map((name) => ({ pattern: name, reason: 'ignored by bazeldnf' })),
      lost: [CHOSEN_ANEW, ...otherArchitectures(others, given)],
    };
  });
  const repositories = Object.entries(fieldsOf(value['repositories'])).map(([id, urls]): ImportedRepository => {
    const list = [urls].flat().map(String);
    const architecture = architectures.find((known) => id.endsWith(`-${known}`) || list.some((url) => url.includes(`/${known}/`)));
    return { definition: { id, baseurl: list.length === 1 ? list[0]! : list }, architecture };
  });
  const fallbacks = rpms.flatMap(({ rpm, arch }) => {
    const sha256 = hexOf(rpm);
    return textsOf(rpm['urls']).map((url) => ({ url, architecture: arch ?? '', sha256 }));
  });
  const places = findPlaces(
    fallbacks.filter(({ url, sha256 }) => repositories.length === 0 || (sha256 !== undefined && url.includes(sha256))),
  );
  const command = textsOf(value['cli-arguments']);
  return {
    targets,
    repositories: [...repositories, ...places.repositories],
    fallbacks: places.fallbacks,
    lost: [
      ...places.lost,
      ...(command.length === 0 ? [] : [`the arguments that the file was made with: ${command.join(' ').slice(0, 500)}`]),
      ...(asked !== undefined && architectures.length > 1 ? ['which sets have which packages: the file is one list'] : []),
    ],
  };
}

/** `acl-0__2.3.1-4.el9.x86_64`, the format of bazeldnf's rule names; some characters that Bazel forbids are replaced by words. */
export function nevraOfId(id: string): ReturnType<typeof parseNevra> {
  const text = id
    .replace(/__[0-9a-f]{64}$/, '')
    .replaceAll('__plus__', '+')
    .replaceAll('__tilde__', '~')
    .replaceAll('__caret__', '^')
    .replace(/\.rpm$/, '');
  return parseNevra(text.replace(/-(\d+)__/, '-$1:')) ?? parseNevra(text);
}

const hexOf = ({ sha256, integrity }: Fields): string | undefined => (typeof sha256 === 'string' ? sha256 : sha256OfIntegrity(integrity));
