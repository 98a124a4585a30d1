import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';

const SETS = `versions: { VIRT: 0:2-1 }
sets:
  one: { packages: ["virt-\${VIRT}", "virt-libs-\${VIRT}"] }
  two: { packages: ["virt-\${VIRT}"] }
`;

function project(version: string, sets = SETS) {
  const made = cliProject(sets);
  for (const architecture of ['x86_64', 's390x']) {
    made.mirror(architecture, [`virt-${version}-1.${architecture}`, `virt-libs-${version}-1.${architecture}`]);
  }
  return made;
}

test('packages that one variable pins are one thing to mend', async () => {
  const { exitCode, stderr } = await project('3').run('update');
  expect(exitCode).toBe(6);
  expect(stderr).toBe(
    [
      'error: 4 locks cannot be locked: a pinned version is no longer in any repository; nothing was written',
      '  VIRT is 2-1, which is in no repository',
      '    there is 3-1: virt, virt-libs (x86_64, s390x)',
      '    used by one, two',
      '  - run `rpm-deps bump VIRT` to move the pin',
      '',
      'hint: `rpm-deps bump` updates pins to available versions',
      '',
    ].join('\n'),
  );
});

test('where every available version is older, the mirror may be behind', async () => {
  const { exitCode, stderr } = await project('1').run('update');
  expect(exitCode).toBe(6);
  expect(stderr).toContain('    there is 1-1: virt, virt-libs (x86_64, s390x)\n');
  expect(stderr).toContain('  - every available version is older: is the mirror behind?\n');
  expect(stderr).toContain('hint: try another mirror with --mirror URL');
  expect(stderr).not.toContain('run `rpm-deps bump');
});

test('a range that nothing meets is not a lost pin', async () => {
  const { exitCode, stderr } = await project('1', 'sets:\n  one: { packages: ["virt >= 2"] }\n').run('update');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('no version matches `virt >= 2`; there is virt 1-1');
});

test.each([
  ['virt = 2', 6, '`virt = 2` is in no repository; there is virt 3-1\n    - request virt-3-1\n'],
  ['virt-2-*', 2, 'no version matches `virt-2-*`; there is virt 3-1'],
  ['virt-3-2', 6, '- every available version is older: is the mirror behind?'],
])('only what `bump` moves is said to be moved by it: %s', async (spec, code, text) => {
  const { exitCode, stderr } = await project('3', `sets:\n  one: { packages: ["${spec}"] }\n`).run('update');
  expect(exitCode).toBe(code);
  expect(stderr).toContain(text);
  expect(stderr).not.toContain('rpm-deps bump`');
});

test('other problems of the same set are named beside it', async () => {
  const { exitCode, stderr } = await project(
    '3',
    SETS.replace('[virt-', '[x').replace('one: { packages: [', 'one: { packages: [nothing, '),
  ).run('update');
  expect(exitCode).toBe(6);
  expect(stderr).toContain('  VIRT is 2-1, which is in no repository\n');
  expect(stderr).toMatch(/ {2}one-x86_64, one-s390x:\n {4}nothing in the repositories matches `nothing`/);
});

test('a refusal that is the same for several architectures is printed once; one that differs is not', async () => {
  const { run, mirror } = cliProject('sets: { web: { packages: [app] }, more: { packages: [nothing] }, db: { packages: [lib] } }\n');
  for (const arch of ['x86_64', 's390x'])
    mirror(arch, [`app-1-1.${arch} requires: gone`, `lib-1-1.${arch} requires: missing-${arch === 's390x' ? 's' : 'x'}`]);
  const { stderr, exitCode } = await run('lock');
  expect([exitCode, stderr]).toEqual([3, expect.any(String)]);
  expect(stderr).toContain('  more-x86_64, more-s390x:\n    nothing in the repositories matches `nothing`\n');
  expect(stderr).toContain('  web-x86_64, web-s390x:\n    `app` is requested\n      app-1-1 requires');
  expect(stderr).toMatch(/ {2}db-x86_64:\n {4}`lib` is requested\n {6}lib-1-1.x86_64 requires/);
  expect(stderr).toMatch(/ {2}db-s390x:\n {4}`lib` is requested\n {6}lib-1-1.s390x requires/);
});
