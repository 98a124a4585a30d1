/** The scenarios, asked of dnf: the same packages from the same repositories, or both refuse. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { optIn } from '../helpers/opt-in.ts';
import { filelistsXml, writeRepository } from '../helpers/small-mirror.ts';
import type { ScenarioRequest } from '../scenarios/scenario.ts';
import { readScenarios, type ScenarioFile, topicOf } from '../scenarios/scenario-files.ts';

const enabled = optIn('ORACLE', ['dnf']);

/** What only our manifests have: dnf has no word for it. */
const isOurs = ({ ignore, favor, only, notDnf }: ScenarioRequest): boolean =>
  notDnf !== undefined || ignore.length + favor.length + only.length > 0;

const scenarios = enabled ? readScenarios().filter(({ requests }) => !requests.every(isOurs)) : [];

test.runIf(enabled)('dnf answers most scenarios', () => {
  expect(scenarios.length).toBeGreaterThan(150);
});

test.runIf(enabled).each([...new Set(scenarios.map(topicOf))])('dnf answers the scenarios in %s as they are written down', (topic) => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-scenarios-'));
  try {
    const asked = scenarios.filter((scenario) => topicOf(scenario) === topic);
    const input = asked.map((scenario, index) => `${JSON.stringify(query(scenario, join(directory, String(index))))}\n`).join('');
    const output = execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'scenarios_dnf.py')], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const answers = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer[]);
    const told = asked.flatMap((scenario, index) =>
      scenario.requests.flatMap((request, r) =>
        isOurs(request) ? [] : [{ name: `${scenario.name} ${r + 1}`, ...compared(request, answers[index]![r]!) }],
      ),
    );
    expect(told.filter(({ ours, dnf }) => ours.join() !== dnf.join())).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** What goes has the repository `gone`. */
type Answer = readonly (readonly [nevra: string, repository: string])[] | { readonly refused: string };

function query({ architecture, installed, repos, requests }: ScenarioFile, directory: string): object {
  const before = join(directory, 'installed');
  if (installed.length > 0) writeRepository(before, installed, { filelists: filelistsXml(installed) });
  return {
    architecture,
    installed: installed.length === 0 ? null : before,
    requests: requests.map((request) => ({ ...request, distro_sync: request.distroSync, repositories: request.repositories ?? null })),
    repos: repos.map(({ id, priority, hotfixes, exclude, packages, modules, comps }) => {
      const path = join(directory, id);
      writeRepository(path, packages, { filelists: filelistsXml(packages), modules, group: comps });
      return { id, path, priority, hotfixes, exclude };
    }),
  };
}

function compared({ answer }: ScenarioRequest, dnf: Answer): { ours: string[]; dnf: string[] } {
  const told = answer.filter((line) => line.startsWith('=> '));
  const ours = told.some((line) => line.startsWith('=> refused')) ? ['refused'] : [...new Set(told.flatMap(packagesOfLine))].sort();
  if ('refused' in dnf) return { ours, dnf: ours[0] === 'refused' ? ['refused'] : [`refused: ${dnf.refused}`] };
  return { ours, dnf: dnf.map(([nevra, repository]) => `${nevra.replace(/-0:(?=[^:]*$)/, '-')} ${repository}`).sort() };
}

/** `a-2-1.noarch base, upgrade of a-1-1.noarch` tells one package that comes and one that goes. */
function packagesOfLine(line: string): string[] {
  if (line === '=> nothing to do') return [];
  const text = line.slice(3);
  if (text.startsWith('gone: ')) return [`${text.slice(6)} gone`];
  const [package_ = '', replaced = ''] = text.split(', ');
  const gone = / of (.*)$/.exec(replaced)?.[1]?.split(' ') ?? [];
  return [package_, ...gone.map((nevra) => `${nevra} gone`)];
}
