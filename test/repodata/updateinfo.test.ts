import { expect, test } from 'vitest';
import { readAdvisories } from '../../src/repodata/updateinfo.ts';

const URL = 'https://mirror.example/updateinfo.xml';

const TEXT = `<?xml version="1.0"?>
<updates>
  <update from="security@example.org" status="final" type="security" version="2">
    <id>RHSA-2025:0012</id>
    <title>Important: bash &amp; more</title>
    <severity>Important</severity>
    <issued date="2025-01-13 09:43:32"/>
    <references>
      <reference href="https://bugzilla.example/1" id="1" type="bugzilla" title="a bug"/>
      <reference href="https://cve.example/CVE-2025-12345" id="CVE-2025-12345" type="cve" title="x"/>
      <reference href="javascript:alert(1)" id="CVE-2024-0001" type="cve" title="y"/>
    </references>
    <pkglist>
      <collection short="c">
        <name>A collection</name>
        <package name="bash" version="5.1.8" release="9.el9" epoch="0" arch="x86_64" src="bash.src.rpm"><filename>bash.rpm</filename></package>
        <package name="bash-doc" version="5.1.8" release="9.el9" epoch="1" arch="noarch"/>
      </collection>
    </pkglist>
  </update>
  <update type="bugfix"><id>RHBA-2025:0013</id><pkglist><collection><package name="vim" version="9" release="1" arch="s390x"/></collection></pkglist></update>
  <update type="enhancement"/>
</updates>`;

const read = (text: string, names?: readonly string[]) =>
  readAdvisories([new TextEncoder().encode(text)], URL, names === undefined ? undefined : new Set(names));

test('an advisory has its severity, CVEs and packages', async () => {
  const [advisory] = await read(TEXT, ['bash']);
  expect(advisory).toEqual({
    id: 'RHSA-2025:0012',
    type: 'security',
    severity: 'Important',
    title: 'Important: bash & more',
    issued: '2025-01-13 09:43:32',
    references: [
      { type: 'bugzilla', id: '1', href: 'https://bugzilla.example/1' },
      { type: 'cve', id: 'CVE-2025-12345', href: 'https://cve.example/CVE-2025-12345' },
      { type: 'cve', id: 'CVE-2024-0001', href: '' },
    ],
    cves: ['CVE-2024-0001', 'CVE-2025-12345'],
    packages: [
      { name: 'bash', epoch: '0', version: '5.1.8', release: '9.el9', arch: 'x86_64' },
      { name: 'bash-doc', epoch: '1', version: '5.1.8', release: '9.el9', arch: 'noarch' },
    ],
  });
});

test('only advisories about the asked packages are kept', async () => {
  expect((await read(TEXT, ['vim'])).map(({ id }) => id)).toEqual(['RHBA-2025:0013']);
  expect(await read(TEXT, ['emacs'])).toEqual([]);
  expect(await read(TEXT)).toHaveLength(2);
});

test('a document of another kind is refused', async () => {
  await expect(read('<otherdata/>')).rejects.toMatchObject({ code: 'METADATA_INVALID' });
});
