import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import { architectureList } from './architecture-list.ts';
import { DEFAULT_REPOSITORIES } from './default-repositories.ts';
import type { RepositoryAccess, RepositoryDefinition } from './manifest.ts';
import type { MistakeList } from './mistake.ts';
import { asFlag, asMap, textList } from './plain-access.ts';
import type { Plain } from './source-text.ts';

/** Limited, because each repository is compared with all previous ones. */
const MAX_REPOSITORIES = 1000;

/** In manifest order; the three of CentOS Stream if the manifest has none. */
export function buildRepositories(
  value: Plain | undefined,
  known: readonly string[],
  mistakes: MistakeList,
): readonly RepositoryDefinition[] {
  if (value === undefined) return DEFAULT_REPOSITORIES;
  const repositories: RepositoryDefinition[] = [];
  const items = Array.isArray(value) ? value : [];
  if (items.length > MAX_REPOSITORIES) mistakes.add(['repositories'], `more than ${MAX_REPOSITORIES} repositories`);
  for (const [i, item] of items.slice(0, MAX_REPOSITORIES).entries()) {
    const map = asMap(item);
    if (!map) continue;
    const repository = buildRepository(map, i, { mistakes, known });
    // The same id may be used for different architectures.
    if (repositories.some((other) => other.id === map['id'] && haveCommonArchitecture(other, repository)))
      mistakes.add(['repositories', i, 'id'], `the repository \`${shortPrintable(repository.id)}\` is defined twice`);
    repositories.push(repository);
  }
  return repositories;
}

const haveCommonArchitecture = (a: RepositoryDefinition, b: RepositoryDefinition): boolean =>
  a.architectures === undefined || b.architectures === undefined || a.architectures.some((name) => b.architectures!.includes(name));

function buildRepository(
  map: { readonly [key: string]: Plain },
  index: number,
  { mistakes, known }: { readonly mistakes: MistakeList; readonly known: readonly string[] },
): RepositoryDefinition {
  const path = ['repositories', index];
  const id = typeof map['id'] === 'string' || typeof map['id'] === 'number' ? String(map['id']) : '';
  const baseurl = textList(map['baseurl']);
  const metalink = textList(map['metalink'])[0];
  const mirrorlist = textList(map['mirrorlist'])[0];
  if (map['baseurl'] === undefined && map['metalink'] === undefined && map['mirrorlist'] === undefined) {
    mistakes.addAbsence(path, `the repository \`${shortPrintable(id)}\` needs \`baseurl\`, \`metalink\` or \`mirrorlist\``);
  }
  for (const key of ['baseurl', 'metalink', 'mirrorlist', 'gpgkey']) {
    for (const [i, url] of textList(map[key]).entries()) {
      const problem = urlProblem(url, known);
      if (problem) mistakes.add(Array.isArray(map[key]) ? [...path, key, i] : [...path, key], problem);
    }
  }
  const idProblem = variableProblem(id, 'an id', known);
  if (idProblem) mistakes.add([...path, 'id'], idProblem);
  const access = buildAccess(map, path, mistakes);
  const gpgkey = textList(map['gpgkey']);
  const gpgcheck = asFlag(map['gpgcheck']) ?? gpgkey.length > 0;
  const repoGpgcheck = asFlag(map['repo_gpgcheck']) ?? false;
  for (const [key, wanted] of [
    ['gpgcheck', gpgcheck],
    ['repo_gpgcheck', repoGpgcheck],
  ] as const) {
    if (wanted && gpgkey.length === 0)
      mistakes.add([...path, key], `\`${key}\` of the repository \`${shortPrintable(id)}\` needs \`gpgkey\``);
  }
  return {
    id,
    baseurl,
    metalink,
    mirrorlist,
    gpgkey,
    gpgcheck,
    repoGpgcheck,
    architectures:
      map['architectures'] === undefined
        ? undefined
        : architectureList(map['architectures'], [...path, 'architectures'], ARCHITECTURES, mistakes),
    priority: typeof map['priority'] === 'number' ? map['priority'] : 99,
    cost: typeof map['cost'] === 'number' ? map['cost'] : 1000,
    exclude: [...textList(map['exclude']), ...textList(map['excludepkgs'])],
    includePackages: textList(map['includepkgs']),
    moduleHotfixes: asFlag(map['module_hotfixes']) ?? false,
    allowWeakChecksums: asFlag(map['allow_weak_checksums']) ?? false,
    enabled: asFlag(map['enabled']) ?? true,
    ...(asFlag(map['skip_if_unavailable']) === true ? { skipIfUnavailable: true } : {}),
    ...(access === undefined ? {} : { access }),
  };
}

const ACCESS_TEXTS = [
  'sslclientcert',
  'sslclientkey',
  'sslcacert',
  'username',
  'password',
  'proxy',
  'proxy_username',
  'proxy_password',
] as const;

function buildAccess(
  map: { readonly [key: string]: Plain },
  path: readonly (string | number)[],
  mistakes: MistakeList,
): RepositoryAccess | undefined {
  const texts = ACCESS_TEXTS.flatMap((key) => (typeof map[key] === 'string' ? [[key, map[key]] as const] : []));
  const verify = asFlag(map['sslverify']);
  if (map['sslclientkey'] !== undefined && map['sslclientcert'] === undefined)
    mistakes.add([...path, 'sslclientkey'], '`sslclientkey` needs `sslclientcert`');
  if (map['password'] !== undefined && map['username'] === undefined) mistakes.add([...path, 'password'], '`password` needs `username`');
  if (texts.length === 0 && verify !== false) return undefined;
  return { ...Object.fromEntries(texts), ...(verify === undefined ? {} : { sslverify: verify }) };
}

/** Names of variables in certificates, logins and proxies of repositories: `$NAME`. */
export const accessNames = (repositories: readonly RepositoryDefinition[]): string[] => [
  ...new Set(
    repositories.flatMap(({ access = {} }) => Object.values(access).flatMap((text) => (typeof text === 'string' ? namesIn(text) : []))),
  ),
];

/** Names of variables in ids and URLs of the repositories of a raw manifest. */
export const placeNames = (value: Plain | undefined): string[] => [
  ...new Set(
    (Array.isArray(value) ? value : []).flatMap((item) => {
      const map = asMap(item) ?? {};
      return ['id', 'baseurl', 'metalink', 'mirrorlist', 'gpgkey'].flatMap((key) => textList(map[key]).flatMap(namesIn));
    }),
  ),
];

const namesIn = (text: string): string[] => [...text.matchAll(VARIABLE)].map((match) => match[1] ?? match[2] ?? '');

const VARIABLE = /\$(?:\{([^}$]*)\}|(\w+))/g;

function variableProblem(text: string, where: string, known: readonly string[]): string | undefined {
  for (const match of text.matchAll(VARIABLE)) {
    const name = match[1] ?? match[2] ?? '';
    if (known.includes(name)) continue;
    const nearest = nearestOf(name, known);
    const advice = nearest
      ? `did you mean \`$${nearest}\`?`
      : `expected one of ${known.map((other) => `$${other}`).join(', ')}, or a name in \`variables\` (those in \`versions\` are for packages)`;
    return `unknown variable \`$${shortPrintable(name)}\` in ${where}; ${advice}`;
  }
  return undefined;
}

/** Variables in mirror list queries, such as EPEL's `&infra=$infra&content=$contentdir`: used for statistics only; dnf does not expand them. */
const COUNTED = ['infra', 'contentdir'];

export function urlProblem(url: string, known: readonly string[]): string | undefined {
  const query = url.indexOf('?');
  const problem =
    query < 0
      ? variableProblem(url, 'a URL', known)
      : (variableProblem(url.slice(0, query), 'a URL', known) ?? variableProblem(url.slice(query), 'a URL', [...known, ...COUNTED]));
  if (problem !== undefined) return problem;
  if (/^(https?:\/\/|file:\/\/|\$\w+|\$\{\w+\})\S*$/i.test(url)) return undefined;
  return `a URL must start with http://, https://, file:// or $mirror, not \`${shortPrintable(redact(url))}\``;
}
