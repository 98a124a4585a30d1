/** KubeVirt's package sets on a mirror of that day, as its maintainers would run them, against the lock that they published. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type Ran, runCli } from '../helpers/cli-project.ts';
import { corpus } from '../helpers/corpus.ts';

type Published = Readonly<Record<string, readonly { readonly nevra: string; readonly sha256: string }[]>>;

const shared = corpus();
const ARCHITECTURES = ['aarch64', 's390x', 'x86_64'];

describe.skipIf(shared === undefined)("KubeVirt's sets", () => {
  let directory = '';
  const run = (...argv: string[]): Promise<Ran> => runCli(argv, { cwd: directory, env: { RPM_DEPS_CACHE_DIR: join(directory, 'cache') } });
  const mirror = (date: string): string => join(shared!, 'mirror', date);
  const locks = (folder = 'rpm-lockfiles'): Record<string, string> =>
    Object.fromEntries(
      readdirSync(join(directory, folder))
        .sort()
        .map((name) => [name, readFileSync(join(directory, folder, name), 'utf8')]),
    );
  const lock = (set: string, architecture: string): Lockfile =>
    JSON.parse(readFileSync(join(directory, 'rpm-lockfiles', `${set}-${architecture}.lock.json`), 'utf8')) as Lockfile;
  const published = (architecture: string): Published =>
    JSON.parse(readFileSync(join(shared!, `kubevirt/published-lock-2025-01-07-${architecture}.json`), 'utf8')) as Published;
  /** What was published and is not in our lock, by set. */
  const missing = (architecture: string): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(published(architecture)).map(([set, packages]) => {
        const ours = new Set(lock(set, architecture).packages.map(({ sha256 }) => sha256));
        return [set, packages.filter(({ sha256 }) => !ours.has(sha256)).map(({ nevra }) => nevra)];
      }),
    );
  const count = (lists: Readonly<Record<string, readonly unknown[]>>): number =>
    Object.values(lists).reduce((sum, list) => sum + list.length, 0);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rpm-deps-kubevirt-'));
    const lists = ARCHITECTURES.map((architecture) => join(shared!, `kubevirt/package-sets-2025-01-07-${architecture}.json`));
    expect((await run('import', ...lists)).exitCode).toBe(0);
    const ran = await run('update', '--mirror', mirror('2025-01-07'));
    expect(ran.exitCode, ran.stderr).toBe(0);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('there is a lock for each set and architecture', () => {
    const counts = ARCHITECTURES.map(
      (architecture) => Object.keys(locks()).filter((name) => name.endsWith(`-${architecture}.lock.json`)).length,
    );
    expect(counts).toEqual([8, 7, 9]);
  });

  // What is missing in these, nothing in the published lock requires, or the mirror has under other checksums.
  test('the packages are those that KubeVirt published for x86_64', () => {
    expect(count(published('x86_64'))).toBe(1016);
    expect(missing('x86_64')).toEqual({
      ...Object.fromEntries(Object.keys(published('x86_64')).map((set) => [set, []])),
      'libguestfs-tools': [
        'adobe-source-code-pro-fonts-0:2.030.1.050-12.el9.1.noarch',
        'fonts-filesystem-1:2.0.5-7.el9.1.noarch',
        'libproxy-0:0.4.15-35.el9.x86_64',
      ],
      sandboxroot: ['json-c-0:0.14-11.el9.x86_64'],
      testimage: ['python3-gobject-base-noarch-0:3.40.1-6.el9.noarch'],
    });
  });

  test('the packages are those that KubeVirt published for s390x', () => {
    expect(count(published('s390x'))).toBe(710);
    expect(missing('s390x')).toEqual({
      ...Object.fromEntries(Object.keys(published('s390x')).map((set) => [set, []])),
      launcherbase: ['libatomic-0:11.5.0-2.el9.s390x'],
      'libvirt-devel': ['libatomic-0:11.5.0-2.el9.s390x'],
      sandboxroot: [
        'json-c-0:0.14-11.el9.s390x',
        'libasan-0:11.5.0-2.el9.s390x',
        'libatomic-0:11.5.0-2.el9.s390x',
        'libubsan-0:11.5.0-2.el9.s390x',
      ],
      testimage: ['python3-gobject-base-noarch-0:3.40.1-6.el9.noarch', 'sevctl-0:0.1.0-4.el9.s390x'],
    });
  });

  test('with its own cache, locale and time zone a run writes the same bytes', async () => {
    const before = { TZ: process.env['TZ'], LC_ALL: process.env['LC_ALL'] };
    Object.assign(process.env, { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' });
    try {
      const other = await run('update', '--mirror', mirror('2025-01-07'), '--cache-dir', 'other-cache', '--lockfiles', 'other');
      expect(other.exitCode, other.stderr).toBe(0);
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect(locks('other')).toEqual(locks());
  });

  test('a week later only what changed changes', async () => {
    const old = locks();
    const writtenAt = (name: string): number => statSync(join(directory, 'rpm-lockfiles', name)).mtimeMs;
    const times = new Map(Object.keys(old).map((name) => [name, writtenAt(name)]));
    const ran = await run('update', '--mirror', mirror('2025-01-13'), '--json');
    expect(ran.exitCode).toBe(0);
    const now = locks();
    const lockedIn = (text: string): Map<string, string> =>
      new Map((JSON.parse(text) as Lockfile).packages.map((locked) => [`${locked.name}.${locked.arch}`, JSON.stringify(locked)]));
    const sources = new Set<string>();
    for (const [name, text] of Object.entries(now)) {
      const [before, after] = [lockedIn(old[name]!), lockedIn(text)];
      const changed = [...after].filter(([key, pin]) => before.get(key) !== pin);
      const gone = [...before.keys()].filter((key) => !after.has(key));
      if (changed.length + gone.length === 0) expect([name, text, writtenAt(name)]).toEqual([name, old[name], times.get(name)]);
      for (const [, pin] of changed) sources.add((JSON.parse(pin) as { source: string }).source);
    }
    expect([...sources].sort()).toMatchInlineSnapshot(`
      [
        "glibc-2.34-148.el9.src.rpm",
        "libsepol-3.6-2.el9.src.rpm",
        "lvm2-2.03.28-4.el9.src.rpm",
        "systemd-252-49.el9.src.rpm",
      ]
    `);
  });

  test('what `ignore` leaves out takes along only what nothing else needs', async () => {
    const file = join(directory, 'rpm-packages.yaml');
    const manifest = parseDocument(readFileSync(file, 'utf8'));
    const ignore = [
      'kernel*',
      'linux-firmware',
      '/^python3?-/',
      '/^mozjs60/',
      'swtpm*',
      'man-db',
      'dbus*',
      'libguestfs-appliance',
      'passt-selinux',
    ];
    manifest.setIn(['sets', 'libguestfs-tools', 'ignore'], ignore);
    writeFileSync(file, manifest.toString());
    const ran = await run('update', '--allow-downgrade', '--mirror', mirror('2025-01-07'), '--set', 'libguestfs-tools', '--json');
    expect(ran.exitCode).toBe(0);
    const { packages } = lock('libguestfs-tools', 'x86_64');
    const ours = new Set(packages.map(({ sha256 }) => sha256));
    const theirs = published('x86_64')['libguestfs-tools']!;
    // KubeVirt left libevent's dependents out and kept libevent; fonts and libproxy are in no requirement of what it kept.
    expect(theirs.filter(({ sha256 }) => !ours.has(sha256)).map(({ nevra }) => nevra.replace(/-\d.*/, ''))).toEqual([
      'adobe-source-code-pro-fonts',
      'fonts-filesystem',
      'libevent',
      'libproxy',
    ]);
    const publishedSums = new Set(theirs.map(({ sha256 }) => sha256));
    expect(packages.filter(({ sha256 }) => !publishedSums.has(sha256)).map(({ name }) => name)).toEqual([
      'openldap-compat',
      'polkit-pkla-compat',
    ]);
    const isIgnored = /^(kernel|linux-firmware$|python3?-|mozjs60|swtpm|man-db$|dbus|libguestfs-appliance$|passt-selinux$)/;
    expect(packages.filter(({ name }) => isIgnored.test(name))).toEqual([]);
    // No orphan: everything hangs on what was requested.
    const byName = new Map(packages.map((locked) => [locked.name, locked]));
    const roots = packages.filter(({ name }) =>
      lock('libguestfs-tools', 'x86_64').requested?.some((spec) => spec === name || spec.startsWith(`${name}-`)),
    );
    const reached = new Set(roots.map(({ name }) => name));
    for (const name of reached) for (const needed of byName.get(name)?.dependencies ?? []) reached.add(needed);
    expect([...byName.keys()].filter((name) => !reached.has(name))).toEqual([]);
    expect((ran.json as { sets: { unmet: unknown[] }[] }).sets[0]!.unmet).toMatchInlineSnapshot(`
      [
        {
          "ignored": [
            "libguestfs-appliance-1:1.54.0-3.el9.x86_64",
          ],
          "package": "libguestfs-1:1.54.0-3.el9.x86_64",
          "relation": "(libguestfs-appliance = 1:1.54.0-3.el9 or libguestfs-noappliance)",
        },
        {
          "ignored": [
            "man-db-0:2.9.3-7.el9.x86_64",
          ],
          "package": "libguestfs-1:1.54.0-3.el9.x86_64",
          "relation": "/usr/bin/man",
        },
        {
          "ignored": [
            "dbus-1:1.12.20-8.el9.x86_64",
          ],
          "package": "libvirt-daemon-common-0:10.10.0-3.el9.x86_64",
          "relation": "dbus",
        },
        {
          "ignored": [
            "swtpm-tools-0:0.8.0-2.el9.x86_64",
          ],
          "package": "libvirt-daemon-driver-qemu-0:10.10.0-3.el9.x86_64",
          "relation": "swtpm-tools",
        },
        {
          "ignored": [
            "dbus-1:1.12.20-8.el9.x86_64",
          ],
          "package": "polkit-0:0.117-13.el9.x86_64",
          "relation": "dbus",
        },
        {
          "ignored": [
            "dbus-1:1.12.20-8.el9.x86_64",
          ],
          "package": "systemd-0:252-48.el9.x86_64",
          "relation": "dbus >= 1.9.18",
        },
      ]
    `);
  });

  test('the lockfiles of schema 1.0 that KubeVirt has are read', async () => {
    const folder = join(shared!, 'kubevirt/rpm-lockfiles-2026-02-03');
    const ran = await run('diff', folder, folder, '--json');
    expect(ran.exitCode, ran.stderr).toBe(0);
    const exported = await run('export', '--lockfiles', folder, '--format', 'list', '--set', 'launcherbase', '--arch', 's390x');
    expect(exported.exitCode, exported.stderr).toBe(0);
    const { packages } = JSON.parse(readFileSync(join(folder, 'launcherbase-s390x.lock.json'), 'utf8')) as { packages: unknown[] };
    expect(exported.stdout.trimEnd().split('\n')).toHaveLength(packages.length);
  });
});
