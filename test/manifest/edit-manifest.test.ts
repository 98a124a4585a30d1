import { describe, expect, test } from 'vitest';
import { editManifest } from '../../src/manifest/edit-manifest.ts';

const YAML = `# pins of the launcher
versions:   # keep in step
  QEMU_VERSION: 17:9.1.0-7.el9   # see the tracker
  LIBVIRT_VERSION: "0:10.10.0-3.el9"
  SEABIOS_VERSION: '0:1.16.3-4.el9'
  OTHER: &pin 0:1-1.el9
  SAME: *pin

groups: { main: [acl, "qemu-img-17:9.1.0-7.el9"] }
sets:
  launcherbase:
    packages:
      - qemu-kvm-core-\${QEMU_VERSION}
      - { name: qemu-img-17:9.1.0-7.el9, architectures: [x86_64] }   # not on arm
`;

describe('editManifest', () => {
  test('replaces a plain version and keeps its comment', async () => {
    const edited = await editManifest(YAML, [{ kind: 'version', name: 'QEMU_VERSION', value: '17:9.1.0-10.el9' }]);
    expect(edited).toBe(YAML.replace('17:9.1.0-7.el9   # see', '17:9.1.0-10.el9   # see'));
  });

  test('keeps the kind of quotes', async () => {
    const edited = await editManifest(YAML, [
      { kind: 'version', name: 'LIBVIRT_VERSION', value: '0:10.10.0-4.el9' },
      { kind: 'version', name: 'SEABIOS_VERSION', value: '0:1.17-1.el9' },
    ]);
    expect(edited).toBe(YAML.replace('"0:10.10.0-3.el9"', '"0:10.10.0-4.el9"').replace("'0:1.16.3-4.el9'", "'0:1.17-1.el9'"));
  });

  test('keeps the anchor of a value and leaves its alias alone', async () => {
    const edited = await editManifest(YAML, [{ kind: 'version', name: 'OTHER', value: '0:2-1.el9' }]);
    expect(edited).toBe(YAML.replace('&pin 0:1-1.el9', '&pin 0:2-1.el9'));
  });

  test('replaces an alias by a value of its own', async () => {
    const edited = await editManifest(YAML, [{ kind: 'version', name: 'SAME', value: '0:3-1.el9' }]);
    expect(edited).toBe(YAML.replace('SAME: *pin', 'SAME: 0:3-1.el9'));
  });

  test('an alias stays an alias where both get the same value, and a value of its own where only the anchor moves', async () => {
    const edits = ['OTHER', 'SAME'].map((name) => ({ kind: 'version', name, value: '0:2-1.el9' }) as const);
    expect(await editManifest(YAML, edits)).toBe(YAML.replace('&pin 0:1-1.el9', '&pin 0:2-1.el9'));
    const kept = [
      edits[0]!,
      { kind: 'keep', name: 'SAME', value: '0:1-1.el9' },
      { kind: 'keep', name: 'QEMU_VERSION', value: 'x' },
    ] as const;
    expect(await editManifest(YAML, kept)).toBe(YAML.replace('&pin 0:1-1.el9', '&pin 0:2-1.el9').replace('*pin', '0:1-1.el9'));
  });

  test('replaces a pinned spec in groups and sets', async () => {
    const edited = await editManifest(YAML, [{ kind: 'spec', from: 'qemu-img-17:9.1.0-7.el9', to: 'qemu-img-17:9.1.0-10.el9' }]);
    expect(edited).toBe(YAML.replaceAll('qemu-img-17:9.1.0-7.el9', 'qemu-img-17:9.1.0-10.el9'));
  });

  test('keeps Windows line ends and a byte order mark', async () => {
    const text = `\ufeff${YAML.replaceAll('\n', '\r\n')}`;
    const edited = await editManifest(text, [{ kind: 'version', name: 'QEMU_VERSION', value: '17:9.2.0-1.el9' }]);
    expect(edited).toBe(text.replace('17:9.1.0-7.el9   # see', '17:9.2.0-1.el9   # see'));
  });

  test('edits JSON in place, tabs included', async () => {
    const json = '{\n\t"versions": { "A": "1-1" },\n\t"sets": { "a": { "packages": ["bash-${A}"] } }\n}\n';
    expect(await editManifest(json, [{ kind: 'version', name: 'A', value: '2-1' }])).toBe(json.replace('1-1', '2-1'));
  });

  test('quotes what YAML would take for something else', async () => {
    const edited = await editManifest('versions: { A: 1-1 }\n', [{ kind: 'version', name: 'A', value: '~a, b' }]);
    expect(edited).toBe('versions: { A: "~a, b" }\n');
  });

  test('refuses a version that is not there', async () => {
    await expect(editManifest(YAML, [{ kind: 'version', name: 'NOPE', value: '1' }])).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
  });
});
