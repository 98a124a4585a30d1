import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { queryProject } from '../helpers/query-project.ts';

test('cache info counts every folder that rpm-deps writes, and cache clean keeps what the bot remembers', async () => {
  const { run, directory } = cliProject('sets: { web: { packages: [app] } }\n');
  for (const folder of ['installed-v1', 'labels-v1', 'releasever-v1', 'git-v1', 'bot-v2', 'another-program']) {
    mkdirSync(join(directory, '.cache', folder), { recursive: true });
    writeFileSync(join(directory, '.cache', folder, 'file'), '12345');
  }
  const { folders } = (await run('cache', 'info', '--json')).json as { folders: { name: string }[] };
  expect(folders.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['installed-v1', 'labels-v1', 'releasever-v1', 'git-v1', 'bot-v2']),
  );
  expect(folders.map(({ name }) => name)).not.toContain('another-program');
  await run('cache', 'clean');
  expect(readdirSync(join(directory, '.cache', 'bot-v2'))).toEqual(['file']);
  expect(readdirSync(join(directory, '.cache', 'labels-v1'))).toEqual([]);
});

test('cache clean --dry-run removes nothing', async () => {
  const { run } = await queryProject();
  const before = (await run('cache', 'info', '--json')).json as { files: number };
  const dry = await run('cache', 'clean', '--dry-run');
  expect(dry.stderr).toMatch(new RegExp(`^would remove ${before.files} files, `));
  expect((await run('cache', 'info', '--json')).json).toMatchObject({ files: before.files });
  expect((await run('cache', 'clean')).stderr).toBe(dry.stderr.replace('would remove', 'removed'));
});
