import { printable } from '../manifest/printable.ts';
import type { Problem } from '../resolution/resolution.ts';

/** Problems as a person reads them, each with what could be done. */
export function renderProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ text, suggestions }) => [...linesOf(`problem: ${text}`), ...suggestions.flatMap((suggestion) => linesOf(`  - ${suggestion}`))])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Further lines are indented, whoever made them: a name with a line end in it does not look like a message of its own. */
const linesOf = (text: string): string[] => text.split('\n').map((line, i) => `${i === 0 ? '' : '  '}${printable(line, 2000)}`);
