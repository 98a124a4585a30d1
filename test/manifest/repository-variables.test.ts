import { expect, test } from 'vitest';
import { manifestDigest } from '../../src/manifest/manifest-digest.ts';
import { repositoriesFor } from '../../src/manifest/repositories-for.ts';
import { canonicalUrls } from '../../src/manifest/repository-urls.ts';
import { expandVariables } from '../../src/manifest/repository-variables.ts';
import { manifestOf, mistakesOf } from '../helpers/parse-manifest.ts';

const TEXT = `architectures: [x86_64, x86_64_v2]
releasever: "9.4"
variables: { stream: 9-stream, site: "https://mirror.test" }
repositories:
  - { id: "rhel-$releasever_major-for-\${basearch}-rpms", baseurl: "$site/$stream/$basearch/$releasever_minor/" }
sets: { a: { packages: [bash] } }
`;

test('variables of dnf and of the manifest are filled in, in URLs and ids', async () => {
  const manifest = await manifestOf(TEXT);
  expect(repositoriesFor(manifest, 'x86_64').map(({ id }) => id)).toEqual(['rhel-9-for-x86_64-rpms']);
  expect([...canonicalUrls(manifest, 'x86_64_v2')]).toEqual([['rhel-9-for-x86_64_v2-rpms', 'https://mirror.test/9-stream/x86_64_v2/4/']]);
});

test('another value of a variable is another request', async () => {
  const [one, other] = await Promise.all([TEXT, TEXT.replace('9-stream', '10-stream')].map((text) => manifestOf(text)));
  expect(manifestDigest(one!, 'a', 'x86_64')).not.toBe(manifestDigest(other!, 'a', 'x86_64'));
});

test('what has no value stays', () => {
  expect(expandVariables('$a/${b}/$arch/$constructor', { mirror: '', architecture: 'i686', releasever: '9' })).toBe(
    '$a/${b}/i686/$constructor',
  );
});

test('an unknown variable is a mistake that names the known ones', async () => {
  expect(await mistakesOf(TEXT.replace('$stream', '$steam'))).toEqual([
    expect.stringContaining('unknown variable `$steam` in a URL; did you mean `$stream`?'),
  ]);
  expect(await mistakesOf(TEXT.replace('stream: 9', 'basearch: 9'))).toContainEqual(
    expect.stringContaining('`$basearch` has a value already'),
  );
});

test('what servers of mirror lists only count with needs no value in their query', async () => {
  const list = TEXT.replace(
    /baseurl: .*\}/,
    'metalink: "https://mirror.test/metalink?repo=epel-9&arch=$basearch&infra=$infra&content=$contentdir" }',
  );
  expect((await manifestOf(list)).repositories[0]!.metalink).toContain('&infra=$infra&content=$contentdir');
  expect(await mistakesOf(list.replace('/metalink?', '/$contentdir/metalink?'))).toEqual([
    expect.stringContaining('`$contentdir` in a URL'),
  ]);
  expect(await mistakesOf(list.replace('repo=epel-9', 'repo=$repo'))).toEqual([expect.stringContaining('`$repo` in a URL')]);
});

test('excludepkgs is exclude, and cost is 1000 where nothing is said', async () => {
  const manifest = await manifestOf(
    'repositories: [{ id: a, baseurl: "https://mirror.test/", exclude: [b], excludepkgs: ["c*"] }]\nsets: { a: { packages: [bash] } }\n',
  );
  expect(manifest.repositories[0]).toMatchObject({ exclude: ['b', 'c*'], cost: 1000, allowWeakChecksums: false });
});
