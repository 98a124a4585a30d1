/** Makes a manifest out of what other tools have: lists of packages, lockfiles, rpms.in.yaml. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { manifestPath, type ProjectInput } from '../project/project-paths.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
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
  if (isLock(value)) return [fromLock(value)];
  if (Array.isArray(value['packages']) && !('schema_version' in value)) return fromRpmsIn(value, file, arch);
  return fromLists(value, file, arch);
}

async function parse(text: string, file: string): Promise<Record<string, unknown>> {
  const yaml = await import('yaml');
  try {
    const value: unknown = file.endsWith('.json') ? JSON.parse(text) : yaml.parse(text, { maxAliasCount: 0 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new RpmDepsError('USAGE', `\`${file}\` cannot be read: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
  throw notKnown(file);
}

interface LockLike {
  readonly architecture: string;
  readonly package_set: string;
  readonly requested?: readonly string[];
  readonly packages: readonly { readonly name: string }[];
}

const isLock = (value: Record<string, unknown>): value is Record<string, unknown> & LockLike =>
  typeof value['package_set'] === 'string' && typeof value['architecture'] === 'string' && Array.isArray(value['packages']);

/** A lock of schema 1.0 does not say what was asked for: every package is asked for by name then. */
function fromLock({ architecture, package_set: set, requested, packages }: LockLike): ImportedSpecs {
  return { set, architecture, specs: requested ?? [...new Set(packages.map(({ name }) => String(name)))] };
}

/** `{ "set": ["spec", ...] }`, the architecture at the end of the file's name: how KubeVirt's lists are kept. */
function fromLists(value: Record<string, unknown>, file: string, arch: string | undefined): ImportedSpecs[] {
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([, list]) => Array.isArray(list) && list.every((spec) => typeof spec === 'string')))
    throw notKnown(file);
  const ending = /[-_.]([A-Za-z0-9_]+)\.(?:json|ya?ml)$/.exec(basename(file))?.[1] ?? '';
  const suffix = ARCHITECTURES.find((name) => basename(file).includes(`${name}.`)) ?? canonicalArchitecture(ending);
  const architecture = arch === undefined ? suffix : canonicalArchitecture(arch);
  if (architecture === undefined) {
    throw new RpmDepsError('USAGE', `\`${file}\` does not name its architecture`, { hint: 'name it with --arch' });
  }
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
  new RpmDepsError('USAGE', `cannot import \`${file}\`: unrecognized format`, {
    hint: '`import` reads lists of packages by set (JSON or YAML), lockfiles, and rpms.in.yaml',
  });
