/** Versions compared by rpm itself, thousands in one call. */

import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareEvr } from '../../src/rpm/evr.ts';
import type { Operator } from '../../src/rpm/relation.ts';
import { rpmvercmp } from '../../src/rpm/rpmvercmp.ts';
import { satisfies } from '../../src/rpm/vercmp.ts';
import { randomFrom } from '../../tools/random-requests.ts';
import { optIn } from '../helpers/opt-in.ts';

const enabled = optIn('ORACLE', ['rpm']);
const PAIRS = 20_000;
const PARTS = [
  '0',
  '1',
  '2',
  '10',
  '01',
  '007',
  '9',
  '99999999999999999999',
  'a',
  'b',
  'rc',
  'Z',
  'el9',
  '.',
  '.',
  '.',
  '_',
  '+',
  '~',
  '^',
  'é',
];

function randomVersion(random: () => number): string {
  const length = 1 + Math.floor(random() * 7);
  return Array.from({ length }, () => PARTS[Math.floor(random() * PARTS.length)]!).join('');
}

/** Half of the pairs differ only a little, where order is hard. */
function randomPair(random: () => number): [string, string] {
  const a = randomVersion(random);
  if (random() < 0.5) return [a, randomVersion(random)];
  const at = Math.floor(random() * (a.length + 1));
  return [a, a.slice(0, at) + randomVersion(random).slice(0, 2) + a.slice(at + Math.floor(random() * 2))];
}

function askRpm(pairs: readonly (readonly [string, string])[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-vercmp-'));
  try {
    const file = join(folder, 'pairs');
    writeFileSync(file, pairs.map(([a, b]) => `${a}\t${b}\n`).join(''));
    // The answers go through a file: rpm's buffer for printed text does not hold this many.
    const program = `%{lua: local file = posix.getenv('RPM_DEPS_PAIRS')
      local answers = io.open(file .. '.answers', 'w')
      for line in io.lines(file) do
        local tab = line:find('\\t')
        answers:write(rpm.vercmp(line:sub(1, tab - 1), line:sub(tab + 1)), ' ')
      end
      answers:close()}`;
    execFileSync('rpm', ['--eval', program], { env: { ...process.env, RPM_DEPS_PAIRS: file } });
    return readFileSync(`${file}.answers`, 'utf8').trim().split(' ').map(Number);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a provided version meets a required range, as librpm's dependency sets compare them. */
function askWhetherMet(relations: readonly (readonly [string, Operator, string])[]): boolean[] {
  const program = `import rpm, sys
flags = {'<': rpm.RPMSENSE_LESS, '=': rpm.RPMSENSE_EQUAL, '>': rpm.RPMSENSE_GREATER}
for line in sys.stdin.read().splitlines():
    provided, operator, required = line.split('\\t')
    provide = rpm.ds(('a', rpm.RPMSENSE_EQUAL, provided), rpm.RPMTAG_PROVIDENAME)
    require = rpm.ds(('a', sum(flags[sign] for sign in operator), required), rpm.RPMTAG_REQUIRENAME)
    print('y' if provide.Compare(require) else 'n', end='')
`;
  const input = relations.map((relation) => `${relation.join('\t')}\n`).join('');
  return [...execFileSync('/usr/bin/python3', ['-c', program], { input, encoding: 'utf8' })].map((answer) => answer === 'y');
}

const seed = randomInt(1_000_000);

test.skipIf(!enabled)(`rpm orders ${PAIRS} pairs of versions alike (seed ${seed})`, () => {
  const random = randomFrom(seed);
  const pairs = Array.from({ length: PAIRS }, () => randomPair(random)).filter(([a, b]) => a !== '' && b !== '');
  const answers = askRpm(pairs);
  expect(answers).toHaveLength(pairs.length);
  const wrong = pairs.flatMap(([a, b], i) => (rpmvercmp(a, b) === answers[i] ? [] : [`${a} ${b}: rpm says ${answers[i]}`]));
  expect(wrong).toEqual([]);
});

test.skipIf(!enabled)(`rpm orders pairs with epochs and releases alike (seed ${seed})`, () => {
  const random = randomFrom(seed + 1);
  const epochs = ['', ':', '0:', '1:', '01:', '10:'];
  const ends = ['', '', '', '-', '-~', '-1-'];
  const epoch = (): string => epochs[Math.floor(random() * epochs.length)]!;
  const pairs = Array.from({ length: 5000 }, (): [string, string] => {
    const [version, other] = randomPair(random);
    const [release, otherRelease] = randomPair(random);
    const end = (): string => (random() < 0.5 ? `-${random() < 0.5 ? release : otherRelease}` : ends[Math.floor(random() * ends.length)]!);
    return [`${epoch()}${version}${end()}`, `${epoch()}${random() < 0.5 ? version : other}${end()}`];
  });
  const answers = askRpm(pairs);
  expect(answers).toHaveLength(pairs.length);
  const wrong = pairs.flatMap(([a, b], i) => (compareEvr(a, b) === answers[i] ? [] : [`${a} ${b}: rpm says ${answers[i]}`]));
  expect(wrong).toEqual([]);
});

const hasBindings = enabled && spawnSync('/usr/bin/python3', ['-c', 'import rpm']).status === 0;

test.skipIf(!hasBindings)(`rpm takes the same versions to be in a range (seed ${seed})`, () => {
  const random = randomFrom(seed + 2);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const version = (): string =>
    pick(['', '', '0:', '1:']) + pick(['1', '1.0', '1.0~rc1', '1.0^git', '1.1', '2']) + pick(['', '-1', '-1~b', '-2']);
  const relations = Array.from({ length: 10_000 }, () => [version(), pick<Operator>(['<', '<=', '=', '>=', '>']), version()] as const);
  const answers = askWhetherMet(relations);
  expect(answers).toHaveLength(relations.length);
  const wrong = relations.filter(([provided, operator, required], i) => satisfies(provided, `${operator} ${required}`) !== answers[i]);
  expect(wrong).toEqual([]);
});
