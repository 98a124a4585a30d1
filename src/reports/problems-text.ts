import type { Problem } from '../resolution/resolution.ts';

/** Problems as a person reads them, each with what could be done. */
export function renderProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ text, suggestions }) => [`problem: ${text}`, ...suggestions.map((suggestion) => `  - ${suggestion}`)].join('\n'))
    .join('\n\n');
}
