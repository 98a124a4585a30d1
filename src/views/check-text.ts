import { plural } from '../base/quantity.ts';
import type { CheckFinding } from '../lockfile/check.ts';
import { printable } from '../manifest/printable.ts';

/** Findings for a terminal: file, what is wrong, details, and the command that mends it. */
export function renderCheck(findings: readonly CheckFinding[], checked: number): string {
  if (findings.length === 0) return `${plural(checked, 'lock')} in line with the manifest\n`;
  return findings.map(renderFinding).join('');
}

function renderFinding({ file, message, details, fix }: CheckFinding): string {
  const shown = details.slice(0, 10).map((detail) => `    ${printable(detail)}\n`);
  const more = details.length > 10 ? `    and ${details.length - 10} more\n` : '';
  return `${printable(file)}: ${printable(message, 1000)}\n${shown.join('')}${more}    fix: ${printable(fix)}\n`;
}
