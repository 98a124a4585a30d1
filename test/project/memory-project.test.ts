import { expect, test } from 'vitest';
import { memoryProject } from '../../src/project/memory-project.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const MANIFEST = 'architectures: [x86_64]\nsets: { web: { packages: [server] } }\n';

test('what was written is read again, and the revision tells every change and only those', async () => {
  const project = memoryProject({ manifest: MANIFEST });
  const empty = await project.revision();
  const web = lock('web-x86_64', ['server'], [lockedPackage('server 1-1')]);
  await project.write({ locks: [web] });
  const first = await project.revision();
  await project.write({ locks: [web] });
  expect(await project.revision()).toBe(first);
  await project.write({ locks: [], manifestText: `${MANIFEST}# a comment\n` });
  expect(new Set([empty, first, await project.revision()]).size).toBe(3);
  expect(await project.locks()).toEqual([web]);
  expect(await project.locks([{ set: 'web', architecture: 's390x' }])).toEqual([]);
  expect(await project.manifestText()).toContain('# a comment');
  expect((await project.manifest()).sets.map(({ name }) => name)).toEqual(['web']);
});

test('a manifest with mistakes is refused when it is read', async () => {
  await expect(memoryProject({ manifest: 'sets: 1\n' }).manifest()).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
});
