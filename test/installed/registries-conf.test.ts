import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseImageName } from '../../src/installed/image-name.ts';
import { pullSources } from '../../src/installed/registries-conf.ts';

/** The places of an image, as registry and repository, for `~/.config/containers/registries.conf` and files of its folder. */
async function placesOf(image: string, ...texts: readonly string[]): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'rpm-deps-registries-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const main = join(home, '.config/containers/registries.conf');
  mkdirSync(`${main}.d`, { recursive: true });
  for (const [i, text] of texts.entries()) writeFileSync(i === 0 ? main : join(`${main}.d`, `${i}.conf`), text);
  const sources = await pullSources(parseImageName(image, 'test'), { HOME: home });
  return sources.map(({ registry, repository, insecure }) => `${registry}/${repository}${insecure ? ' insecure' : ''}`);
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('the longest prefix counts, and mirrors are tried before its location', async () => {
  const text = `
[[registry]]
prefix = "quay.example"
location = "all.example"
[[registry]]
prefix = "quay.example/ubi"
location = "near.example/copy/ubi"
[[registry.mirror]]
location = "mirror.example:5000/ubi"
insecure = true
`;
  expect(await placesOf('quay.example/ubi/base:9', text)).toEqual(['mirror.example:5000/ubi/base insecure', 'near.example/copy/ubi/base']);
  expect(await placesOf('quay.example/ubi9:1', text)).toEqual(['all.example/ubi9']);
  expect(await placesOf('other.example/ubi:1', text)).toEqual(['other.example/ubi']);
});

test('a prefix for all hosts of a domain keeps the host, unless it has a location', async () => {
  const [plain, moved] = ['', 'location = "near.example/copy"\n'].map(
    (line) => `[[registry]]\nprefix = "*.example"\n${line}insecure = true\n`,
  );
  expect(await placesOf('quay.example/a/b:1', plain!)).toEqual(['quay.example/a/b insecure']);
  expect(await placesOf('quay.example/a/b:1', moved!)).toEqual(['near.example/copy/a/b insecure']);
});

test('mirrors for digests are not asked for tags, and the other way round', async () => {
  const mirror = (name: string, more = ''): string => `[[registry.mirror]]\nlocation = "${name}.example/r"\n${more}`;
  const text = `[[registry]]\nlocation = "quay.example/r"\n${mirror('d', 'pull-from-mirror = "digest-only"\n')}${mirror('t', 'pull-from-mirror = "tag-only"\n')}${mirror('all')}`;
  expect(await placesOf('quay.example/r/a:1', text)).toEqual(['t.example/r/a', 'all.example/r/a', 'quay.example/r/a']);
  expect(await placesOf(`quay.example/r/a@${DIGEST}`, text)).toEqual(['d.example/r/a', 'all.example/r/a', 'quay.example/r/a']);
  const old = `[[registry]]\nlocation = "quay.example/r"\nmirror-by-digest-only = true\n${mirror('m')}`;
  expect(await placesOf('quay.example/r/a:1', old)).toEqual(['quay.example/r/a']);
});

test('files of the folder beside it replace a prefix, and a blocked one is refused', async () => {
  const [first, second] = ['one', 'two'].map((name) => `[[registry]]\nprefix = "quay.example"\nlocation = "${name}.example"\n`);
  expect(await placesOf('quay.example/a:1', first!, second!)).toEqual(['two.example/a']);
  await expect(placesOf('quay.example/a:1', `${first}blocked = true\n`)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  await expect(placesOf('quay.example/a:1', '[[registry]]\nlocation = ')).rejects.toMatchObject({ code: 'USAGE' });
});
