import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';

test('check --annotate prints findings beside file and line, and mistakes of the manifest', async () => {
  const project = cliProject('sets: { tools: { packages: [acl] } }\n');
  for (const architecture of ['x86_64', 's390x']) project.mirror(architecture, [`acl-1-1.${architecture}`, `bash-1-1.${architecture}`]);
  await project.run('update');
  expect((await project.run('check', '--annotate')).stdout).not.toContain('::error');
  project.write('rpm-packages.yaml', project.read('rpm-packages.yaml').replace('[acl]', '[acl, bash]'));
  const { exitCode, stdout } = await project.run('check', '--annotate');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^::error file=rpm-lockfiles\/tools-(?:x86_64|s390x)\.lock\.json,line=\d+,title=rpm-deps check::.*%0A/m);
  project.write('rpm-packages.yaml', `${project.read('rpm-packages.yaml')}setz: {}\n`);
  expect((await project.run('check', '--annotate')).stdout).toMatch(
    /^::error file=rpm-packages\.yaml,line=5,col=1,title=rpm-deps check::/m,
  );
});

test('no name can begin a command of its own', async () => {
  const project = cliProject('sets: { "tools": { packages: ["a\\n::set-output name=x::y"] } }\n');
  const { stdout } = await project.run('check', '--annotate');
  expect(stdout).not.toMatch(/^::set-output/m);
});
