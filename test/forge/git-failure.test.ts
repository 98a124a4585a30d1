import { expect, test } from 'vitest';
import { gitFailure, shownGitText } from '../../src/forge/git-failure.ts';

test.each([
  ["fatal: Authentication failed for 'https://h/x.git/'", 'FORGE_DENIED'],
  ['fatal: unable to access: The requested URL returned error: 403', 'FORGE_DENIED'],
  ['git@h: Permission denied (publickey).', 'FORGE_DENIED'],
  ["fatal: unable to access 'https://h/': Could not resolve host: h", 'FORGE'],
  ['fatal: unable to access: The requested URL returned error: 503', 'FORGE'],
  ['fatal: the remote end hung up unexpectedly', 'FORGE'],
  ['error: unable to write file x: No space left on device', 'WRITE_FAILED'],
  ['error: gpg failed to sign the data', 'GIT'],
  ['fatal: not a git repository', 'GIT'],
  ['', 'GIT'],
])('%s is %s', (stderr, code) => {
  expect(gitFailure('git push', stderr)).toMatchObject({ code, message: expect.stringMatching(/^git push: ./) });
});

test('a full disk of the server is not one of this machine', () => {
  expect(gitFailure('git push', 'remote: No space left on device\nfatal: early EOF')).toMatchObject({ code: 'FORGE' });
});

test('the lines with the reason are shown, without hints, logins and escape sequences', () => {
  const text = 'To https://h/x\nhint: pull first\nCounting objects\nfatal: no \u001b[31m https://ann:s3cret@h/x\n';
  expect(shownGitText(text)).toBe('no \\u001b[31m https://h/x');
});
