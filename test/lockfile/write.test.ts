import { describe, expect, test } from 'vitest';
import { migrateLockfile } from '../../src/lockfile/migrate.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { sameContent } from '../../src/lockfile/same-content.ts';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { lock, lockedPackage, oldLock } from '../helpers/small-locks.ts';

const bash = lockedPackage('bash 5.1.8-9.el9', { dependencies: ['glibc'], sha256: 'a'.repeat(64) });
const glibc = lockedPackage('glibc 2.34-147.el9', { sha256: 'b'.repeat(64) });
const LOCK = lock('a-x86_64', ['bash'], [glibc, bash]);

describe('renderLockfile', () => {
  test('writes keys in a fixed order, packages by name, short lists on one line', () => {
    expect(renderLockfile(LOCK)).toMatchInlineSnapshot(`
      "{
        "schema_version": "1.1",
        "architecture": "x86_64",
        "package_set": "a",
        "generated": "2025-01-13T09:43:32Z",
        "generator": "rpm-deps 0.1.0",
        "manifest_digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "requested": ["bash"],
        "ignored": [],
        "repositories": [
          {
            "id": "baseos",
            "baseurl": "https://mirror.test/BaseOS/",
            "revision": "1",
            "repomd_sha256": "d0df476353bf7bd128a22e414a59d0baebd1fb57d11d6a197ad839227e02dad0"
          }
        ],
        "packages": [
          {
            "name": "bash",
            "epoch": "0",
            "version": "5.1.8",
            "release": "9.el9",
            "arch": "x86_64",
            "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "filename": "bash-5.1.8-9.el9.x86_64.rpm",
            "repository": "baseos",
            "location": "Packages/bash-5.1.8-9.el9.x86_64.rpm",
            "size": 1000,
            "source": "bash-5.1.8-9.el9.src.rpm",
            "dependencies": ["glibc"]
          },
          {
            "name": "glibc",
            "epoch": "0",
            "version": "2.34",
            "release": "147.el9",
            "arch": "x86_64",
            "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            "filename": "glibc-2.34-147.el9.x86_64.rpm",
            "repository": "baseos",
            "location": "Packages/glibc-2.34-147.el9.x86_64.rpm",
            "size": 1000,
            "source": "glibc-2.34-147.el9.src.rpm",
            "dependencies": []
          }
        ]
      }
      "
    `);
  });

  test('breaks a list that would be longer than 120 characters', () => {
    const names = Array.from({ length: 12 }, (_, i) => `a-long-package-name-${i}`);
    const text = renderLockfile(lock('a-x86_64', names, []));
    expect(text).toContain('"requested": [\n    "a-long-package-name-0",\n');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('orders packages by name, then architecture, then version, whatever order they come in', () => {
    const lockedPackages = [
      lockedPackage('b 1-1'),
      lockedPackage('a 1-1', { arch: 'x86_64' }),
      lockedPackage('a 1-1', { arch: 'i686' }),
      lockedPackage('B 1-1'),
      lockedPackage('k 2-1'),
      lockedPackage('k 1-1'),
    ];
    const names = parseLockfile(renderLockfile(lock('a-x86_64', [], lockedPackages)), 'x').packages.map(({ filename }) => filename);
    expect(names).toEqual([
      'B-1-1.x86_64.rpm',
      'a-1-1.i686.rpm',
      'a-1-1.x86_64.rpm',
      'b-1-1.x86_64.rpm',
      'k-1-1.x86_64.rpm',
      'k-2-1.x86_64.rpm',
    ]);
  });
});

describe('sameContent', () => {
  test('does not see when the metadata was read, and sees another URL of a repository', () => {
    const later = lock('a-x86_64', ['bash'], [bash, glibc], {
      generated: '2026-01-01T00:00:00Z',
      generator: 'rpm-deps 9',
      repositories: LOCK.repositories!.map((repository) => ({ ...repository, revision: '2', repomd_sha256: 'c'.repeat(64) })),
    });
    expect(sameContent(LOCK, later)).toBe(true);
    const repositories = LOCK.repositories!.map((repository) => ({ ...repository, baseurl: 'file:///elsewhere/' }));
    expect(sameContent(LOCK, { ...later, repositories })).toBe(false);
  });

  test.each([
    ['another package', lock('a-x86_64', ['bash'], [bash, lockedPackage('glibc 2.34-148.el9')])],
    ['another request', lock('a-x86_64', ['bash', 'glibc'], [bash, glibc])],
    ['another digest', { ...LOCK, manifest_digest: `sha256:${'1'.repeat(64)}` }],
    ['something that is ignored', { ...LOCK, ignored: ['x'] }],
    ['another dependency', lock('a-x86_64', ['bash'], [{ ...bash, dependencies: [] }, glibc])],
  ])('sees %s', (_, other) => {
    expect(sameContent(LOCK, other)).toBe(false);
  });

  test('compares key fingerprints only where both locks know them', () => {
    const withKey = (key?: string) => ({
      ...LOCK,
      repositories: [{ ...LOCK.repositories![0]!, ...(key ? { gpgkey_fingerprints: [key] } : {}) }],
    });
    expect(sameContent(withKey('A'.repeat(40)), withKey())).toBe(true);
    expect(sameContent(withKey('A'.repeat(40)), withKey('B'.repeat(40)))).toBe(false);
  });
});

test('a migrated lockfile of schema 1.0 is a valid one of the newest schema', () => {
  const migrated = migrateLockfile(oldLock(LOCK));
  expect(parseLockfile(renderLockfile(migrated), 'x').schema_version).toBe('1.1');
});
