/**
 * Scenarios: a world, requests and their answers, as text that a person reads. See README.md here for the form.
 */

interface ScenarioRepo {
  readonly id: string;
  readonly priority: number;
  readonly hotfixes: boolean;
  readonly exclude: readonly string[];
  /** Packages as `primaryXml` takes them. */
  readonly packages: readonly string[];
  readonly modules: string | undefined;
  readonly comps: string | undefined;
}

export interface ScenarioRequest {
  readonly install: readonly string[];
  /** What is to become of installed packages. */
  readonly upgrade: 'all' | readonly string[];
  readonly distroSync: 'all' | readonly string[];
  readonly reinstall: readonly string[];
  readonly remove: readonly string[];
  readonly erasing: boolean;
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
  readonly ignore: readonly string[];
  readonly favor: readonly string[];
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  readonly repositories: readonly string[] | undefined;
  /** `name version: reason`. */
  readonly only: readonly string[];
  /** Why dnf is not asked, or that and why it answers something else. */
  readonly notDnf: string | undefined;
  /** What is expected, as it stands in the file. */
  readonly answer: readonly string[];
  /** Lines [start, end) of the file that hold the answer. */
  readonly answerLines: readonly [start: number, end: number];
}

export interface Scenario {
  readonly title: string;
  readonly architecture: string;
  /** What is installed before, as `primaryXml` takes packages. */
  readonly installed: readonly string[];
  readonly repos: readonly ScenarioRepo[];
  readonly requests: readonly ScenarioRequest[];
}

export function parseScenario(text: string, file: string): Scenario {
  const lines = text.split('\n');
  const title = /^# (.+)$/.exec(lines[0] ?? '')?.[1];
  if (title === undefined) throw new Error(`${file}:1: no title`);
  let architecture = 'x86_64';
  const installed = emptyRepo('installed');
  const repos: ReturnType<typeof emptyRepo>[] = [];
  let repo: ReturnType<typeof emptyRepo> | undefined;
  const requests: ReturnType<typeof emptyRequest>[] = [];
  /** Whether the last request may go on: an empty line or an answer ends it. */
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
    const request = requests.at(-1);
    if (word === '') isOpen = false;
    if (word === '' || word === '#') continue;
    if (request !== undefined && (word === '=>' || word === '|')) {
      if (request.answer.length === 0) request.answerLines[0] = index;
      request.answerLines[1] = index + 1;
      request.answer.push(line.trimEnd());
      isOpen = false;
    } else if (line.startsWith('  ') && repo !== undefined && request === undefined) addToRepo(repo, word, rest, line.trim());
    else if (word === 'architecture') architecture = rest;
    else if (word === 'installed') repo = installed;
    else if (word === 'repo') {
      repo = emptyRepo(rest);
      repos.push(repo);
    } else if (word in WISHES) {
      const wish = WISHES[word as keyof typeof WISHES];
      const open = isOpen ? request! : emptyRequest();
      if (open[wish].length > 0) throw new Error(`${file}:${index + 1}: a second "${word}": an empty line goes between two requests`);
      open[wish].push(...items(rest));
      open.answerLines.fill(index + 1);
      if (open !== request) requests.push(open);
      isOpen = true;
    } else if (request === undefined || !isOpen || !addToRequest(request, word, rest))
      throw new Error(`${file}:${index + 1}: cannot read "${line}"`);
    else request.answerLines.fill(index + 1);
  }
  return { title, architecture, installed: installed.packages, repos: repos.map(finishRepo), requests: requests.map(finishRequest) };
}

/** Words that begin a request, or add to it. */
const WISHES = { install: 'install', upgrade: 'upgrade', 'distro-sync': 'distroSync', reinstall: 'reinstall', remove: 'remove' } as const;

const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function emptyRepo(text: string) {
  const [id = '', ...settings] = text.split(/\s+/);
  const values = new Map(settings.map((setting) => setting.split('=') as [string, string | undefined]));
  return {
    id,
    priority: Number(values.get('priority') ?? 99),
    hotfixes: values.has('hotfixes'),
    exclude: values.get('exclude') === undefined ? [] : [values.get('exclude')!],
    packages: [] as string[],
    modules: [] as string[],
    comps: [] as string[],
  };
}

function emptyRequest() {
  return {
    install: [] as string[],
    upgrade: [] as string[],
    distroSync: [] as string[],
    reinstall: [] as string[],
    remove: [] as string[],
    erasing: false,
    weak: false,
    best: false,
    exclude: [] as string[],
    ignore: [] as string[],
    favor: [] as string[],
    enable: [] as string[],
    disable: [] as string[],
    repositories: undefined as string[] | undefined,
    only: [] as string[],
    notDnf: undefined as string | undefined,
    answer: [] as string[],
    answerLines: [0, 0] as [number, number],
  };
}

function finishRequest(request: ReturnType<typeof emptyRequest>): ScenarioRequest {
  const { upgrade, distroSync } = request;
  return { ...request, upgrade: isAll(upgrade) ? 'all' : upgrade, distroSync: isAll(distroSync) ? 'all' : distroSync };
}

const isAll = (specs: readonly string[]): boolean => specs.length === 1 && specs[0] === 'all';

function addToRequest(request: ReturnType<typeof emptyRequest>, word: string, rest: string): boolean {
  switch (word) {
    case 'with':
      for (const option of items(rest)) {
        if (option !== 'weak' && option !== 'best' && option !== 'erasing') return false;
        request[option] = true;
      }
      return true;
    case 'exclude':
    case 'ignore':
    case 'favor':
    case 'enable':
    case 'disable':
      request[word].push(...items(rest));
      return true;
    case 'repositories':
      request.repositories = items(rest);
      return true;
    case 'only':
      request.only.push(rest);
      return true;
    case 'not-dnf':
      request.notDnf = rest;
      return true;
    default:
      return false;
  }
}

function addToRepo(repo: ReturnType<typeof emptyRepo>, word: string, rest: string, line: string): void {
  if (word === 'module') repo.modules.push(moduleYaml(rest));
  else if (word === 'default') repo.modules.push(defaultsYaml(rest));
  else if (word === 'group' || word === 'environment') repo.comps.push(word === 'group' ? groupXml(rest) : environmentXml(rest));
  else repo.packages.push(line);
}

function finishRepo(repo: ReturnType<typeof emptyRepo>): ScenarioRepo {
  return {
    ...repo,
    modules: repo.modules.length === 0 ? undefined : repo.modules.join(''),
    comps: repo.comps.length === 0 ? undefined : `<?xml version="1.0"?>\n<comps>${repo.comps.join('')}</comps>\n`,
  };
}

/** `head; key: value; key: value`. */
function split(text: string): { head: string; values: ReadonlyMap<string, string> } {
  const [head = '', ...parts] = text.split(';').map((part) => part.trim());
  return { head, values: new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1).trim()])) };
}

function moduleYaml(text: string): string {
  const { head, values } = split(text);
  const [, name, stream, version, context, arch] = /^([^:]+):([^:]+):([^:]+):([^:]+)\.([^.:]+)$/.exec(head)!;
  const requires = items(values.get('requires') ?? 'platform:el9').map((entry) => {
    const [module = '', wanted = ''] = entry.split(':');
    return `          ${module}: [${wanted.split('|').join(', ')}]\n`;
  });
  const profiles = [...values].filter(([key]) => key.startsWith('profile '));
  const artifacts = items(values.get('artifacts') ?? '');
  return [
    `---\ndocument: modulemd\nversion: 2\ndata:\n  name: ${name}\n  stream: "${stream}"\n  version: ${version}\n  context: ${context}\n  arch: ${arch}\n`,
    `  summary: s\n  description: d\n  license:\n    module: [MIT]\n    content: [MIT]\n  dependencies:\n    - requires:\n${requires.join('')}`,
    profiles.length === 0 ? '' : '  profiles:\n',
    ...profiles.map(([key, rpms]) => `    ${key.slice(8)}:\n      rpms: [${rpms}]\n`),
    artifacts.length === 0 ? '' : `  artifacts:\n    rpms:\n${artifacts.map((nevra) => `      - ${nevra}\n`).join('')}`,
    '...\n',
  ].join('');
}

function defaultsYaml(text: string): string {
  const { head, values } = split(text);
  const [module, stream] = head.split(':');
  const profiles = [...values].map(([key, names]) => `    "${key}": [${names}]\n`);
  const listed = profiles.length === 0 ? '' : `  profiles:\n${profiles.join('')}`;
  return `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: ${module}\n${stream === undefined ? '' : `  stream: "${stream}"\n`}${listed}...\n`;
}

function groupXml(text: string): string {
  const { head, values } = split(text);
  const packages = ['mandatory', 'default', 'optional', 'conditional'].flatMap((type) =>
    items(values.get(type) ?? '').map((item) => {
      const [name, condition] = item.split(' if ');
      return `<packagereq type="${type}"${condition === undefined ? '' : ` requires="${condition}"`}>${name}</packagereq>`;
    }),
  );
  return `<group><id>${head}</id><name>${head}</name><description/><default>false</default><uservisible>true</uservisible><packagelist>${packages.join('')}</packagelist></group>`;
}

function environmentXml(text: string): string {
  const { head, values } = split(text);
  const list = (key: string): string =>
    items(values.get(key) ?? '')
      .map((id) => `<groupid>${id}</groupid>`)
      .join('');
  return `<environment><id>${head}</id><name>${head}</name><description/><display_order>1</display_order><grouplist>${list('groups')}</grouplist><optionlist>${list('optional')}</optionlist></environment>`;
}
