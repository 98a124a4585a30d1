import { describe, expect, test } from 'vitest';
import { diffLockfiles } from '../../src/lockfile/diff.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { renderDiffMarkdown } from '../../src/views/diff-markdown.ts';
import { renderDiffText } from '../../src/views/diff-text.ts';
import { lock, lockedPackage, sha256 } from '../helpers/small-locks.ts';

const glibc = (version: string) =>
  ['glibc', 'glibc-common'].map((name) => lockedPackage(`${name} ${version}`, { source: `glibc-${version}.src.rpm`, size: 2_000_000 }));

function state(isNew: boolean): Lockfile[] {
  const base = glibc(isNew ? '2.34-148.el9' : '2.34-147.el9');
  const launcher = isNew
    ? [
        lockedPackage('libvirt-client 10.10.0-4.el9', { dependencies: ['libvirt-libs'] }),
        lockedPackage('libvirt-libs 10.10.0-4.el9', { dependencies: ['zstd'], source: 'libvirt-10.10.0-4.el9.src.rpm' }),
        lockedPackage('zstd 1.5-1', { size: 300_000 }),
        lockedPackage('seabios 1.16.3-4.el9', { sha256: sha256('rebuilt') }),
        lockedPackage('acl 2.3-1', { repository: 'appstream' }),
      ]
    : [
        lockedPackage('libvirt-client 10.10.0-3.el9', { dependencies: ['libvirt-libs'] }),
        lockedPackage('libvirt-libs 10.10.0-3.el9', { dependencies: ['lzo'], source: 'libvirt-10.10.0-3.el9.src.rpm' }),
        lockedPackage('lzo 2.1-1', { size: 50_000 }),
        lockedPackage('seabios 1.16.3-4.el9'),
        lockedPackage('acl 2.3-1'),
      ];
  const version = isNew ? '10.10.0-4.el9' : '10.10.0-3.el9';
  const common = ['handler-x86_64', 'handler-s390x', 'launcher-s390x'].map((file) => lock(file, ['glibc'], base));
  const own = lock('launcher-x86_64', ['glibc', `libvirt-client-0:${version}`, 'acl'], [...base, ...launcher]);
  return [...common, own, ...(isNew ? [lock('new-x86_64', ['glibc'], base)] : [])];
}
const HOLDS = [
  { package: 'seabios', version: '1.16.3*', reason: '1.17 dropped the ACPI tables', until: '2027-01-01', issue: 'https://tracker.test/1' },
];
const diff = diffLockfiles(state(false), state(true), { holds: HOLDS });

describe('renderDiffText', () => {
  test('says the same in a terminal', () => {
    expect(`\n${renderDiffText(diff)}`).toMatchInlineSnapshot(`
      "
      1 with the same version and a different checksum, 1 with the same version from a different repository, 3 upgraded, 1 added, 1 removed in 4 locks (8 packages); 1 new lock; 4.3 MB to download, +250 kB in all

      THE SAME VERSION WITH A DIFFERENT CHECKSUM
        seabios  1.16.3-4.el9  1 package, launcher-x86_64
            seabios.x86_64: sha256 22eee7f7eeb41447... -> 9ae832844d70dd5a...

      THE SAME VERSION FROM A DIFFERENT REPOSITORY
        acl  baseos -> appstream  1 package, launcher-x86_64

      Upgraded
        glibc           2.34-147.el9 -> 2.34-148.el9    2 packages, all 4 locks
        libvirt         10.10.0-3.el9 -> 10.10.0-4.el9  1 package (libvirt-libs), launcher-x86_64
        libvirt-client  10.10.0-3.el9 -> 10.10.0-4.el9  1 package, launcher-x86_64

      Added
        zstd  1.5-1  1 package, launcher-x86_64  +300 kB
            required: libvirt-client -> libvirt-libs -> zstd

      Removed
        lzo  2.1-1  1 package, launcher-x86_64  -50.0 kB
            no longer required by libvirt-libs

      New locks
        new-x86_64  2 packages

      Requests
        launcher-x86_64
          - libvirt-client-0:10.10.0-3.el9
          + libvirt-client-0:10.10.0-4.el9

      Held
        seabios at 1.16.3* until 2027-01-01: 1.17 dropped the ACPI tables (https://tracker.test/1)
      "
    `);
  });

  test('says so when there is nothing to say', () => {
    expect(renderDiffText(diffLockfiles(state(true), state(true)))).toBe('no changes\n');
  });

  test('shows changelogs and advisories where they are known', () => {
    const [first, ...others] = diff.sources;
    const advisories = [{ id: 'CS-2025:1', type: 'security', severity: 'Important', cves: ['CVE-2025-1'], title: 'glibc' }];
    const changelog = [{ date: '2025-01-10', author: 'A <a@test>', text: '- fix\u001b[31m' }];
    const text = renderDiffText({ ...diff, sources: [{ ...first!, advisories, changelog }, ...others] });
    expect(text).toContain('      CS-2025:1 Important CVE-2025-1: glibc\n');
    expect(text).toContain('      * 2025-01-10 A <a@test>\n        - fix\\u001b[31m\n');
  });
});

describe('renderDiffMarkdown', () => {
  test('is ready for a pull request', () => {
    expect(`\n${renderDiffMarkdown(diff)}`).toMatchInlineSnapshot(`
      "
      **RPM lockfiles:** 1 with the same version and a different checksum, 1 with the same version from a different repository, 3 upgraded, 1 added, 1 removed in 4 locks (8 packages); 1 new lock; 4.3 MB to download, +250 kB in all

      > [!WARNING]
      > The same version has a different checksum: \`seabios 1.16.3-4.el9\`. Somebody rebuilt it without a new release, or tampered with it.

      > [!WARNING]
      > The same version comes from a different repository: \`acl: baseos -> appstream\`. Check that you trust that repository.

      | source | change | before | after | packages | locks | size |
      |---|---|---|---|--:|---|--:|
      | \`seabios\` | **different checksum** | \`1.16.3-4.el9\` | \`1.16.3-4.el9\` | 1 | launcher-x86_64 |  |
      | \`acl\` | **different repository** | \`baseos\` | \`appstream\` | 1 | launcher-x86_64 |  |
      | \`glibc\` | upgrade | \`2.34-147.el9\` | \`2.34-148.el9\` | 2 | all 4 locks |  |
      | \`libvirt\` | upgrade | \`10.10.0-3.el9\` | \`10.10.0-4.el9\` | 1 | launcher-x86_64 |  |
      | \`libvirt-client\` | upgrade | \`10.10.0-3.el9\` | \`10.10.0-4.el9\` | 1 | launcher-x86_64 |  |
      | \`lzo\` | removed | \`2.1-1\` |  | 1 | launcher-x86_64 | -50.0 kB |
      | \`zstd\` | added |  | \`1.5-1\` | 1 | launcher-x86_64 | +300 kB |

      - new lock \`new-x86_64\` (2 packages)

      <details><summary>Packages and reasons</summary>

      - \`seabios\` **different checksum**: \`seabios\`; launcher-x86_64
        - \`seabios.x86_64\`: sha256 \`22eee7f7eeb414472975cba9aac367e69593d4ea000879f1b8b91412a4e34fa8\` -> \`9ae832844d70dd5a06b8c70f3f4f68bbe1c907b116d378c9654b217d4a7b6b4c\`
      - \`acl\` **different repository**: \`acl\`; launcher-x86_64
      - \`glibc\` upgrade: \`glibc\`, \`glibc-common\`; all 4 locks
      - \`libvirt\` upgrade: \`libvirt-libs\`; launcher-x86_64
      - \`libvirt-client\` upgrade: \`libvirt-client\`; launcher-x86_64
      - \`lzo\` removed: \`lzo\`; launcher-x86_64
        - no longer required by libvirt-libs
      - \`zstd\` added: \`zstd\`; launcher-x86_64
        - required: libvirt-client -> libvirt-libs -> zstd

      </details>

      <details><summary>Requests</summary>

      - launcher-x86_64
        - no longer \`libvirt-client-0:10.10.0-3.el9\`
        - now \`libvirt-client-0:10.10.0-4.el9\`

      </details>

      <details><summary>Holds</summary>

      - \`seabios\` at \`1.16.3*\` until 2027-01-01: 1.17 dropped the ACPI tables (<https://tracker.test/1>)

      </details>
      "
    `);
  });

  test('keeps within its limit and says what it left out', () => {
    const many = (version: string) => [
      lock(
        'a-x86_64',
        [],
        Array.from({ length: 3000 }, (_, i) => lockedPackage(`package-${i} ${version}`)),
      ),
    ];
    const text = renderDiffMarkdown(diffLockfiles(many('1-1'), many('1-2')));
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/_changes: \d+ of 3000 omitted here; `rpm-deps diff` shows everything\._/);
    expect(text.split('<details>').length).toBe(text.split('</details>').length);
  });

  test('what must not be overlooked comes first, also where not everything fits', () => {
    const lockedPackages = (version: string, repository: string) => [
      ...Array.from({ length: 300 }, (_, i) => lockedPackage(`a${i} ${version}`)),
      lockedPackage('zlib 1-1', { repository }),
    ];
    const text = renderDiffMarkdown(
      diffLockfiles([lock('a-x86_64', [], lockedPackages('1-1', 'baseos'))], [lock('a-x86_64', [], lockedPackages('2-1', 'other'))]),
      {
        limit: 2000,
      },
    );
    expect(text).toContain('> The same version comes from a different repository: `zlib: baseos -> other`');
    expect(text).toMatch(/\|--:\|\n\| `zlib` \| \*\*different repository\*\* \|/);
    expect(text.length).toBeLessThanOrEqual(2000);
  });

  test('changelogs cannot close issues, link, or begin lists and headings', () => {
    const [source, ...rest] = diff.sources;
    const text = '- # Fixes GH-12\n- 1. see https://evil.test/org/repo/issues/1 or www.evil.test\n* > ==';
    const told = { ...source!, changelog: [{ date: '2025-01-06', author: 'A', text }] };
    expect(renderDiffMarkdown({ ...diff, sources: [told, ...rest] })).toContain(
      '    - Fixes GH-\u200b12\n    - 1\\. see https:\u200b//evil.test/org/repo/issues/1 or www\u200b.evil.test\n    - ==\n',
    );
  });

  test('does not let metadata mention people, link or open a table cell', () => {
    const before = [lock('a-x86_64', ['@core | `x`'], [])];
    const after = [lock('a-x86_64', ['<b>@somebody</b>'], [])];
    expect(renderDiffMarkdown(diffLockfiles(before, after))).toContain("  - no longer `@core | 'x'`\n  - now `<b>@somebody</b>`\n");
    const held = diffLockfiles(state(true), state(true), { holds: [{ ...HOLDS[0]!, reason: 'ask @somebody, see #1 <img>' }] });
    expect(renderDiffMarkdown(held)).toContain('ask @\u200bsomebody, see #\u200b1 &lt;img>');
  });
});
