/** Makes a manifest out of what other tools have: lists of packages, lockfiles, rpms.in.yaml. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { isRpmsLock, parseRpmsLock } from '../lockfile/rpms-lock.ts';
import { manifestPath, type ProjectInput } from '../project/project-paths.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
import { fromOtherLock } from './import-locks.ts';
import { type ImportedSpecs, importedManifest } from './imported-manifest.ts';

export interface ImportInput extends ProjectInput {
  readonly files: readonly string[];
  /** For lists that do not say. */
  readonly arch?: string | undefined;
}

export interface ImportOutput {
  readonly path: string;
  readonly sets: readonly string[];
  readonly architectures: readonly string[];
}

/** Never writes over a manifest that is there. */
export async function importFiles(input: ImportInput, context: Context): Promise<ImportOutput> {
  const found: ImportedSpecs[] = [];
  for (const file of input.files) {
    const text = await readFile(resolve(context.cwd, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new RpmDepsError('USAGE', `\`${file}\` cannot be read: ${cause.code ?? cause.message}`, { cause });
    });
    found.push(...(await readImported(text, file, input.arch)));
  }
  for (const { set, architecture, lost = [] } of found) {
    for (const text of lost)
      context.emit({ kind: 'warning', code: 'IMPORT_LOSS', text: `not carried over: ${shortPrintable(text)}`, set, architecture });
  }
  const text = importedManifest(found);
  const path = manifestPath(input, context);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new RpmDepsError('WRITE_FAILED', `\`${path}\` already exists`, { hint: 'write another one with --manifest FILE', cause });
  });
  return {
    path,
    sets: [...new Set(found.map(({ set }) => set))],
    architectures: [...new Set(found.map(({ architecture }) => architecture))],
  };
}

async function readImported(text: string, file: string, arch: string | undefined): Promise<ImportedSpecs[]> {
  const value = await parse(text, file);
  if (value === undefined) return [fromLines(text, file, arch)];
  if (isLock(value)) return [fromLock(value)];
  if (isRpmsLock(value)) return (await parseRpmsLock(text, file)).map(fromLock);
  const others = fromOtherLock(value, () => ({ set: setOf(file), architecture: architectureOf(file, arch) }));
  if (others !== undefined) return others;
  if (Array.isArray(value['packages']) && !('schema_version' in value)) return fromRpmsIn(value, file, arch);
  return fromLists(value, file, arch);
}

/** Undefined for what is no map: it may be a list of names, and a parser's own words would help nobody. */
async function parse(text: string, file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = file.endsWith('.json')
      ? JSON.parse(text)
      : (await import('yaml')).parse(text, { maxAliasCount: 0, logLevel: 'silent' });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
  return undefined;
}

/** One spec a line, with empty lines and comments between them. */
function fromLines(text: string, file: string, arch: string | undefined): ImportedSpecs {
  const specs = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*/, '').trim())
    .filter((line) => line !== '');
  if (specs.length === 0 || !specs.every((spec) => /^[A-Za-z0-9_][A-Za-z0-9._+:~^*-]*$/.test(spec))) throw notKnown(file);
  return { set: setOf(file), architecture: architectureOf(file, arch), specs };
}

/** `web` of `lists/web-x86_64.txt`. */
function setOf(file: string): string {
  const name = basename(file).replace(/\.[A-Za-z0-9]+$/, '');
  const architecture = ARCHITECTURES.find((known) => name.endsWith(`-${known}`));
  const set = architecture === undefined ? name : name.slice(0, -architecture.length - 1);
  return set.replace(/[^A-Za-z0-9_-]/g, '_') || 'imported';
}

function architectureOf(file: string, arch: string | undefined): string {
  const ending = /[-_.]([A-Za-z0-9_]+)\.[A-Za-z0-9]+$/.exec(basename(file))?.[1] ?? '';
  const said = ARCHITECTURES.find((name) => basename(file).includes(`${name}.`)) ?? canonicalArchitecture(ending);
  const architecture = arch === undefined ? said : canonicalArchitecture(arch);
  if (architecture !== undefined) return architecture;
  throw new RpmDepsError('USAGE', `\`${file}\` does not say for which architecture it is`, { hint: 'name it with --arch' });
}

interface LockLike {
  readonly architecture: string;
  readonly package_set: string;
  readonly requested?: readonly string[];
  readonly packages: readonly { readonly name: string }[];
  readonly ignored?: readonly string[];
  readonly repositories?: readonly { readonly id: string; readonly baseurl: string }[];
}

const isLock = (value: Record<string, unknown>): value is Record<string, unknown> & LockLike =>
  typeof value['package_set'] === 'string' && typeof value['architecture'] === 'string' && Array.isArray(value['packages']);

/** A lock of schema 1.0 does not say what was asked for: every package is asked for by name then. */
function fromLock(lock: LockLike): ImportedSpecs {
  const { architecture, package_set: set, requested, packages, ignored = [], repositories = [] } = lock;
  const lost = [
    ...(requested === undefined ? ['what was asked for, which the lockfile does not say: every locked package is listed'] : []),
    ...ignored.map((name) => `\`ignore\`: ${String(name)}`),
    ...repositories.map(({ id, baseurl }) => `the repository ${String(id)}: ${String(baseurl)}`),
  ];
  return { set, architecture, specs: requested ?? [...new Set(packages.map(({ name }) => String(name)))], lost };
}

/** `{ "set": ["spec", ...] }`, the architecture at the end of the file's name: how KubeVirt's lists are kept. */
function fromLists(value: Record<string, unknown>, file: string, arch: string | undefined): ImportedSpecs[] {
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([, list]) => Array.isArray(list) && list.every((spec) => typeof spec === 'string')))
    throw notKnown(file);
  const architecture = architectureOf(file, arch);
  return entries.map(([set, list]) => ({ set, architecture, specs: list as string[] }));
}

/** `rpms.in.yaml` of rpm-lockfile-prototype: its packages and architectures; repositories are for the new manifest to name. */
function fromRpmsIn(value: Record<string, unknown>, file: string, arch: string | undefined): ImportedSpecs[] {
  const listed = Array.isArray(value['arches']) ? value['arches'].map(String) : [];
  const architectures = (arch === undefined ? listed : [arch])
    .map((name) => canonicalArchitecture(name))
    .filter((name) => name !== undefined);
  if (architectures.length === 0) throw new RpmDepsError('USAGE', `\`${file}\` names no architecture`, { hint: 'name one with --arch' });
  return architectures.map((architecture) => ({
    set: 'rpms',
    architecture,
    specs: (value['packages'] as unknown[]).flatMap((entry) => specFor(entry, architecture)),
    lost: Object.keys(value)
      .filter((key) => key !== 'packages' && key !== 'arches')
      .map((key) => `\`${key}\` of ${basename(file)}, which \`rpm-deps lock --manifest ${basename(file)}\` reads without an import`),
  }));
}

function specFor(entry: unknown, architecture: string): string[] {
  if (typeof entry === 'string') return [entry];
  const { name, arches } = (entry ?? {}) as { name?: unknown; arches?: { only?: unknown; not?: unknown } };
  if (typeof name !== 'string') return [];
  const named = (list: unknown): string[] => [list ?? []].flat().map((text) => canonicalArchitecture(String(text)) ?? '');
  if (arches?.only !== undefined && !named(arches.only).includes(architecture)) return [];
  return named(arches?.not).includes(architecture) ? [] : [name];
}

const notKnown = (file: string): RpmDepsError =>
  new RpmDepsError('USAGE', `\`${shortPrintable(file)}\` has an unrecognized format`, {
    details: [
      'lists of packages by set (JSON or YAML), lists of one package a line',
      'lockfiles of schema 1.0, 1.1 and 1.2, rpms.lock.yaml, packages.manifest.yaml, lock JSON of bazeldnf, CycloneDX JSON',
      'rpms.in.yaml, which needs no import: `rpm-deps lock --manifest rpms.in.yaml`',
    ],
    hint: file.endsWith('.repo')
      ? 'a `.repo` file needs no import: name it under `repofiles` in the manifest'
      : 'the formats are listed above; `rpm-deps import --help` shows the options',
  });
