import { basename, dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { readWithin } from '../io/read-within.ts';
import { buildManifest } from './build-manifest.ts';
import type { ReadIncluded, WithIncluded } from './included-files.ts';
import { MAX_MANIFEST_BYTES, type Manifest } from './manifest.ts';
import { validate } from './manifest-validator.generated.ts';
import type { Mistake } from './mistake.ts';
import { asMap } from './plain-access.ts';
import type { ReadGitFile, ReadLabels, ReadRelease } from './rpms-in-variables.ts';
import { type SchemaError, schemaMistakes } from './schema-mistakes.ts';
import { type Plain, parseSource, type SourceText } from './source-text.ts';

export interface ReadManifestOptions {
  /** `RPM_DEPS_VERSION_<NAME>` and the variables that `RPM_DEPS_VERSIONS_FROM_ENV` names override `versions`; `RPM_DEPS_MIRROR` overrides `mirror`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly overrides?: {
    readonly mirror?: string | undefined;
    readonly releasever?: string | undefined;
    /** Override the variables of the manifest. */
    readonly variables?: Readonly<Record<string, string>> | undefined;
  };
  /** Reads files that the manifest refers to; default: from its folder. */
  readonly read?: ReadIncluded | undefined;
  /** Reads labels of images for `rpms.in.yaml`; if undefined, a file that needs labels is refused. */
  readonly labels?: ReadLabels | undefined;
  /** Reads the release of the base image of `rpms.in.yaml`; if undefined, `$releasever` is the same as in other manifests. */
  readonly release?: ReadRelease | undefined;
  /** Reads files in git repositories for `rpms.in.yaml`; if undefined, such files are refused. */
  readonly git?: ReadGitFile | undefined;
}

/** Reads and checks `rpm-packages.yaml`, or JSON with the same keys. Reports all mistakes at once, one per line in `details`. */
export async function readManifest(path: string, options: ReadManifestOptions): Promise<Manifest> {
  const { readBeside } = await import('./read-beside.ts');
  return parseManifest(await readText(path), path, { read: readBeside(dirname(path)), ...options });
}

/** Reads a text; `path` is for messages, and a path that ends in `.json` means JSON. */
export async function parseManifest(text: string, path: string, options: ReadManifestOptions): Promise<Manifest> {
  const name = shortPrintable(basename(path), 200);
  const json = path.endsWith('.json');
  if (text.trim() === '') throw invalid(name, path, [{ place: { line: 1, column: 1 }, path: [], message: 'the manifest is empty' }]);
  if (text.length > MAX_MANIFEST_BYTES)
    throw new RpmDepsError('MANIFEST_INVALID', `\`${name}\` is larger than ${MAX_MANIFEST_BYTES >> 20} MiB`);
  const content = text.replace(/^\ufeff/, '');
  const outcome = await parseSource(content, { json });
  if (outcome.kind === 'broken') throw invalid(name, path, outcome.mistakes);
  const { source, mistakes: first, holders, included } = await complete(outcome.source, path, options);
  const { manifest, mistakes } = check(source, path, options);
  if (first.length + mistakes.length > 0) {
    const others = isRpmsIn(outcome.source, path) ? withoutConsequences(mistakes, first) : mistakes;
    throw invalid(name, path, [...first, ...others]);
  }
  return source === outcome.source ? manifest : { ...manifest, readsMore: true, ...(holders === undefined ? {} : { holders, included }) };
}

const isRpmsIn = (source: SourceText, path: string): boolean =>
  asMap(source.value)?.['contentOrigin'] !== undefined || basename(path) === 'rpms.in.yaml';

/** Removes mistakes that result from a mistake in `first`: at the same position, or at no position of the file. */
function withoutConsequences(mistakes: readonly Mistake[], first: readonly Mistake[]): readonly Mistake[] {
  const placeOf = ({ place }: Mistake): string => `${place.line}:${place.column}`;
  const known = new Set(first.length === 0 ? [] : ['1:1', ...first.map(placeOf)]);
  return mistakes.filter((mistake) => !known.has(placeOf(mistake)));
}

/** Converts `rpms.in.yaml` to a manifest, and reads other files. */
async function complete(source: SourceText, path: string, options: ReadManifestOptions): Promise<WithIncluded> {
  const root = asMap(source.value);
  const names =
    isRpmsIn(source, path) ||
    root?.['include'] !== undefined ||
    root?.['repofiles'] !== undefined ||
    Object.values(asMap(root?.['sets']) ?? {}).some(hasContainerfile);
  // Most manifests refer to no other files.
  if (!names) return { source, mistakes: [] };
  const { completeManifest } = await import('./complete-manifest.ts');
  return completeManifest(source, {
    isRpmsIn: isRpmsIn(source, path),
    read: options.read ?? refuseToRead,
    labels: options.labels ?? refuseLabels,
    release: options.overrides?.releasever === undefined ? options.release : undefined,
    git: options.git,
    cts: options.env['CTS_URL'],
  });
}

const hasContainerfile = (set: Plain): boolean => asMap(set)?.['packages_from_containerfile'] !== undefined;

const refuseToRead: ReadIncluded = async (path) => {
  throw new RpmDepsError('MANIFEST_INVALID', `${shortPrintable(path)} cannot be read here: only the text of the manifest is available`);
};

const refuseLabels: ReadLabels = async (image) => {
  throw new RpmDepsError('MANIFEST_INVALID', `the labels of ${shortPrintable(image)} cannot be read here`, {
    hint: 'write the values under `variables`, as `- inline: { version: "9.5" }`',
  });
};

function check(
  source: SourceText,
  path: string,
  { env, overrides }: ReadManifestOptions,
): { manifest: Manifest; mistakes: readonly Mistake[] } {
  const value = source.value;
  numbersToText(value);
  const shape: Mistake[] = validate(value) ? [] : schemaMistakes(withoutRepetition(validate.errors as SchemaError[]), source);
  const { manifest, mistakes } = buildManifest(value, source, { path, env, ...overrides });
  if (value === null) return { manifest, mistakes: [{ place: { line: 1, column: 1 }, path: [], message: 'the manifest is empty' }] };
  // The builder omits values of the wrong type, so references to them fail too: report only the first mistake.
  const isCoveredBy = (mistake: Mistake, other: Mistake): boolean =>
    startsWith(mistake.path, other.path) || (mistake.isAbsence === true && startsWith(other.path, mistake.path));
  return { manifest, mistakes: [...shape, ...mistakes.filter((mistake) => !shape.some((other) => isCoveredBy(mistake, other)))] };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readWithin(path, MAX_MANIFEST_BYTES)).toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new RpmDepsError('MANIFEST_MISSING', `there is no manifest \`${shortPrintable(path, 500)}\``, {
        hint: 'run `rpm-deps init` to write one, or name it with --manifest FILE',
        cause,
      });
    }
    throw new RpmDepsError(
      'MANIFEST_MISSING',
      `the manifest \`${shortPrintable(path, 500)}\` cannot be read: ${readProblem({ code, message })}`,
      {
        cause,
      },
    );
  }
}

function invalid(name: string, path: string, mistakes: readonly Mistake[]): RpmDepsError {
  const sorted = [...mistakes].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const shown = sorted.slice(0, 100);
  // Most messages escape quoted text themselves; suggested names also come from the manifest.
  const details = shown.map(({ place, message }) => `${name}:${place.line}:${place.column}: ${shortPrintable(message, 2000)}`);
  if (sorted.length > shown.length) details.push(`and ${sorted.length - shown.length} more`);
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  return new RpmDepsError('MANIFEST_INVALID', `the manifest \`${name}\` has ${count}`, {
    details,
    hint: 'docs/manifest.md describes every key',
    data: { file: path, mistakes: shown.map(({ place, message }) => ({ line: place.line, column: place.column, message })) },
  });
}

/** Versions and dates that YAML reads as numbers (`20240101`) become text; elsewhere a number is a mistake. */
function numbersToText(root: Plain): void {
  if (!isMap(root)) return;
  asText(root, ['schema_version', 'releasever']);
  if (isMap(root['sets'])) for (const set of Object.values(root['sets'])) if (isMap(set)) releasesToText(set);
  if (isMap(root['versions'])) asText(root['versions'], Object.keys(root['versions']));
  if (Array.isArray(root['holds'])) for (const hold of root['holds']) if (isMap(hold)) asText(hold, ['version', 'until']);
}

function releasesToText(set: { [key: string]: Plain }): void {
  asText(set, ['releasever']);
  const releases = set['releasever'];
  if (Array.isArray(releases)) set['releasever'] = releases.map((one) => (typeof one === 'number' ? String(one) : one));
}

function asText(map: { [key: string]: Plain }, keys: readonly string[]): void {
  for (const key of keys) if (typeof map[key] === 'number') map[key] = String(map[key]);
}

const isMap = (value: Plain | undefined): value is { [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keeps one error per value: a wrong type also fails other keywords. */
function withoutRepetition(errors: readonly SchemaError[]): SchemaError[] {
  const typed = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
  return errors.filter((error) => error.keyword === 'type' || !typed.has(error.instancePath));
}

const startsWith = (path: readonly (string | number)[], start: readonly (string | number)[]): boolean =>
  path.length > 0 && start.length > 0 && start.every((step, i) => path[i] === step);
