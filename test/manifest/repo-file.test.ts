import { expect, test } from 'vitest';
import { parseRepoFile } from '../../src/manifest/repo-file.ts';

test('sections become repositories as a manifest would have them', () => {
  const { sections, mistakes, unused } = parseRepoFile(`[main]
gpgcheck=1
[ubi-9-baseos]
name = UBI 9
baseurl = https://a.test/$basearch/os/,
          https://b.test/$basearch/os/
enabled = 1
gpgkey=file:///etc/pki/a file:///etc/pki/b
priority=-5
cost = 500
excludepkgs=kernel*, foo
exclude=bar
sslclientcert = $SSL_CLIENT_CERT
sslverify=0
metadata_expire = 86400
# a comment
; another
[off]
metalink=https://m.test/?repo=x=y
enabled=no
`);
  expect(mistakes).toEqual([]);
  expect(unused).toEqual([]);
  expect(sections).toEqual([
    {
      id: 'ubi-9-baseos',
      line: 3,
      definition: {
        id: 'ubi-9-baseos',
        name: 'UBI 9',
        baseurl: ['https://a.test/$basearch/os/', 'https://b.test/$basearch/os/'],
        enabled: true,
        gpgkey: ['file:///etc/pki/a', 'file:///etc/pki/b'],
        priority: -5,
        cost: 500,
        exclude: ['kernel*', 'foo', 'bar'],
        sslclientcert: '$SSL_CLIENT_CERT',
        sslverify: false,
      },
    },
    { id: 'off', line: 18, definition: { id: 'off', metalink: 'https://m.test/?repo=x=y', enabled: false } },
  ]);
});

test('mistakes have their line, and options without effect here are named', () => {
  const { mistakes, unused } = parseRepoFile('x=1\n[a]\nnonsense\nenabled=maybe\npriority=high\nmodule_obsoletes=1\nautorefresh=1\n[]\n');
  expect(mistakes.map(({ line }) => line)).toEqual([1, 3, 8, 4, 5]);
  expect(unused).toEqual(['a: module_obsoletes']);
});
