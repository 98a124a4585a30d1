/** The command line of bazeldnf: `rpmtree`, `lockfile` and `resolve` with a set, an architecture, packages and ignored packages. */
import { shortPrintable } from '../base/printable.ts';
import type { Plain } from '../manifest/source-text.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { splitArchitecture } from './file-target.ts';
import type { ImportedIgnore, ImportedTarget } from './imported.ts';

interface BazeldnfCommand {
  readonly target: ImportedTarget | undefined;
  readonly repositoryFiles: readonly string[];
}

const WITH_VALUE = new Set(
  'name arch basesystem repofile input workspace buildfile to-macro to_macro lockfile configname force-ignore-with-dependencies only-allow cache-dir output'.split(
    ' ',
  ),
);
const SHORT: Readonly<Record<string, string>> = {
  a: 'arch',
  r: 'repofile',
  i: 'input',
  w: 'workspace',
  b: 'buildfile',
  m: 'to-macro',
  c: 'cache-dir',
  n: 'nobest',
  p: 'public',
};
/** Flags for bazeldnf's output or Bazel's display, which do not affect a set. */
const WITHOUT_EFFECT = new Set(
  'public workspace buildfile to-macro to_macro lockfile configname name arch cache-dir input output'.split(' '),
);

/** `args`: the arguments that the script passes to `bazel` or `bazeldnf`. */
export function targetOfCommand(args: readonly string[]): BazeldnfCommand {
  const at = args.findIndex((arg) => arg === 'rpmtree' || arg === 'lockfile' || arg === 'resolve');
  if (at < 0) return { target: undefined, repositoryFiles: [] };
  const options: { readonly key: string; readonly value: string }[] = [];
  const specs: string[] = [];
  for (let i = at + 1; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^--([a-zA-Z_-]+)(?:=(.*))?$/s.exec(arg);
    const short = /^-([a-z])$/.exec(arg);
    const key = long?.[1] ?? (short === null ? undefined : (SHORT[short[1]!] ?? short[1]!));
    if (key === undefined) specs.push(arg);
    else if (long?.[2] !== undefined) options.push({ key, value: long[2] });
    else options.push({ key, value: WITH_VALUE.has(key) ? (args[++i] ?? '') : '' });
  }
  const values = (key: string): string[] => options.filter((option) => option.key === key).map(({ value }) => value);
  const name =
    values('name').at(-1) ??
    values('configname').at(-1) ??
    values('lockfile')
      .at(-1)
      ?.replace(/^.*\//, '')
      .replace(/\.json$/, '');
  const split = splitArchitecture(name ?? 'rpms');
  const architecture = canonicalArchitecture(values('arch').at(-1) ?? '') ?? split.architecture ?? 'x86_64';
  const ignore = values('force-ignore-with-dependencies').map(
    (regex): ImportedIgnore => ({ pattern: `/${regex}/`, reason: '`--force-ignore-with-dependencies`' }),
  );
  const basesystem = values('basesystem').filter((one) => one !== '');
  const settings: { [key: string]: Plain } = values('nobest').length > 0 ? {} : { options: { best: true } };
  const known = new Set([...WITHOUT_EFFECT, 'basesystem', 'repofile', 'force-ignore-with-dependencies', 'nobest']);
  const other = [...new Set(options.map(({ key }) => key).filter((key) => !known.has(key)))];
  return {
    target: {
      set: split.set,
      architecture,
      // bazeldnf also installs the base system, and accepts nothing else for it.
      specs: [...new Set([...specs, ...basesystem])],
      ignore,
      settings,
      lost: other.map((key) => `\`--${shortPrintable(key, 60)}\` of bazeldnf`),
      repositoryFiles: values('repofile'),
    },
    repositoryFiles: values('repofile'),
  };
}
