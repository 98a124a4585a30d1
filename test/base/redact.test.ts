import { expect, test } from 'vitest';
import { listWithoutSecrets, redact, Secrets, withoutSecretValues } from '../../src/base/redact.ts';

test.each([
  ['https://m.test/metalink?repo=centos-baseos-9-stream&arch=x86_64&protocol=https,http', undefined],
  ['http://m.test/?release=7&arch=x86_64&repo=os&infra=stock', undefined],
  ['https://m.test/mirrorlist/9/baseos', undefined],
  ['https://bob:password1@m.test/list?repo=a&arch=b', 'https://m.test/list?repo=a&arch=b'],
  ['https://m.test/list?token=short&repo=a', 'https://m.test/list?repo=a'],
  ['https://m.test/list?repo=a&access%5Ftoken=short', 'https://m.test/list?repo=a'],
  ['https://m.test/list?u=0123456789abcdef0123', 'https://m.test/list'],
  ['https://m.test/list?0123456789abcdef0123', 'https://m.test/list'],
  ['https://m.test/list?repo=a#token=short', 'https://m.test/list?repo=a'],
  ['https://m.test/list?', 'https://m.test/list'],
])('of the URL of a list, %s, its login and its keys are left out, and what it is asked for is kept', (url, kept) =>
  expect(listWithoutSecrets(url)).toBe(kept ?? url),
);

test('the name of a repository in the query of a list is no secret, and is shown', () => {
  const secrets = new Secrets();
  secrets.learnUrl('https://m.test/metalink?repo=centos-baseos-9-stream&u=0123456789abcdef0123');
  expect(secrets.hide('centos-baseos-9-stream 0123456789abcdef0123')).toBe('centos-baseos-9-stream ***');
});

test('a name without a password is a token of web servers, and no secret of a database', () => {
  const secrets = new Secrets();
  secrets.learnUrl('https://token-of-a-server@m.test/');
  secrets.learnUrl('postgres://rpmdeps@db.test/service');
  secrets.learnUrl('postgres://rpmdeps:password-of-it@db.test/service');
  expect(secrets.hide('token-of-a-server rpmdeps_abc password-of-it')).toBe('*** rpmdeps_abc ***');
});

test.each([
  ['http://ann:s3cret@host/a', 'http://host/a'],
  ['http://ann:s3@cret@host/a@b?c=d', 'http://host/a@b?...'],
  ['https://host/a@b', 'https://host/a@b'],
  ['https://host?u=a@b', 'https://host?...'],
])('%s is shown as %s', (url, shown) => {
  expect(redact(url)).toBe(shown);
});

test.each([
  ['there is no file `bob:s3cret@host.test/x.yaml`', 'there is no file `bob:***@host.test/x.yaml`'],
  ['/tmp/bob:s3cret@host.test/x.yaml', '/tmp/bob:***@host.test/x.yaml'],
  ['bob:s3:cret@127.0.0.1:8080/x', 'bob:***@127.0.0.1:8080/x'],
  ['{"url":"bob:s3cret@host:80"}', '{"url":"bob:***@host:80"}'],
  ['http://a.test:80,https://bob:s3cret@b.test/', 'http://a.test:80,https://b.test/'],
  ['http://a.test/?u=http://bob:s3cret@b.test/', 'http://a.test/?u=http://b.test/'],
  ['http://a.test/http://bob:s3cret@b.test/', 'http://a.test/http://b.test/'],
])('%s is shown without its password: a scheme is missing, or another URL stands before it', (text, shown) => {
  expect(new Secrets().hide(text)).toBe(shown);
});

test.each([
  'ubuntu:22.04@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'registry.test/ubi9/ubi:9.5@sha256:1111',
  'git@host.test:group/project.git',
  'git@host.test:8022/project.git@v1.2',
  'mailto:ann@host.test',
  'Signed-off-by: Ann <ann@host.test>',
  'nodejs:20/common, qemu-kvm-17:9.1.0-5.el9.x86_64',
  'the proxy http://127.0.0.1:3128, or another (http://host:80).',
])('%s has no password', (text) => {
  expect(new Secrets().hide(text)).toBe(text);
});

test('the value of a variable with a secret name is not kept', () => {
  expect(withoutSecretValues({ token: 'abc', repo_PASSWORD: 'abc', releasever: '9', tokens: '2' })).toEqual({
    token: '***',
    repo_PASSWORD: '***',
    releasever: '9',
    tokens: '2',
  });
});

test.each(['a', 'http', '?token', '?a', 'a-', 'authorization:', 'user:pw'])(
  'a long row of %j in an output is searched in one pass',
  (part) => {
    const secrets = new Secrets();
    const row = part.repeat(2_000_000 / part.length);
    expect(secrets.hide(`${row} https://user:password@host/`)).toMatch(/ https:\/\/host\/$/);
  },
);
