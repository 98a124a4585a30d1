import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../src/net/http-client.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import { resolveAsync } from '../../src/resolution/resolve.ts';
import { fixture } from '../helpers/fixtures.ts';
import { optIn } from '../helpers/opt-in.ts';
import { plainRepository } from '../helpers/plain-repository.ts';

const DNF = '/usr/bin/python3';
const cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-fixture-mirror-'));
const http = createHttpClient({ env: {} });

afterAll(async () => {
  await http.close();
  rmSync(cacheDir, { recursive: true, force: true });
});

/** Every name that a spec file makes a package of, alone, and some harder requests. */
function requests(): string[][] {
  const names = readdirSync(fixture('specs')).flatMap((file) => {
    const spec = file.endsWith('.spec') && file !== 'hello.spec' ? readFileSync(fixture(`specs/${file}`), 'utf8') : '';
    const main = /^Name: (\S+)$/m.exec(spec)?.[1];
    return [...spec.matchAll(/^%files(?: (-n )?(\S+))?$/gm)].map(([, isFull, name]) =>
      name === undefined ? main! : isFull === undefined ? `${main}-${name}` : name,
    );
  });
  const harder = [
    ['/usr/share/dict/words', 'nodejs'],
    ['libvirt', 'podman', 'selinux-policy-targeted'],
    ['webserver'],
    ['curl', 'curl-minimal'],
    ['kernel', 'linux-firmware'],
  ];
  return [...names.map((name) => [name]), ...harder, ['libvirt-client-10.5.0-7.2.el9'], ['libacl.i686', 'libacl']];
}

describe.skipIf(!optIn('ORACLE', ['dnf']))('dnf on the fixture mirror', () => {
  test.each(['mirror', 'mirror-next'].flatMap((date) => ['x86_64', 'aarch64', 's390x'].map((architecture) => ({ date, architecture }))))(
    'takes the same packages for every request on $date for $architecture',
    async ({ date, architecture }) => {
      const directories = ['BaseOS', 'AppStream', 'CRB'].map((name) => fixture(`${date}/9-stream/${name}/${architecture}/os/`));
      const repositories = directories.map((directory, index) => ({ id: `repo${index}`, baseurls: [pathToFileURL(directory).href] }));
      const pool = await loadPool({
        architecture,
        repositories: repositories.map(({ id, baseurls, ...more }) => plainRepository(id, baseurls, more)),
        cacheDir,
        http,
        emit: () => undefined,
        offline: false,
      });
      const wanted = requests();
      const theirs: unknown = JSON.parse(
        execFileSync(DNF, [join(import.meta.dirname, 'dnf_closure.py'), ...directories, architecture], {
          input: JSON.stringify(wanted),
          encoding: 'utf8',
          stdio: 'pipe',
        }),
      );
      const ours: (string[] | null)[] = [];
      for (const install of wanted) {
        const outcome = await resolveAsync(pool, { install });
        ours.push(
          outcome.kind === 'solved' ? outcome.packages.map((p) => `${p.name}-${p.epoch}:${p.version}-${p.release}.${p.arch}`).sort() : null,
        );
      }
      const named = (answers: unknown) => (answers as unknown[]).map((answer, i) => [wanted[i], answer]);
      expect(named(ours)).toEqual(named(theirs));
    },
  );
});
