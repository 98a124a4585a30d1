import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { fillVariables } from '../base/variables.ts';
import { ARCHITECTURES, canonicalArchitecture } from '../rpm/architecture-names.ts';
import { architectureList } from './architecture-list.ts';
import { buildBotSection } from './bot-section.ts';
import { DEFAULT_MIRROR, DEFAULT_RELEASEVER } from './default-repositories.ts';
import { buildHolds } from './holds.ts';
import type { ListedVariable, Manifest } from './manifest.ts';
import { MistakeList } from './mistake.ts';
import { buildSets } from './package-sets.ts';
import { asMap, textList } from './plain-access.ts';
import { followReleases } from './release-of-sets.ts';
import { knownRepositoriesFor } from './repositories-for.ts';
import { accessNames, buildRepositories, placeNames, urlProblem } from './repository-definitions.ts';
import { knownNames, VARIABLE_NAMES, variableValues } from './repository-variables.ts';
import type { Plain, SourceText } from './source-text.ts';
import { buildVersions } from './versions.ts';

export interface BuildOptions {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mirror?: string | undefined;
  readonly releasever?: string | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/**
 * Builds the manifest from plain data and collects mistakes that the schema cannot find. Skips values of the wrong type, which the
 * schema has reported, so that one mistake does not hide the others.
 */
export function buildManifest(
  value: Plain,
  source: SourceText,
  { path, env, mirror, releasever: release, variables: given }: BuildOptions,
) {
  const root = asMap(value) ?? {};
  const mistakes = new MistakeList(source);
  checkSchemaVersion(root['schema_version'], mistakes);
  const { architectures, known } = buildArchitectures(root, mistakes);
  const versions = buildVersions(root['versions'], env, mistakes);
  const releasever = release ?? (typeof root['releasever'] === 'string' ? root['releasever'] : DEFAULT_RELEASEVER);
  const environment = fromEnvironment(placeNames(root['repositories']), env);
  const variables = {
    ...buildVariables(root['variables'], mistakes),
    ...environment,
    ...given,
  };
  const overridden = new Set([...Object.keys(environment), ...Object.keys(given ?? {})]);
  const listed = buildListed(root['variables'], knownNames(releasever, variables), mistakes).filter(({ name }) => !overridden.has(name));
  const named = buildRepositories(root['repositories'], knownNames(releasever, variables), mistakes);
  const { repositories, sets } = followReleases(
    { repositories: named, sets: buildSets({ root, architectures, known, versions, repositories: named, source, mistakes }) },
    { releasever, variables },
  );
  const accessVariables = fromEnvironment(accessNames(repositories), env);
  const manifest: Manifest = {
    schemaVersion: '1.0',
    path,
    architectures,
    mirror: buildMirror({ manifest: root['mirror'], env: env['RPM_DEPS_MIRROR'], option: mirror }, mistakes),
    ownMirror: (isText(root['mirror']) ? root['mirror'] : DEFAULT_MIRROR).replace(/\/+$/, ''),
    releasever,
    variables,
    ...(listed.length === 0 ? {} : { listedVariables: listed }),
    repositories,
    ...(Object.keys(accessVariables).length === 0 ? {} : { accessVariables }),
    ...(placeNames(root['repositories']).every((name) => VARIABLE_NAMES.includes(name)) ? {} : { readsMore: true }),
    versions,
    sets,
    holds: buildHolds(root['holds'], mistakes),
    sameVersion: textList(asMap(root['cross_architecture'])?.['same_version']),
    fallbacks: buildFallbacks(root['fallbacks'], mistakes),
    bot: root['bot'] === undefined ? undefined : buildBotSection(root['bot']),
  };
  checkSourceRepositories(manifest, mistakes);
  return { manifest, mistakes: mistakes.all };
}

/** Reports source repositories that exist for no architecture of their set. */
function checkSourceRepositories(manifest: Manifest, mistakes: MistakeList): void {
  const seen = new Set<string>();
  for (const { name: ownName, writtenName: name = ownName, architectures, sources } of manifest.sets) {
    if (sources?.repositories === undefined || seen.has(name)) continue;
    seen.add(name);
    const known = new Set(architectures.flatMap((architecture) => knownRepositoriesFor(manifest, architecture).map(({ id }) => id)));
    for (const [i, id] of sources.repositories.entries()) {
      const isKnown = architectures.some((architecture) => known.has(fillVariables(id, variableValues({ ...manifest, architecture }))));
      if (isKnown || known.size === 0) continue;
      const nearest = nearestOf(id, known);
      const advice = nearest === undefined ? `expected one of ${[...known].join(', ')}` : `did you mean \`${nearest}\`?`;
      mistakes.add(['sets', name, 'sources', i], `unknown repository \`${shortPrintable(id)}\`; ${advice}`);
    }
  }
}

/** As in dnf: the environment variable DNF_VAR_NAME sets `$NAME`. Only names that a repository uses are read. */
function fromEnvironment(names: readonly string[], env: BuildOptions['env']): Record<string, string> {
  const found = names.flatMap((name) => {
    const variable = `DNF_VAR_${name}`;
    const value = VARIABLE_NAMES.includes(name) || !Object.hasOwn(env, variable) ? undefined : env[variable];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function buildVariables(value: Plain | undefined, mistakes: MistakeList): Readonly<Record<string, string>> {
  const variables: [string, string][] = [];
  for (const [name, text] of Object.entries(asMap(value) ?? {})) {
    if (!/^\w+$/.test(name))
      mistakes.add(['variables', name], `\`${shortPrintable(name)}\` is not a name of letters, digits and underscores`);
    else if (VARIABLE_NAMES.includes(name)) mistakes.add(['variables', name], `\`$${name}\` has a value already`);
    else if (typeof text === 'string' || typeof text === 'number') variables.push([name, String(text)]);
    else if (asMap(text)?.['value'] !== undefined) variables.push([name, String(asMap(text)!['value'])]);
  }
  return Object.fromEntries(variables);
}

function buildListed(value: Plain | undefined, known: readonly string[], mistakes: MistakeList): readonly ListedVariable[] {
  return Object.entries(asMap(value) ?? {}).flatMap(([name, entry]) => {
    const { list, pattern = '*' } = asMap(entry) ?? {};
    if (!isText(list) || !isText(pattern)) return [];
    const problem = urlProblem(list, known);
    if (problem !== undefined) mistakes.add(['variables', name, 'list'], problem);
    return [{ name, list, pattern }];
  });
}

function checkSchemaVersion(value: Plain | undefined, mistakes: MistakeList): void {
  if (typeof value !== 'string' || value === '1.0' || value === '1') return;
  const newer = /^\d+(\.\d+)?$/.test(value) && Number(value) > 1;
  mistakes.add(
    ['schema_version'],
    newer
      ? `schema version ${shortPrintable(value)} is newer than this rpm-deps; expected "1.0"`
      : `expected "1.0", not \`${shortPrintable(value)}\``,
  );
}

/** `known`: the architectures that sets may name. */
function buildArchitectures(root: { readonly [key: string]: Plain }, mistakes: MistakeList): { architectures: string[]; known: string[] } {
  if (root['architectures'] !== undefined) {
    const architectures = architectureList(root['architectures'], ['architectures'], ARCHITECTURES, mistakes);
    // After a mistake in the list, sets may name any known architecture, so that one mistake is not reported twice.
    const isSound =
      Array.isArray(root['architectures']) &&
      root['architectures'].every((name) => typeof name === 'string' && canonicalArchitecture(name) !== undefined);
    return { architectures, known: isSound ? architectures : [...ARCHITECTURES] };
  }
  const named = Object.values(asMap(root['sets']) ?? {}).flatMap((set) => textList(asMap(set)?.['architectures']));
  const architectures = [...new Set(named.map(canonicalArchitecture).filter((name) => name !== undefined))];
  return architectures.length > 0 ? { architectures, known: [...ARCHITECTURES] } : { architectures: ['x86_64'], known: ['x86_64'] };
}

function buildMirror(
  from: { manifest: Plain | undefined; env: string | undefined; option: string | undefined },
  mistakes: MistakeList,
): string {
  const candidates: readonly [string, Plain | undefined][] = [
    ['--mirror', from.option],
    // Commands have already converted directories to URLs, from the option and from the environment.
    ['RPM_DEPS_MIRROR', from.option === undefined ? from.env : undefined],
    ['mirror', from.manifest],
  ];
  const given = candidates.filter((candidate): candidate is [string, string] => typeof candidate[1] === 'string' && candidate[1] !== '');
  for (const [i, [origin, url]] of given.entries()) {
    // Ignore mistakes in unused values, except in the manifest itself.
    if (isUrl(url) || (i > 0 && origin !== 'mirror')) continue;
    const problem = `must be a URL that starts with http://, https:// or file://, not \`${shortPrintable(url)}\``;
    if (origin !== 'mirror') throw new RpmDepsError('USAGE', `${origin} ${problem}`);
    mistakes.add(['mirror'], `\`mirror\` ${problem}`);
  }
  const url = given[0]?.[1] ?? DEFAULT_MIRROR;
  return url.replace(/\/+$/, '');
}

const isText = (value: Plain | undefined): value is string => typeof value === 'string' && value !== '';

const isUrl = (text: string): boolean => /^(https?:\/\/[^\s/]|file:\/\/\/)\S*$/i.test(text);

function buildFallbacks(value: Plain | undefined, mistakes: MistakeList): string[] {
  const templates = textList(value);
  for (const [i, template] of templates.entries()) {
    const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!).find((name) => !FALLBACK_FIELDS.includes(name));
    if (!isUrl(template)) mistakes.add(['fallbacks', i], `a fallback must be a URL, not \`${shortPrintable(template)}\``);
    else if (unknown !== undefined)
      mistakes.add(['fallbacks', i], `unknown field \`{${shortPrintable(unknown)}}\`; expected ${FALLBACK_FIELDS.join(', ')}`);
    else if (!/\{(sha256|filename)\}/.test(template)) mistakes.add(['fallbacks', i], 'a fallback needs `{sha256}` or `{filename}`');
  }
  return templates;
}

const FALLBACK_FIELDS = ['sha256', 'filename', 'name', 'arch'];
