/**
 * libsolv's test cases (`*.t`), as far as they are about installing into an empty root: repositories, jobs, and the packages that libsolv installs or that
 * it refuses. Everything else is a reason to skip a case, told in words.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plain, type RelationKind, type World, type WorldPackage, type WorldRepo } from '../brute/world.ts';
import { readDependency, readEvr } from './libsolv-dependency.ts';

export interface Testcase {
  /** `folder/file.t:line` of its result. */
  readonly name: string;
  readonly world: World;
  /** `install name A`, `favor name B`: words of a job, without flags. */
  readonly jobs: readonly Job[];
  readonly disabled: readonly string[];
  readonly weak: boolean;
  /** Sorted `name-evr.arch@repo`; undefined where libsolv has problems. */
  readonly installed: readonly string[] | undefined;
  /** Why it is not asked. */
  readonly skip: string | undefined;
  /** What is installed before. */
  readonly before: readonly WorldPackage[];
  /** Installed packages may go. */
  readonly erasing: boolean;
  /** What in its world cannot be told to others. */
  readonly unreadable: string | undefined;
}

export interface Job {
  readonly action: string;
  readonly selection: string;
  readonly what: string;
  readonly flags: readonly string[];
}

/** Without an effect where nothing is installed, or what dnf has set as well. */
const HARMLESS_FLAGS = new Set([
  'allowdowngrade',
  'allowarchchange',
  'allowvendorchange',
  'allownamechange',
  'allowuninstall',
  'keeporphans',
  'keepexplicitobsoletes',
  'bestobeypolicy',
  'yumobsoletes',
  'noautotarget',
  'addalreadyrecommended',
  '!dupallowdowngrade',
  '!dupallowarchchange',
  'ignorerecommended',
]);
const HARMLESS_POOL_FLAGS = new Set(['implicitobsoleteusescolors', 'whatprovideswithdisabled', '!noobsoletesmultiversion']);
const HARMLESS_JOB_FLAGS = new Set(['forcebest', 'setev', 'setevr', 'setarch', 'setrepo', 'noautoset', 'targeted']);

export function readTestcases(path: string, name: string): Testcase[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const repos: WorldRepo[] = [];
  const lasting = new Set<string>();
  const disabled: string[] = [];
  let system = { arch: 'x86_64', repo: '' };
  let part = emptyPart();
  const found: Testcase[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim();
    const words = line.split(/\s+/);
    const [directive = ''] = words;
    if (directive === '' || directive.startsWith('#')) continue;
    if (directive === 'nextjob') part = emptyPart();
    else if (directive === 'repo') {
      const inline = words[4] === '<inline>' ? inlineLines(lines, i) : undefined;
      const text = inline ?? (words[3] === 'empty' ? [] : readFileSync(join(dirname(path), words[4]!), 'utf8').split('\n'));
      try {
        repos.push({ id: words[1]!, priority: 99 - Number(words[2]!.split('.')[0]), packages: readPackages(text) });
      } catch (error) {
        lasting.add((error as Error).message);
      }
      i += inline?.length ?? 0;
    } else if (directive === 'system') {
      system = { arch: words[1] === 'unset' ? 'x86_64' : words[1]!, repo: words[3] ?? '' };
      if (words[2] !== undefined && words[2] !== 'rpm' && words[2] !== '*') lasting.add(`packages of ${words[2]}`);
    } else if (directive === 'poolflags') for (const flag of words.slice(1)) note(lasting, flag, HARMLESS_POOL_FLAGS);
    else if (directive === 'solverflags') {
      for (const flag of words.slice(1)) note(part.reasons, flag, HARMLESS_FLAGS);
      if (words.includes('ignorerecommended')) part.weak = false;
      if (words.includes('allowuninstall')) part.erasing = true;
    } else if (directive === 'disable' && words[1] === 'pkg') disabled.push(words[2]!);
    else if (directive === 'job') addJob(part, line);
    else if (directive === 'result') {
      const result = words[2] === '<inline>' ? inlineLines(lines, i) : undefined;
      const kinds = words[1]!.split(',');
      if (kinds.includes('transaction') && result !== undefined) {
        const world = { architecture: system.arch, repos: repos.filter(({ id }) => id !== system.repo) };
        const skip = [...lasting, ...part.reasons][0] ?? reasonAgainst(part, repos, system.repo);
        found.push({
          name: `${name}:${i + 1}`,
          world,
          jobs: part.jobs,
          disabled: [...disabled],
          weak: part.weak,
          installed: installedBy(result),
          skip,
          before: repos.find(({ id }) => id === system.repo)?.packages ?? [],
          erasing: part.erasing,
          unreadable: [...lasting][0],
        });
      } else found.push({ ...emptyCase(`${name}:${i + 1}`), skip: `only ${words[1]} is compared` });
      i += result?.length ?? 0;
    } else if (directive !== 'feature') lasting.add(`\`${directive}\``);
  }
  return found;
}

function emptyPart() {
  return { jobs: [] as Job[], reasons: new Set<string>(), weak: true, erasing: false };
}

function emptyCase(name: string): Omit<Testcase, 'skip'> {
  return {
    name,
    world: { architecture: 'x86_64', repos: [] },
    jobs: [],
    disabled: [],
    weak: false,
    installed: undefined,
    before: [],
    erasing: false,
    unreadable: undefined,
  };
}

function note(reasons: Set<string>, flag: string, harmless: ReadonlySet<string>): void {
  if (!harmless.has(flag)) reasons.add(`flag ${flag}`);
}

/** The lines that stand behind `<inline>`, from the next one on. */
function inlineLines(lines: readonly string[], at: number): string[] {
  let end = at + 1;
  while (lines[end]?.startsWith('#>') === true) end++;
  return lines.slice(at + 1, end).map((line) => line.slice(2));
}

function addJob(part: ReturnType<typeof emptyPart>, line: string): void {
  const [, action = '', selection = '', rest = ''] = /^job\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  const flags = /\s*\[([^\]]*)\]$/.exec(rest);
  const job = { action, selection, what: rest.slice(0, flags?.index), flags: (flags?.[1] ?? '').split(',').filter((flag) => flag !== '') };
  for (const flag of job.flags) if (!HARMLESS_JOB_FLAGS.has(flag)) part.reasons.add(`job flag ${flag}`);
  const selections = ['name', 'provides', 'pkg', 'oneof'];
  const isKnown = (action === 'install' || action === 'multiversion' || action === 'favor') && selections.includes(selection);
  if (!isKnown)
    part.reasons.add(action === 'noop' ? 'selections of libsolv' : `job ${action}${action === 'install' ? ` ${selection}` : ''}`);
  part.jobs.push(job);
}

function reasonAgainst({ jobs }: ReturnType<typeof emptyPart>, repos: readonly WorldRepo[], systemRepo: string): string | undefined {
  if (repos.some(({ id, packages }) => id === systemRepo && packages.length > 0)) return 'packages are installed before';
  const wishes = jobs.filter(({ action }) => action === 'install');
  const best = wishes.filter(({ flags }) => flags.includes('forcebest'));
  if (best.length > 0 && best.length < wishes.length) return 'best for some jobs only';
  if (jobs.filter(({ action }) => action === 'favor').length > 1) return 'several favorites, of which the last wins';
  if (wishes.length === 0) return 'nothing is to be installed';
  return undefined;
}

function installedBy(result: readonly string[]): string[] | undefined {
  if (result.some((line) => line.startsWith('problem '))) return undefined;
  return result.flatMap((line) => (line.startsWith('install ') ? [line.slice(8).trim()] : [])).sort();
}

const TAGS: Readonly<Record<string, RelationKind>> = {
  Prv: 'provides',
  Req: 'requires',
  Prq: 'requires',
  Con: 'conflicts',
  Obs: 'obsoletes',
  Rec: 'recommends',
  Sug: 'suggests',
  Sup: 'supplements',
  Enh: 'enhances',
};

function readPackages(lines: readonly string[]): WorldPackage[] {
  const packages: WorldPackage[] = [];
  for (const line of lines) {
    const [, tag = '', value = ''] = /^=(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (tag === 'Pkg') {
      const [name = '', version = '', release = '', arch = ''] = value.split(' ');
      const evr = { ...readEvr(version), release };
      packages.push({ name, evr, arch, files: [], relations: { provides: [plain(name, '=', evr)] } });
      continue;
    }
    const kind = TAGS[tag];
    const last = packages.pop();
    if (last === undefined) continue;
    if (tag === 'Fls') packages.push({ ...last, files: [...last.files, value] });
    else if (kind === undefined) packages.push(last);
    else {
      if (value.includes('namespace:')) throw new Error('namespaces');
      packages.push({ ...last, relations: { ...last.relations, [kind]: [...(last.relations[kind] ?? []), readDependency(value)] } });
    }
  }
  return packages;
}
