import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { withoutLogin } from '../base/redact.ts';

const DENIED =
  /authentication failed|could not read (?:username|password)|permission (?:to .* )?denied|access denied|requested url returned error: 40[13]|publickey/i;
/** Messages of git for an unwritable repository; they do not always contain the reason of the system. */
const UNWRITABLE =
  /no space left on device|out of disk ?space|disk quota exceeded|(?:unable|failed) to (?:write|create)|write error|read-only file system/i;
const UNREACHABLE =
  /could not resolve host|unable to access|connection (?:refused|reset|timed out|closed)|network is unreachable|operation timed out|requested url returned error: (?:429|5\d\d)|early eof|remote end hung up|could not read from remote repository/i;

/** Converts a message of git about a remote or the local repository to an error with the right exit code. */
export function gitFailure(what: string, stderr: string): RpmDepsError {
  const text = shownGitText(stderr);
  const message = `${what}: ${text || 'git gave no reason'}`;
  if (UNWRITABLE.test(stderr.replace(/^remote:.*$/gm, ''))) {
    return new RpmDepsError('WRITE_FAILED', message, {
      hint: 'check the free space and the permissions, then run it again: nothing was lost',
    });
  }
  if (/failed to sign the data/i.test(stderr)) {
    return new RpmDepsError('GIT', message, {
      hint: 'git signs commits here: set `user.signingkey` to a key that works, or `bot.sign: false`',
    });
  }
  if (/does not support/i.test(stderr)) return new RpmDepsError('GIT', message, { hint: 'change the setting of git that asks for it' });
  if (DENIED.test(stderr)) {
    return new RpmDepsError('FORGE_DENIED', message, {
      hint: 'check that the token is valid and has write access to the contents of this repository',
    });
  }
  if (UNREACHABLE.test(stderr)) return new RpmDepsError('FORGE', message, { hint: 'run it again later: completed steps are not repeated' });
  return new RpmDepsError('GIT', message);
}

/** The lines with the reason, without logins and escape sequences. */
export function shownGitText(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint:|To |Everything up-to-date)/.test(line));
  const telling = lines.filter((line) => /^(?:fatal|error|remote|!)/.test(line));
  const shown = (telling.length > 0 ? telling : lines).slice(0, 3).map((line) => line.replace(/^(?:fatal|error): /, ''));
  return printable(shown.join('; ').replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, (url) => withoutLogin(url))).slice(0, 600);
}
