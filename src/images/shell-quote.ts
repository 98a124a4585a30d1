import { quoteWord } from '../base/quote-word.ts';

/** A command as typed in a shell: arguments with special characters are quoted. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellQuote).join(' ');
}

function shellQuote(argument: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(argument) ? argument : quoteWord(argument);
}

/** The same for a script, in which `$work` is the temporary directory of the run. */
export function scriptCommand(argv: readonly string[], work: string): string {
  return argv.map((argument) => scriptArgument(argument, work)).join(' ');
}

/** Secret build arguments become variables of the same name, so that no output contains their values. */
function scriptArgument(argument: string, work: string): string {
  const hidden = /^--build-arg=([A-Za-z_][A-Za-z0-9_]*)=\*\*\*$/.exec(argument);
  if (hidden !== null) return `--build-arg=${hidden[1]}="$${hidden[1]}"`;
  const parts = argument.split(work).map((part) => (part === '' ? '' : shellQuote(part)));
  return argument === '' ? shellQuote('') : parts.join('"$work"');
}
