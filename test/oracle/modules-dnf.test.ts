/** Modular filtering compared with dnf's, on a real mirror and on made-up modules. */
import { execFileSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SolvableId } from '../../src/pool/ids.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { moduleFilter } from '../../src/resolution/module-filter.ts';
import { corpus } from '../helpers/corpus.ts';
import { mirrorPool } from '../helpers/mirror-pool.ts';
import { randomNumbers } from '../helpers/mutate.ts';
import { optIn } from '../helpers/opt-in.ts';

const SEED = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(2 ** 31));
const enabled = optIn(
  'ORACLE',
  ['/usr/bin/python3', 'xz'].map((path) => path.split('/').at(-1)!),
);

interface World {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
}

interface Answer {
  readonly available: readonly string[];
  readonly active: readonly string[];
  readonly errors: readonly string[];
}

function askDnf(
  mirror: string,
  architecture: string,
  repositories: readonly string[],
  worlds: readonly World[],
  hotfixes: readonly string[] = [],
): Answer[] {
  const script = join(import.meta.dirname, 'modules_dnf.py');
  const input = JSON.stringify({ mirror, architecture, repositories, hotfixes, worlds });
  return JSON.parse(
    execFileSync('/usr/bin/python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] }),
  );
}

function ours(pool: Pool, world: World): Answer {
  const filter = moduleFilter(pool, { ...world, platform: 'platform:el9' });
  const available: string[] = [];
  for (let s = 1; s < pool.end; s++) if (filter.excluded[s] === 0 && pool.archRank[s] !== 0) available.push(pool.nevra(s as SolvableId));
  const active = filter.activeStreams.map((entry) => `${entry.name}:${entry.stream}:${entry.version}:${entry.context}:${entry.repository}`);
  return { available: available.sort(), active: active.sort(), errors: filter.problems };
}

/** dnf's sack also has packages of other architectures, which nothing can install. */
function compare(pool: Pool, world: World, dnf: Answer): void {
  const mine = ours(pool, world);
  const label = JSON.stringify(world);
  // With defaults, or newest builds, that do not go together dnf complains but has a result.
  const isRefusal = dnf.errors.some((text) => /(missing|broken) groups or modules|Modular dependency problems?:/.test(text));
  expect(mine.errors.length > 0, `${label}: ${mine.errors.join('; ')} against ${dnf.errors.join('; ')}`).toBe(isRefusal);
  if (isRefusal) return;
  expect(mine.active, label).toEqual(dnf.active);
  const installable = new Set<string>();
  for (let s = 1; s < pool.end; s++) if (pool.archRank[s] !== 0) installable.add(pool.nevra(s as SolvableId));
  expect(mine.available, label).toEqual(dnf.available.filter((nevra) => installable.has(nevra)));
}

const pick = <T>(list: readonly T[], random: (below: number) => number): T => list[random(list.length)]!;

describe.skipIf(!enabled)(`dnf, RPM_DEPS_SEED=${SEED}`, () => {
  const shared = corpus();
  test.skipIf(shared === undefined).each(['x86_64', 'aarch64', 's390x'])(
    'hides the same packages of a real mirror on %s',
    (architecture) => {
      const random = randomNumbers(SEED);
      const mirror = join(shared!, 'mirror/2025-01-13/9-stream');
      const repositories = ['BaseOS', 'AppStream'];
      const pool = mirrorPool(
        architecture,
        repositories.map((id) => ({ id, path: join(mirror, id, architecture, 'os') })),
      );
      const streams = [
        'mariadb:10.11',
        'maven:3.8',
        'nginx:1.22',
        'nginx:1.24',
        'nodejs:18',
        'nodejs:20',
        'nodejs:22',
        'php:8.1',
        'php:8.3',
      ];
      const more = ['postgresql:15', 'postgresql:16', 'redis', 'ruby:3.1', 'ruby:3.3', 'nope:1', 'nodejs:99', 'nodejs', 'maven/common'];
      const worlds: World[] = [{ enable: [], disable: [] }];
      for (let i = 0; i < 12; i++) {
        const enable = Array.from({ length: random(4) }, () => pick([...streams, ...streams, ...more], random));
        const disable = Array.from({ length: random(2) }, () => pick(['php', 'maven', 'n*'], random));
        worlds.push({ enable: enable.filter((spec) => !disable.includes(spec.split(':')[0]!)), disable });
      }
      const answers = askDnf(
        mirror,
        architecture,
        repositories.map((id) => `${id}/$basearch/os/`),
        worlds,
      );
      worlds.forEach((world, i) => {
        compare(pool, world, answers[i]!);
      });
    },
    600_000,
  );

  test('decides alike about made-up modules', () => {
    for (let round = 0; round < Number(process.env['RPM_DEPS_ROUNDS'] ?? 10); round++) {
      const random = randomNumbers(SEED + round);
      const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-modules-'));
      try {
        const repositories = ['first', 'second'];
        for (const id of repositories) writeRepository(join(folder, id), id, random);
        const hotfixes = random(4) === 0 ? ['second'] : [];
        const repos = repositories.map((id) => ({ id, path: join(folder, id), moduleHotfixes: hotfixes.includes(id) }));
        const pool = mirrorPool('x86_64', repos);
        const worlds = Array.from({ length: 12 }, () => randomWorld(random));
        const answers = askDnf(folder, 'x86_64', repositories, worlds, hotfixes);
        worlds.forEach((world, i) => {
          try {
            compare(pool, world, answers[i]!);
          } catch (error) {
            throw new Error(`made-up modules of RPM_DEPS_SEED=${SEED + round} RPM_DEPS_ROUNDS=1`, { cause: error });
          }
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }, 600_000);
});

const MODULES = ['a', 'b', 'c', 'd', 'e'];
const STREAMS = ['1', '2', '3'];

function randomWorld(random: (below: number) => number): World {
  const names = MODULES.filter(() => random(3) === 0);
  return {
    enable: names.map((name) => (random(8) === 0 ? name : `${name}:${pick(STREAMS, random)}`)),
    disable: MODULES.filter((name) => !names.includes(name) && random(8) === 0),
  };
}

/** Packages p0..p9 in plain and modular builds, and modules that own some of them. */
function writeRepository(path: string, id: string, random: (below: number) => number): void {
  const packages: string[] = [];
  const add = (name: string, release: string, arch: string, provides: readonly string[]): string => {
    packages.push(packageXml(name, release, arch, provides));
    return `${name}-0:1-${release}.${arch}`;
  };
  for (let i = 0; i < 10; i++) {
    add(`p${i}`, `plain.${id}`, 'x86_64', random(4) === 0 ? [`p${random(10)}`] : []);
    if (random(3) === 0) add(`p${i}`, `plain.${id}`, 'src', []);
  }
  let modules = '';
  for (const name of MODULES) {
    for (const stream of STREAMS.filter(() => random(3) > 0)) {
      const contexts = 1 + random(2);
      for (let context = 0; context < contexts; context++) {
        const isStatic = random(2) === 0;
        const requires = randomRequires(name, random);
        for (let version = 1; version <= 1 + random(2); version++) {
          const release = `${name}${stream}${context}${version}.${id}`;
          const arch = random(12) === 0 ? 's390x' : random(12) === 0 ? 'i686' : 'x86_64';
          const rpms = Array.from({ length: 1 + random(3) }, () =>
            add(
              `p${random(10)}`,
              release,
              pick(['x86_64', 'x86_64', 'noarch', 'src', 'i686'], random),
              random(5) === 0 ? [`p${random(10)}`] : [],
            ),
          );
          modules += moduleYaml({
            name,
            stream,
            version,
            context: `c${context}`,
            isStatic,
            arch,
            requires,
            rpms: [...new Set(rpms)],
            random,
          });
        }
      }
    }
    if (random(2) === 0) {
      const modified = random(2) === 0 ? `  modified: ${random(3)}\n` : '';
      modules += `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: ${name}\n${modified}  stream: "${pick(STREAMS, random)}"\n...\n`;
    }
  }
  const unique = [...new Set(packages)];
  const primary = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${unique.length}">
${unique.join('')}</metadata>`;
  writeRepodata(path, { primary, modules });
}

function randomRequires(own: string, random: (below: number) => number): string {
  let text = random(10) === 0 ? '      platform: [el8]\n' : '      platform: [el9]\n';
  for (const name of MODULES) {
    if (name === own || random(4) !== 0) continue;
    const streams = STREAMS.filter(() => random(2) === 0).map((stream) => (random(6) === 0 ? `"-${stream}"` : `"${stream}"`));
    text += `      ${name}: [${streams.join(', ')}]\n`;
  }
  return text;
}

interface MadeUpModule {
  readonly name: string;
  readonly stream: string;
  readonly version: number;
  readonly context: string;
  readonly isStatic: boolean;
  readonly arch: string;
  readonly requires: string;
  readonly rpms: readonly string[];
  readonly random: (below: number) => number;
}

function moduleYaml({ name, stream, version, context, isStatic, arch, requires, rpms, random }: MadeUpModule): string {
  const demodularized = random(6) === 0 ? `  demodularized:\n    rpms:\n    - p${random(10)}\n` : '';
  return `---
document: modulemd
version: 2
data:
  name: ${name}
  stream: "${stream}"
  version: ${version}
  context: ${context}
${isStatic ? '  static_context: true\n' : ''}  arch: ${arch}
  summary: s
  description: d
  license:
    module: [MIT]
  dependencies:
  - requires:
${requires}${demodularized}  artifacts:
    rpms:
${rpms.map((rpm) => `    - ${rpm}\n`).join('')}...
`;
}

function packageXml(name: string, release: string, arch: string, provides: readonly string[]): string {
  const entries = [
    `<rpm:entry name="${name}" flags="EQ" epoch="0" ver="1" rel="${release}"/>`,
    ...provides.map((text) => `<rpm:entry name="${text}"/>`),
  ];
  const file = `${name}-1-${release}.${arch}.rpm`;
  return `<package type="rpm"><name>${name}</name><arch>${arch}</arch><version epoch="0" ver="1" rel="${release}"/>
<checksum type="sha256" pkgid="YES">${sha256(file)}</checksum><summary>s</summary><description>d</description><packager/><url/>
<time file="1" build="1"/><size package="1" installed="1" archive="1"/><location href="${file}"/>
<format><rpm:license>MIT</rpm:license><rpm:group>g</rpm:group><rpm:buildhost>h</rpm:buildhost><rpm:sourcerpm>${arch === 'src' ? '' : `${name}.src.rpm`}</rpm:sourcerpm>
<rpm:header-range start="1" end="2"/>${arch === 'src' ? '' : `<rpm:provides>${entries.join('')}</rpm:provides>`}</format></package>
`;
}

function writeRepodata(path: string, files: { readonly primary: string; readonly modules: string }): void {
  mkdirSync(join(path, 'repodata'), { recursive: true });
  const records = Object.entries({ 'primary.xml': files.primary, 'modules.yaml': files.modules }).map(([name, text]) => {
    writeFileSync(join(path, 'repodata', name), text);
    const size = Buffer.byteLength(text);
    return `<data type="${name.split('.')[0]}"><checksum type="sha256">${sha256(text)}</checksum><open-checksum type="sha256">${sha256(text)}</open-checksum>
<location href="repodata/${name}"/><timestamp>1</timestamp><size>${size}</size><open-size>${size}</open-size></data>`;
  });
  writeFileSync(
    join(path, 'repodata/repomd.xml'),
    `<?xml version="1.0"?><repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>${records.join('\n')}</repomd>`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
