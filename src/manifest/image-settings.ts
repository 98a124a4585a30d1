import { shortPrintable } from '../base/printable.ts';
import { parseFileCapabilities } from '../rpm/file-capabilities.ts';
import type { MistakeList } from './mistake.ts';
import { asFlag, asMap, textList } from './plain-access.ts';
import type { Plain } from './source-text.ts';

/** Settings of the image of a set, apart from its packages. They do not change the lockfile. */
export interface ImageSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[] | undefined;
  /** User of the image: a name or a number, optionally with `:group`. */
  readonly user: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly docs: boolean;
  /** Languages whose files are installed; undefined: all. */
  readonly languages: readonly string[] | undefined;
  /** Globs of paths to remove; `true`: the contents of the directories for caches, logs and temporary files. */
  readonly clean: true | readonly string[];
  /** Path -> target. */
  readonly symlinks: Readonly<Record<string, string>>;
  /** Path -> capabilities as text: `cap_net_raw=ep`. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** Users and groups to create from the sysusers.d files of the packages: all, or these names. */
  readonly users: true | readonly string[];
}

export const PLAIN_IMAGE: ImageSettings = {
  env: {},
  entrypoint: undefined,
  user: undefined,
  labels: {},
  docs: true,
  languages: undefined,
  clean: [],
  symlinks: {},
  capabilities: {},
  users: [],
};

const texts = { type: 'object', additionalProperties: { type: 'string' } } as const;

/** The keys of a set that configure its image. */
export const IMAGE_PROPERTIES = {
  env: { ...texts, description: 'Environment variables of the image' },
  entrypoint: {
    type: ['string', 'array'],
    pattern: '\\S',
    items: { type: 'string' },
    minItems: 1,
    description: 'What the image runs: a program, or a list with its arguments',
  },
  user: { type: 'string', pattern: '\\S', description: 'User of the image: a name or a number, with a group after a colon' },
  labels: { ...texts, description: 'Labels of the image' },
  docs: { type: 'boolean', description: 'Install documentation (default: true)' },
  languages: {
    type: 'array',
    items: { type: 'string', pattern: '\\S' },
    minItems: 1,
    description: 'Install files of these languages only, such as de or en_GB (default: all)',
  },
  clean: {
    type: ['boolean', 'array'],
    items: { type: 'string', pattern: '\\S' },
    description: 'Globs on absolute paths that are removed; true: files in /var/cache, /var/log, /tmp, /var/tmp and /run',
  },
  symlinks: { ...texts, description: 'Symbolic links that scriptlets would make, by path: /usr/bin/ld: ld.bfd' },
  capabilities: { ...texts, description: 'File capabilities by path: cap_net_raw=ep' },
  users: {
    type: ['boolean', 'array'],
    items: { type: 'string', pattern: '\\S' },
    description: "Make these users and groups of the packages' sysusers.d files, or with true all of them",
  },
} as const;

const PATH = /^\/[^\0-\x1f\x7f]*$/;
const GLOB = /^\/[A-Za-z0-9_.,+@%:~*?[\]/-]*$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;

export function buildImageSettings(map: { readonly [key: string]: Plain }, path: readonly string[], mistakes: MistakeList): ImageSettings {
  const refuse = (key: readonly (string | number)[], text: string): void => void mistakes.add([...path, ...key], text);
  const record = (key: string, check: (name: string, value: string) => string | undefined): Record<string, string> => {
    const entries: [string, string][] = [];
    for (const [name, value] of Object.entries(asMap(map[key]) ?? {})) {
      if (typeof value !== 'string') continue;
      const mistake = /[\0\n\r]/.test(value) ? 'has a line break' : check(name, value);
      if (mistake === undefined) entries.push([name, value]);
      else refuse([key, name], `\`${shortPrintable(name)}\` ${mistake}`);
    }
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const list = (key: string, pattern: RegExp, what: string): readonly string[] => {
    const given = textList(map[key]);
    for (const [i, one] of given.entries()) if (!pattern.test(one)) refuse([key, i], `\`${shortPrintable(one)}\` is not ${what}`);
    return given;
  };
  const user = typeof map['user'] === 'string' ? map['user'] : undefined;
  if (user !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/.test(user))
    refuse(['user'], `\`${shortPrintable(user)}\` is not a user: expected a name or a number, such as \`107:107\``);
  const atPath = (name: string): string | undefined =>
    PATH.test(name) && !name.split('/').includes('..') ? undefined : 'is not an absolute path';
  return {
    env: record('env', (name) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? undefined : 'cannot be the name of a variable')),
    entrypoint: map['entrypoint'] === undefined ? undefined : textList(map['entrypoint']),
    user,
    labels: record('labels', (name) => (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name) ? undefined : 'cannot be the name of a label')),
    docs: asFlag(map['docs']) ?? true,
    languages: map['languages'] === undefined ? undefined : list('languages', /^[A-Za-z]{2,8}[A-Za-z0-9_.@-]*$/, 'a language'),
    clean: map['clean'] === true ? true : list('clean', GLOB, 'a glob on absolute paths'),
    symlinks: record('symlinks', atPath),
    capabilities: record('capabilities', (name, value) => {
      return (
        atPath(name) ??
        (parseFileCapabilities(value) === undefined ? 'has no file capabilities: expected text such as `cap_net_raw=ep`' : undefined)
      );
    }),
    users: map['users'] === true ? true : list('users', NAME, 'the name of a user or group'),
  };
}
