import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A repository of a test is not tidied up by further processes after each push, and does not wait for the disk. */
export const makeGitQuick = (gitDirectory: string): void =>
  appendFileSync(
    join(gitDirectory, 'config'),
    '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[receive]\n\tautogc = false\n[core]\n\tfsync = none\n',
  );
