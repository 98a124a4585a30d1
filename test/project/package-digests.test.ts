/** Packages whose repository has no sha256 for them are locked with the digest that it has, and with the sha256 of the RPM itself. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { fetchLocked } from '../../src/commands/fetch.ts';
import { update } from '../../src/commands/update.ts';
import { verifyLocked } from '../../src/commands/verify.ts';
import { type Lockfile, parseLockfile } from '../../src/index.ts';
import { EXPORT_WRITERS } from '../../src/views/export-formats.ts';
import { fixture } from '../helpers/fixtures.ts';
import { newProject, type Project, rerun } from '../helpers/project.ts';
import { rpmRepodata } from '../helpers/rpm-repository.ts';

const RPM = fixture('rpms/unsigned.rpm');

/** A project with a repository in a folder, whose packages have such checksums. */
async function projectWith(
  packageChecksum: string,
  more: Readonly<Record<string, unknown>> = {},
  editPrimary = (xml: string) => xml,
): Promise<Project & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-checksums-'));
  const files = await rpmRepodata({ rpms: { 'hello.rpm': RPM }, packageChecksum, editPrimary });
  for (const [file, bytes] of [...files, ['hello.rpm', readFileSync(RPM)] as const]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }
  const project = newProject();
  const repositories = [{ id: 'r', baseurl: pathToFileURL(folder).href, ...more }];
  const manifest = { schema_version: '1.0', architectures: ['x86_64'], repositories, sets: { s: { packages: ['hello'] } } };
  writeFileSync(join(project.cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
  return { ...project, folder };
}

function lockOf({ cwd }: Project): Lockfile {
  return parseLockfile(readFileSync(join(cwd, 'rpm-lockfiles/s-x86_64.lock.json'), 'utf8'), 's-x86_64');
}

test.each(['sha224', 'sha384', 'sha512'])('a package with %s only is locked, fetched and verified', async (type) => {
  const project = await projectWith(type);
  await update({}, project.context);
  const lock = lockOf(project);
  const [locked] = lock.packages;
  expect([lock.schema_version, locked!.sha256, locked!.digest]).toEqual([
    '1.1',
    sha256(readFileSync(RPM)),
    expect.stringMatching(`^${type}:[0-9a-f]+$`),
  ]);
  expect((await fetchLocked({ output: 'out' }, project.context)).files).toHaveLength(1);
  expect((await verifyLocked({ directory: 'out' }, project.context)).problems).toEqual([]);
  if (type === 'sha512') expect(EXPORT_WRITERS.cyclonedx.write([lock])).toContain('"alg": "SHA-512"');
});

test('what is locked already is not downloaded again', async () => {
  const project = await projectWith('sha512');
  await update({}, project.context);
  const before = lockOf(project);
  rmSync(join(project.folder, 'hello.rpm'));
  await update({}, rerun(project, { cacheDir: join(project.cwd, 'another-cache') }).context);
  expect(lockOf(project)).toEqual(before);
});

test.each(['sha1', 'sha', 'md5'])('a package with %s only is locked where that is allowed', async (type) => {
  await expect(update({}, (await projectWith(type)).context)).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringMatching(/`hello-.*` in `r` has only a (?:sha1?|md5) checksum/),
    hint: expect.stringContaining('allow_weak_checksums: true'),
  });
  const project = await projectWith(type, { allow_weak_checksums: true });
  await update({}, project.context);
  expect(lockOf(project).packages[0]).toMatchObject({
    sha256: sha256(readFileSync(RPM)),
    digest: expect.stringMatching(/^(?:sha1:[0-9a-f]{40}|md5:[0-9a-f]{32})$/),
  });
});

test.each([
  ['a type in upper case', 'SHA256', (xml: string) => xml],
  ['a size of 0', 'sha256', (xml: string) => xml.replace(/<size package="\d+"/, '<size package="0"')],
  ['no size', 'sha256', (xml: string) => xml.replace(/<size package="\d+"/, '<size')],
])('a package with a sha256 and %s is locked and fetched, as with dnf', async (_, type, edit) => {
  const project = await projectWith(type, {}, edit);
  await update({}, project.context);
  const [locked] = lockOf(project).packages;
  expect([locked!.sha256, locked!.digest, locked!.size]).toEqual([
    sha256(readFileSync(RPM)),
    undefined,
    type === 'SHA256' ? readFileSync(RPM).length : undefined,
  ]);
  expect((await fetchLocked({ output: 'out' }, project.context)).files).toHaveLength(1);
});

test('an RPM that is not what the repository says is not locked', async () => {
  const project = await projectWith('sha512');
  writeFileSync(join(project.folder, 'hello.rpm'), 'something else');
  await expect(update({}, project.context)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
});
