import { expect, test } from 'vitest';
import { detectForge, placeOf } from '../../src/forge/open-forge.ts';
import { parseRemoteUrl } from '../../src/forge/remote-url.ts';

test('remotes are understood in all the ways that git writes them', () => {
  expect(parseRemoteUrl('https://user:secret@github.com/o/r.git')).toEqual({ protocol: 'https:', host: 'github.com', path: 'o/r' });
  expect(parseRemoteUrl('git@gitlab.example.com:group/sub/r.git')).toEqual({
    protocol: 'ssh:',
    host: 'gitlab.example.com',
    path: 'group/sub/r',
  });
  expect(parseRemoteUrl('ssh://git@host:29418/r')).toEqual({ protocol: 'ssh:', host: 'host:29418', path: 'r' });
  expect(parseRemoteUrl('/srv/git/r.git')).toEqual({ protocol: 'file:', host: '', path: 'srv/git/r' });
  expect(parseRemoteUrl('file:///srv/r.git')).toMatchObject({ protocol: 'file:', host: '' });
});

test.each([
  ['https://github.com/o/r', {}, 'github'],
  ['https://github.example.com/o/r', {}, 'github'],
  ['git@gitlab.com:o/r', {}, 'gitlab'],
  ['https://codeberg.org/o/r', {}, 'gitea'],
  ['ssh://review.example.com:29418/r', {}, 'gerrit'],
  ['/srv/r', { GITHUB_ACTIONS: 'true' }, 'github'],
  ['/srv/r', { GITHUB_ACTIONS: 'true', GITEA_ACTIONS: 'true' }, 'gitea'],
  ['/srv/r', { GITLAB_CI: 'true' }, 'gitlab'],
  ['https://example.com/o/r', {}, undefined],
])('the forge of %s with %o is %s', (url, env, kind) => {
  expect(detectForge(parseRemoteUrl(url), env)).toBe(kind);
});

test('the API and the repository follow from the remote, or from what a CI job is told', () => {
  const github = parseRemoteUrl('git@github.com:o/r.git');
  expect(placeOf('github', github, { env: {} })).toMatchObject({
    apiUrl: 'https://api.github.com',
    repository: 'o/r',
    gitHost: 'github.com',
  });
  const enterprise = parseRemoteUrl('https://github.example.com/o/r');
  expect(placeOf('github', enterprise, { env: {} })).toMatchObject({
    apiUrl: 'https://github.example.com/api/v3',
    gitHost: 'github.example.com',
  });
  // The port of ssh is not that of the API.
  const ssh = parseRemoteUrl('ssh://git@gitlab.example.com:2222/g/s/r.git');
  expect(placeOf('gitlab', ssh, { env: {} })).toMatchObject({ apiUrl: 'https://gitlab.example.com/api/v4', repository: 'g/s/r' });
  const https = parseRemoteUrl('https://gitlab.example.com:8443/g/r');
  expect(placeOf('gitlab', https, { env: {} })).toMatchObject({ apiUrl: 'https://gitlab.example.com:8443/api/v4' });
  const behind = parseRemoteUrl('ssh://git@ssh.github.com:443/o/r.git');
  expect(detectForge(behind, {})).toBe('github');
  expect(placeOf('github', behind, { env: {} })).toMatchObject({ apiUrl: 'https://api.github.com' });
  const residency = parseRemoteUrl('https://octocorp.ghe.com/o/r.git');
  expect(detectForge(residency, {})).toBe('github');
  expect(placeOf('github', residency, { env: {} })).toMatchObject({
    apiUrl: 'https://api.octocorp.ghe.com',
    gitHost: 'octocorp.ghe.com',
  });
  // A forge in a folder of its server.
  const apiUrl = 'https://example.com/tools/gitlab/api/v4';
  const below = parseRemoteUrl('https://example.com/tools/gitlab/g/s/r.git');
  expect(placeOf('gitlab', below, { env: { CI_API_V4_URL: apiUrl } })).toMatchObject({ apiUrl, repository: 'g/s/r' });
  expect(placeOf('gitlab', parseRemoteUrl('git@example.com:g/s/r.git'), { env: {}, apiUrl })).toMatchObject({ repository: 'g/s/r' });
  const folder = parseRemoteUrl('/srv/r');
  expect(placeOf('gitlab', folder, { env: { CI_API_V4_URL: 'https://gl/api/v4', CI_PROJECT_PATH: 'g/s/r' } })).toMatchObject({
    repository: 'g/s/r',
  });
  expect(placeOf('gitea', folder, { env: {}, apiUrl: 'http://forge/api/v1/', repository: 'o/r' })).toMatchObject({
    apiUrl: 'http://forge/api/v1',
  });
});

test('a place that is not known is asked for', () => {
  expect(() => placeOf('github', parseRemoteUrl('/srv/r'), { env: {} })).toThrow(/name of the repository/);
  expect(() => placeOf('github', parseRemoteUrl('/srv/r'), { env: { GITHUB_REPOSITORY: 'o/r' } })).toThrow(/URL of the github API/);
});
