import { expect, test } from 'vitest';
import type { Solved } from '../../src/resolution/resolution.ts';
import { causesOf, withoutGlobs } from '../../tools/disagreement.ts';
import { askScenario, poolOfScenario } from '../scenarios/answer-scenario.ts';
import { parseScenario } from '../scenarios/scenario.ts';

const WORLD = parseScenario(
  `# a world
repo base
  app-1-1.x86_64 requires: web, tool; recommends: doc
  nginx-1-1.x86_64 provides: web; requires: ssl
  httpd-1-1.x86_64 provides: web
  ssl-1-1.x86_64
  tool-1-1.x86_64
  tool-2-1.x86_64
  doc-1-1.noarch

install app
`,
  'world',
);
const pool = poolOfScenario(WORLD);
const ours = askScenario(pool, WORLD.requests[0]!) as Solved;

test('the cause of a disagreement is the choice in which two answers part', () => {
  const dnf = ['app-0:1-1.x86_64', 'doc-0:1-1.noarch', 'nginx-0:1-1.x86_64', 'ssl-0:1-1.x86_64', 'tool-0:1-1.x86_64'];
  expect(causesOf(pool, ours, dnf)).toEqual([
    "app-0:1-1.x86_64 (requires web) is met by httpd-0:1-1.x86_64 here, by nginx-0:1-1.x86_64 in dnf's answer",
    "app-0:1-1.x86_64 (requires tool) is met by tool-0:2-1.x86_64 here, by tool-0:1-1.x86_64 in dnf's answer",
    'dnf has doc-0:1-1.noarch for app-0:1-1.x86_64 (recommends doc)',
    "nothing that both answers have asks for ssl-0:1-1.x86_64 of dnf's",
  ]);
});

test('a request with other packages has the request as the cause', () => {
  expect(causesOf(pool, ours, ['tool-0:2-1.x86_64', 'httpd-0:1-1.x86_64'])).toEqual([
    "the request for app is met by app-0:1-1.x86_64 here, by nothing in dnf's answer",
  ]);
});

test('a glob on names is the names that it matches, in the order of the metadata', () => {
  expect(withoutGlobs(pool, ['*t*', 'app', '/usr/bin/*', 'zz*'])).toEqual(['httpd', 'tool', 'app', '/usr/bin/*', 'zz*']);
});
