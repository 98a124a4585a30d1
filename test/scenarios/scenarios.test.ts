/** Every scenario of these folders; RPM_DEPS_RECORD=1 writes the answers of today into the files, to be read before they are kept. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { askScenario, describeOutcome, installedOf, poolOfScenario } from './answer-scenario.ts';
import { parseScenario } from './scenario.ts';
import { readScenarios, type ScenarioFile, topicOf } from './scenario-files.ts';

const isRecording = process.env['RPM_DEPS_RECORD'] === '1';
const scenarios = readScenarios();

test('there are many, each with a title of its own', () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(150);
  expect(new Set(scenarios.map(({ title }) => title)).size).toBe(scenarios.length);
});

test('an empty line goes between requests that have no answers yet', () => {
  const world = '# Two requests\nrepo base\n  a-1-1.x86_64\n\ninstall a\nwith best\n';
  const { requests } = parseScenario(`${world}\ninstall b\nupgrade a\n`, 'x');
  expect(requests.map(({ install, upgrade, best, answerLines }) => [install, upgrade, best, answerLines])).toEqual([
    [['a'], [], true, [6, 6]],
    [['b'], ['a'], false, [9, 9]],
  ]);
  expect(() => parseScenario(`${world}install b\n`, 'x')).toThrow('x:7: a second "install": an empty line goes between two requests');
});

describe.each([...new Set(scenarios.map(topicOf))])('%s', (topic) => {
  const group = scenarios.filter((scenario) => topicOf(scenario) === topic);
  test.each(group.map((scenario) => [scenario.title, scenario] as const))('%s', (_title, scenario) => {
    const pool = poolOfScenario(scenario);
    const installed = installedOf(scenario);
    const answers = scenario.requests.map((request) => describeOutcome(askScenario(pool, request, installed)));
    if (isRecording) record(scenario, answers);
    else expect(answers).toEqual(scenario.requests.map(({ answer }) => answer));
  });
});

function record({ path, text, requests }: ScenarioFile, answers: readonly (readonly string[])[]): void {
  const lines = text.split('\n');
  for (const [index, { answerLines }] of [...requests.entries()].reverse())
    lines.splice(answerLines[0], answerLines[1] - answerLines[0], ...answers[index]!);
  writeFileSync(path, lines.join('\n'));
}
