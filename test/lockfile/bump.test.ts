import { describe, expect, test } from 'vitest';
import { type BumpOptions, planBump } from '../../src/lockfile/bump.ts';
import type { CandidateLookup } from '../../src/lockfile/candidates.ts';
import { manifestPins, namesToLookUp } from '../../src/lockfile/manifest-pins.ts';
import { outdatedPackages } from '../../src/lockfile/outdated.ts';
import { renderBump } from '../../src/views/bump.ts';
import { renderOutdated } from '../../src/views/outdated.ts';
import { manifestOf } from '../helpers/parse-manifest.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const TEXT = `architectures: [x86_64, s390x]
versions:
  QEMU: 17:9.1.0-7.el9
  LIBVIRT: 0:10.10.0-3.el9
  SEABIOS: 1.16.3
  GLOB: 1.*
  UNUSED: "1"
sets:
  a:
    packages:
      - qemu-kvm-core-\${QEMU}
      - { name: "qemu-kvm-gpu-\${QEMU}", architectures: [x86_64] }
      - qemu-img-17:9.1.0-7.el9
      - libvirt-client-\${LIBVIRT}
      - { name: "seabios-\${SEABIOS}", architectures: [x86_64] }
      - floating-\${GLOB}
      - java-17-openjdk
`;
const MIRROR: Record<string, string[]> = {
  'qemu-kvm-core x86_64': ['17:9.1.0-7.el9', '17:9.1.0-8.el9', '17:9.1.0-10.el9'],
  'qemu-kvm-core s390x': ['17:9.1.0-7.el9', '17:9.1.0-8.el9'],
  'qemu-kvm-gpu x86_64': ['17:9.1.0-7.el9', '17:9.1.0-8.el9', '17:9.1.0-10.el9'],
  'qemu-img x86_64': ['17:9.1.0-7.el9', '17:9.1.0-8.el9', '17:9.1.0-10.el9'],
  'qemu-img s390x': ['17:9.1.0-7.el9', '17:9.1.0-8.el9', '17:9.1.0-10.el9'],
  'libvirt-client x86_64': ['10.10.0-4.el9'],
  'libvirt-client s390x': ['10.10.0-4.el9'],
  'seabios x86_64': ['1.16.3-4.el9', '1.17.0-1.el9'],
};
const lookup =
  (mirror: Record<string, string[]>): CandidateLookup =>
  (name, architecture) =>
    (mirror[`${name} ${architecture}`] ?? []).map((text) => {
      const { epoch, version, release } = lockedPackage(`${name} ${text}`);
      const source = /^(qemu|libvirt)/.exec(name)?.[0] ?? name;
      return { epoch, version, release, source: `${source}-${version}-${release}.src.rpm` };
    });

async function plan(options: Partial<BumpOptions> = {}, mirror: Record<string, string[]> = {}) {
  const manifest = await manifestOf(TEXT);
  return planBump(manifestPins(manifest), lookup({ ...MIRROR, ...mirror }), { holds: manifest.holds, today: '2025-01-13', ...options });
}
const summary = ({ rows }: Awaited<ReturnType<typeof plan>>) =>
  Object.fromEntries(rows.map((row) => [row.pin.variable ?? row.pin.template, row.to ?? row.status]));

describe('manifestPins', () => {
  test('finds variables with the packages they pin, and versions in specs', async () => {
    const pins = manifestPins(await manifestOf(TEXT));
    expect(pins.map(({ variable, template, value, packages }) => [variable ?? template, value, packages])).toEqual([
      ['QEMU', '17:9.1.0-7.el9', ['qemu-kvm-core', 'qemu-kvm-gpu']],
      ['qemu-img-17:9.1.0-7.el9', '17:9.1.0-7.el9', ['qemu-img']],
      ['LIBVIRT', '0:10.10.0-3.el9', ['libvirt-client']],
      ['SEABIOS', '1.16.3', ['seabios']],
      ['GLOB', '1.*', ['floating']],
      ['UNUSED', '1', []],
    ]);
  });
});

describe('versions in specs', () => {
  const MANIFEST = `architectures: [x86_64]
sets: { a: { packages: [tool-1-1, lib-1, epoch-2:1, gcc-toolset-13, curl-minimal, gone-1-1, other-1-1] } }
`;
  const VERSIONS: Record<string, string[]> = {
    'tool x86_64': ['1-1', '2-1'],
    'lib x86_64': ['1-1', '2-4'],
    'epoch x86_64': ['2:1-1', '3:1-1'],
    'gcc-toolset x86_64': ['14-1'],
    'gcc-toolset-13 x86_64': ['13.0-1'],
    'curl x86_64': ['8-1'],
    'gone x86_64': ['3-1'],
  };

  test('need no distribution in the release where the repositories tell what is a name and what a version', async () => {
    const manifest = await manifestOf(MANIFEST);
    const { rows } = planBump(manifestPins(manifest, lookup(VERSIONS)), lookup(VERSIONS), { holds: [], today: '2025-01-13' });
    expect(rows.map(({ pin, edit }) => [pin.template, edit?.kind === 'spec' ? edit.to : null])).toEqual([
      ['gone-1-1', 'gone-3-1'],
      ['tool-1-1', 'tool-2-1'],
      ['lib-1', 'lib-2'],
      ['epoch-2:1', 'epoch-3:1'],
    ]);
  });

  test('of globs and paths are nobody to be looked up, and no pins that are gone', async () => {
    const manifest = await manifestOf(
      'architectures: [x86_64]\nversions: { V: 1-1 }\nsets: { a: { packages: ["tool-*-${V}", "/opt/tool-${V}", "tool = ${V}"] } }\n',
    );
    const { rows } = planBump(manifestPins(manifest, lookup(VERSIONS)), lookup(VERSIONS), { holds: [], today: '2025-01-13' });
    expect(rows).toMatchObject([{ status: 'floating', gone: [] }]);
  });

  test('are looked up under every name that they may mean', async () => {
    const names = namesToLookUp(await manifestOf(MANIFEST)).get('x86_64');
    expect([...names!].sort()).toEqual(
      expect.arrayContaining(['tool', 'tool-1-1', 'tool-1', 'lib', 'gcc-toolset', 'gcc-toolset-13', 'epoch']),
    );
    expect(names).not.toContain('curl');
  });
});

describe('planBump', () => {
  test('takes the newest version that every architecture has, for all packages of a source RPM', async () => {
    expect(summary(await plan())).toEqual({
      QEMU: '17:9.1.0-8.el9',
      'qemu-img-17:9.1.0-7.el9': '17:9.1.0-8.el9',
      LIBVIRT: '0:10.10.0-4.el9',
      SEABIOS: '1.17.0',
      GLOB: 'floating',
      UNUSED: 'floating',
    });
  });

  test('gives the edits of the manifest', async () => {
    const edits = (await plan({ names: ['qemu'] })).rows.map((row) => row.edit);
    expect(edits).toEqual([
      { kind: 'version', name: 'QEMU', value: '17:9.1.0-8.el9' },
      { kind: 'spec', from: 'qemu-img-17:9.1.0-7.el9', to: 'qemu-img-17:9.1.0-8.el9' },
    ]);
  });

  test('names pins that are gone first, with where', async () => {
    const { rows } = await plan();
    expect(rows[0]).toMatchObject({
      pin: { variable: 'LIBVIRT' },
      gone: [
        { package: 'libvirt-client', architecture: 'x86_64' },
        { package: 'libvirt-client', architecture: 's390x' },
      ],
    });
  });

  test.each([
    ['a version name', ['QEMU'], ['QEMU', 'qemu-img-17:9.1.0-7.el9']],
    ['a package', ['libvirt-client'], ['LIBVIRT']],
    ['a glob', ['sea*'], ['SEABIOS']],
    ['a source RPM', ['qemu'], ['QEMU', 'qemu-img-17:9.1.0-7.el9']],
  ])('can be told what to bump by %s', async (_, names, expected) => {
    expect(Object.keys(summary(await plan({ names })))).toEqual(expected);
  });

  test('says which names mean no pin', async () => {
    expect(await plan({ names: ['nope'] })).toEqual({ rows: [], unmatched: ['nope'] });
  });

  test('goes to the version it is told, also an older one', async () => {
    expect((await plan({ names: ['QEMU'], to: '9.1.0-8.el9' })).rows[0]).toMatchObject({ to: '17:9.1.0-8.el9', is_downgrade: false });
    const older = await plan(
      { names: ['LIBVIRT'], to: '10.9.0-1.el9' },
      { 'libvirt-client x86_64': ['10.9.0-1.el9'], 'libvirt-client s390x': ['10.9.0-1.el9'] },
    );
    expect(older.rows[0]).toMatchObject({ to: '0:10.9.0-1.el9', is_downgrade: true });
  });

  test('refuses a version that not every architecture has', async () => {
    expect((await plan({ names: ['QEMU'], to: '9.1.0-10.el9' })).rows[0]).toMatchObject({ status: 'no_such_version', edit: null });
  });

  test('stays where nothing newer is common, and falls back only when the present version is gone and that is allowed', async () => {
    const older = {
      'libvirt-client x86_64': ['10.9.0-1.el9', '10.10.0-3.el9'],
      'libvirt-client s390x': ['10.9.0-1.el9', '10.10.0-3.el9', '10.10.0-4.el9'],
    };
    expect((await plan({ names: ['LIBVIRT'] }, older)).rows[0]!.status).toBe('current');
    const gone = { 'libvirt-client x86_64': ['10.9.0-1.el9'], 'libvirt-client s390x': ['10.9.0-1.el9'] };
    expect((await plan({ names: ['LIBVIRT'] }, gone)).rows[0]).toMatchObject({ status: 'no_newer_version', to: null });
    expect((await plan({ names: ['LIBVIRT'], mayGoDown: () => true }, gone)).rows[0]).toMatchObject({
      to: '0:10.9.0-1.el9',
      is_downgrade: true,
    });
    expect((await plan({ names: ['LIBVIRT'] }, { 'libvirt-client s390x': ['11-1'] })).rows[0]!.status).toBe('no_common_version');
  });

  test('respects a hold until it ends', async () => {
    const hold = { package: 'seabios', version: '1.16*', reason: 'ACPI', until: '2025-02-01', issue: undefined };
    expect(summary(await plan({ names: ['SEABIOS'], holds: [hold] }))).toEqual({ SEABIOS: 'held' });
    expect(summary(await plan({ names: ['SEABIOS'], holds: [hold], today: '2025-02-02' }))).toEqual({ SEABIOS: '1.17.0' });
  });

  test('holds one package of a source RPM, and with it the others', async () => {
    const hold = { package: 'qemu-img', version: '9.1.0-7*', reason: 'r', until: undefined, issue: undefined };
    expect(summary(await plan({ names: ['qemu'], holds: [hold] }))).toEqual({ QEMU: 'held', 'qemu-img-17:9.1.0-7.el9': 'held' });
  });

  test('respects several holds on packages of one source RPM, and names the one in the way', async () => {
    const hold = (name: string, version: string) => ({
      package: name,
      version,
      reason: `${name} waits`,
      until: undefined,
      issue: undefined,
    });
    const { rows } = await plan({ names: ['qemu'], holds: [hold('qemu-kvm-core', '9.1.0-*'), hold('qemu-img', '9.1.0-7*')] });
    expect(rows.map(({ status, hold: found }) => [status, found?.reason])).toEqual([
      ['held', 'qemu-img waits'],
      ['held', 'qemu-img waits'],
    ]);
  });

  const APART = `architectures: [x86_64, s390x]
versions: { X: 1-1, S: 1-1 }
sets: { a: { packages: [{ name: "tool-\${X}", architectures: [x86_64] }, { name: "tool-\${S}", architectures: [s390x] }] } }
`;
  test.each([
    ['pins of their own for each architecture move on their own', APART, ['3-1', '2-1']],
    ['and together where same_version wants one version', `${APART}cross_architecture: { same_version: [tool] }\n`, ['2-1', '2-1']],
  ])('%s', async (_, text, expected) => {
    const { sameVersion, ...manifest } = await manifestOf(text);
    const candidates = lookup({ 'tool x86_64': ['1-1', '2-1', '3-1'], 'tool s390x': ['1-1', '2-1'] });
    const { rows } = planBump(manifestPins({ sameVersion, ...manifest }), candidates, { holds: [], sameVersion, today: '2025-01-13' });
    expect(rows.map(({ to }) => to)).toEqual(expected);
  });

  test('what is newer on one architecture only is no reason to call the present the newest', async () => {
    const { rows } = await plan({ names: ['QEMU'] }, { 'qemu-kvm-core s390x': ['17:9.1.0-7.el9'], 'qemu-img s390x': ['17:9.1.0-7.el9'] });
    expect(renderBump(rows.slice(0, 1))).toBe(
      'QEMU: 17:9.1.0-7.el9 stays, the newest that is available for every architecture that needs it\n',
    );
  });

  test('keeps several versions of a package several, the newest ones in order', async () => {
    const sets = `sets:
  a: { packages: ["kernel-\${OLD}", "kernel-core-\${OLD}", "kernel-\${NEW}", "kernel-core-\${NEW}", "kernel-\${OLDEST}"] }
  b: { packages: ["kernel-\${ALONE}"] }
`;
    const manifest = await manifestOf(
      `architectures: [x86_64]\nversions: { OLDEST: "1-1", OLD: "2-1", NEW: "3-1", ALONE: "2-1" }\n${sets}`,
    );
    const kernels =
      (...versions: string[]): CandidateLookup =>
      (name) =>
        versions.map((version) => ({
          epoch: '0',
          version,
          release: '1',
          source: name.startsWith('kernel') ? `kernel-${version}-1.src.rpm` : '',
        }));
    const planned = (versions: string[], options: Partial<BumpOptions> = {}) =>
      summary(planBump(manifestPins(manifest), kernels(...versions), { holds: [], today: '2025-01-13', ...options }));
    expect(planned(['1', '2', '3', '4', '5'])).toEqual({ OLD: '4-1', NEW: '5-1', ALONE: '5-1', OLDEST: '3-1' });
    expect(planned(['1', '2', '3', '4'], { names: ['NEW'] })).toEqual({ NEW: '4-1', ALONE: '4-1' });
    expect(planned(['1', '2', '2.5', '3', '4'], { names: ['OLD'] })).toEqual({ OLD: '2.5-1' });
    expect(planned(['1', '2', '4'], { names: ['OLD'] })).toEqual({ OLD: 'current' });
    const told = (versions: string[]): string =>
      renderBump(planBump(manifestPins(manifest), kernels(...versions), { holds: [], today: '2025-01-13', names: ['OLD'] }).rows);
    expect(told(['2', '3'])).toBe('OLD: 2-1 stays, NEW has the newer version\n');
    expect(told(['3'])).toContain('OLD: 2-1 stays, no version below NEW is available for every architecture that needs it\n');
    expect(planned(['1', '2', '3', '4'], { names: ['OLD'], to: '4-1' })).toEqual({ OLD: '4-1' });
    expect(planned(['1', '2', '3'])).toEqual({ OLD: 'current', NEW: 'current', ALONE: '3-1', OLDEST: 'current' });
    expect(planned(['3'])).toEqual({ OLD: 'no_common_version', NEW: 'current', ALONE: '3-1', OLDEST: 'no_common_version' });
  });

  test('is told in words', async () => {
    const hold = { package: 'seabios', version: '1.16*', reason: 'ACPI', until: '2025-02-01', issue: undefined };
    expect(`\n${renderBump((await plan({ holds: [hold] })).rows)}`).toMatchInlineSnapshot(`
      "
      LIBVIRT: 0:10.10.0-3.el9 -> 0:10.10.0-4.el9
        0:10.10.0-3.el9 is gone: libvirt-client on x86_64, libvirt-client on s390x
        there is 10.10.0-4.el9: libvirt-client (x86_64, s390x)
      QEMU: 17:9.1.0-7.el9 -> 17:9.1.0-8.el9
      qemu-img-17:9.1.0-7.el9: 17:9.1.0-7.el9 -> 17:9.1.0-8.el9
      SEABIOS: 1.16.3 stays, held at 1.16* until 2025-02-01: ACPI
      GLOB: 1.* is not a single version of a package
      UNUSED: 1 is not a single version of a package
      "
    `);
  });
});

describe('renderBump', () => {
  test('counts pins that stay when there are many', async () => {
    const { rows } = await plan({ names: ['QEMU'] });
    const current = { ...rows[0]!, status: 'current' as const, has_newer: false };
    expect(renderBump([current, current, current])).toBe('QEMU: 17:9.1.0-7.el9 is the newest\n'.repeat(3));
    expect(renderBump([current, current, current, current])).toBe('4 pins at the newest version\n');
    expect(renderBump([...rows, current, current, current, current])).toMatch(/^QEMU: .* -> .*\n.*\n?4 other pins at the newest/);
  });
});

describe('a hold that allows something newer', () => {
  test('leaves it outdated, and says where it may move', async () => {
    const hold = { package: 'seabios', version: '1.16*', reason: 'ACPI', until: undefined, issue: undefined };
    const mirror = { 'seabios x86_64': ['1.16.3-4.el9', '1.16.3-5.el9', '1.17.0-1.el9'] };
    const locks = [lock('a-x86_64', [], [lockedPackage('seabios 1.16.3-4.el9')])];
    const rows = outdatedPackages(locks, lookup(mirror), { holds: [hold], pins: [], today: '2025-01-13' });
    expect(rows).toMatchObject([{ status: 'outdated', newest: '1.17.0-1.el9', newest_allowed: '1.16.3-5.el9', hold: { reason: 'ACPI' } }]);
    expect(renderOutdated(rows, [])).toContain('    held at 1.16*: ACPI\n    may move to 1.16.3-5.el9\n');
  });
});

describe('outdatedPackages', () => {
  const locks = [
    lock(
      'a-x86_64',
      [],
      [
        lockedPackage('qemu-kvm-core 17:9.1.0-7.el9'),
        lockedPackage('qemu-img 17:9.1.0-7.el9'),
        lockedPackage('libvirt-client 10.10.0-3.el9'),
        lockedPackage('seabios 1.16.3-4.el9'),
      ],
    ),
    lock('a-s390x', [], [lockedPackage('qemu-kvm-core 17:9.1.0-8.el9'), lockedPackage('libvirt-client 10.10.0-3.el9')]),
  ];
  const hold = { package: 'seabios', version: '1.16*', reason: 'ACPI', until: undefined, issue: undefined };

  test('has a row for what is behind alike, the gone ones first, the held ones last', async () => {
    const pins = manifestPins(await manifestOf(TEXT));
    const rows = outdatedPackages(locks, lookup(MIRROR), { holds: [hold], pins, today: '2025-01-13' });
    expect(rows.map(({ source, newest, status, pinned_by }) => [source, newest, status, pinned_by])).toEqual([
      ['libvirt-client', '10.10.0-4.el9', 'gone', ['LIBVIRT']],
      ['qemu-img', '17:9.1.0-10.el9', 'outdated', ['qemu-img-17:9.1.0-7.el9']],
      ['qemu-kvm-core', '17:9.1.0-10.el9', 'outdated', ['QEMU']],
      ['seabios', '1.17.0-1.el9', 'held', ['SEABIOS']],
    ]);
    const all = [
      { package_set: 'a', architecture: 's390x' },
      { package_set: 'a', architecture: 'x86_64' },
    ];
    expect(`\n${renderOutdated(rows, all)}`).toMatchInlineSnapshot(`
      "
      source          locked          newest           packages  locks        pin
      libvirt-client  10.10.0-3.el9   10.10.0-4.el9           1  all 2 locks  LIBVIRT
          GONE: the locked version is no longer in any repository
      qemu-img        17:9.1.0-7.el9  17:9.1.0-10.el9         1  a-x86_64     qemu-img-17:9.1.0-7.el9
      qemu-kvm-core   17:9.1.0-7.el9  17:9.1.0-10.el9         1  a-x86_64     QEMU
      seabios         1.16.3-4.el9    1.17.0-1.el9            1  a-x86_64     SEABIOS
          held at 1.16*: ACPI
      "
    `);
  });
});
