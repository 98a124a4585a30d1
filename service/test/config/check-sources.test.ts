import { parseManifest, type RpmDepsError } from 'rpm-deps';
import { expect, test } from 'vitest';
import { checkSources } from '../../src/config/check-sources.ts';
import { networkPolicy } from '../../src/config/network.ts';

const OWN = 'http://mirror.test';
const INSIDE = 'http://10.0.0.7:8080';

interface Text {
  readonly repository?: object;
  readonly set?: object;
  readonly more?: object;
}

const manifestWith = ({ repository, set, more }: Text) =>
  parseManifest(
    JSON.stringify({
      mirror: OWN,
      repositories: [{ id: 'own', baseurl: '$mirror/$basearch/', ...repository }],
      sets: { tools: { packages: ['bash'], ...set } },
      ...more,
    }),
    'rpm-packages.json',
    { env: {} },
  );

async function refusalOf(text: Text, origins: readonly string[] = []): Promise<string | undefined> {
  const network = networkPolicy(await manifestWith({}), { network: { origins } });
  const manifest = await manifestWith(text);
  try {
    checkSources(manifest, { network });
    return undefined;
  } catch (error) {
    const { code, message, hint } = error as RpmDepsError;
    return `${code} ${message}; ${hint}`;
  }
}

const LISTED = { more: { variables: { compose: { value: 'a', list: `${INSIDE}/list/`, pattern: '*' } } } };

test.each<[string, Text, string]>([
  ['a repository', { repository: { baseurl: `${INSIDE}/x/` } }, INSIDE],
  ['a key', { repository: { gpgkey: `${INSIDE}/key` } }, INSIDE],
  ['a proxy', { repository: { proxy: INSIDE } }, INSIDE],
  ['a proxy without a scheme', { repository: { proxy: '10.0.0.7:8080' } }, INSIDE],
  ['the list of a variable', LISTED, INSIDE],
  ['a fallback', { more: { fallbacks: [`${INSIDE}/{sha256}`] } }, INSIDE],
  ['the image of a base', { set: { base: { image: '10.0.0.7:8080/a/b:1' } } }, 'https://10.0.0.7:8080'],
  ['the image of a base on a public server', { set: { base: { image: 'quay.io/a/b:1' } } }, 'https://quay.io'],
])('a manifest that names another server is refused with the line to add: %s', async (_name, text, origin) => {
  const line = `network: {origins: ["${origin}"]}`;
  const refusal = await refusalOf(text);
  expect(refusal).toMatch(/^HOST_REFUSED .* of the manifest is on .*, which is not a source of this service/);
  expect(refusal).toContain(line);
  expect(await refusalOf(text, [origin])).toBeUndefined();
});

test.each<[string, Text]>([
  ['a client certificate', { repository: { sslclientcert: '/etc/pki/own.pem' } }],
  ['its key, with dots', { repository: { sslclientcert: '/srv/rpms/own.pem', sslclientkey: '/srv/rpms/../../etc/pki/own.pem' } }],
  ['a path from the folder of the manifest', { repository: { sslcacert: 'ca.pem' } }],
  ['a database', { set: { base: { rpmdb: '/var/lib/rpm' } } }],
  ['a Containerfile outside of the repository', { set: { base: { containerfile: 'a/../../Containerfile' } } }],
  ['a folder of RPMs', { repository: { baseurl: 'file:///var/cache/' } }],
])('a manifest that names a file of the server is refused: %s', async (_name, text) => {
  expect(await refusalOf(text, ['file:///srv/rpms/'])).toMatch(/^HOST_REFUSED .*file:\/\/\//);
  expect(await refusalOf(text, ['file:///'])).toBeUndefined();
});

test('a proxy with a variable is refused, whatever its value is', async () => {
  expect(await refusalOf({ repository: { proxy: '$there' }, more: { variables: { there: OWN } } })).toMatch(/^HOST_REFUSED/);
});

test('what a manifest has in its own repository, and what the operator names, is read', async () => {
  expect(await refusalOf({ set: { base: { containerfile: 'Containerfile' } } })).toBeUndefined();
  expect(await refusalOf({ repository: { proxy: '_none_' } })).toBeUndefined();
  const own: Text = { repository: { proxy: 'http://proxy.test:3128', sslclientcert: '/etc/pki/own.pem' } };
  const network = networkPolicy(await manifestWith(own), {});
  expect(network.origins).not.toContain('file://');
  checkSources(await manifestWith(own), { network });
});
