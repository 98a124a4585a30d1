import { firstLines, shortPrintable, someNames } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { CheckFinding } from '../lockfile/check.ts';
import { isLockArchive } from '../lockfile/lock-archive.ts';
import { type OnlineRow, onlineRows, renderOnline } from './check-online.ts';
import { count, flag, list, object, optional, orNull, prose, text } from './shape.ts';
import { defineView } from './view.ts';

export interface CheckData {
  readonly ok: boolean;
  readonly checked: number;
  readonly findings: readonly CheckFinding[];
  readonly online: readonly OnlineRow[] | undefined;
}

const findingShape = object({
  kind: text('The kind of finding, such as `missing_lock` or `stale`'),
  file: prose('The lockfile, or the manifest'),
  package_set: orNull(text('The package set')),
  architecture: orNull(text('The architecture')),
  message: prose('What is wrong'),
  details: list(prose('A line'), 'More about it'),
  fix: prose('The command or the edit that fixes it'),
});

export const checkView = defineView({
  command: 'check',
  about: 'Whether the lockfiles are up to date with the manifest, and what is wrong',
  schema: 1,
  shape: object({
    ok: flag('Whether the exit code is 0'),
    checked: count('Lockfiles that were checked'),
    findings: list(findingShape, 'What is wrong'),
    online: optional(onlineRows),
  }),
  json: ({ ok, checked, findings, online }: CheckData) => ({ ok, checked, findings, online }),
  text: ({ checked, findings, online }: CheckData) => `${renderCheck(findings, checked)}${renderOnline(online, checked)}`,
});

/** Findings for a terminal: file, problem, details, and the command that fixes it. */
export function renderCheck(findings: readonly CheckFinding[], checked: number): string {
  if (findings.length === 0) return `${plural(checked, 'lockfile')} up to date with the manifest\n`;
  const groups = new Map<string, CheckFinding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.message, finding.details, finding.fix]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].map((group) => (group.length > MAX_ALIKE ? renderAlike(group) : group.map(renderFinding).join(''))).join('');
}

/** If there are more findings with the same text, they are merged. */
const MAX_ALIKE = 3;

const renderAlike = (group: readonly CheckFinding[]): string =>
  renderFinding({
    ...group[0]!,
    architecture: null,
    file: `${someNames(group.map(placeOf), 3)} (${group.length} in all)`,
  });

/** Includes the architecture for `rpms.lock.yaml`, which has all architectures in one file. */
const placeOf = ({ file, architecture }: CheckFinding): string =>
  isLockArchive(file) && architecture !== null ? `${file} (${architecture})` : file;

function renderFinding(finding: CheckFinding): string {
  const { message, details, fix } = finding;
  const shown = firstLines(details, 10).map((detail) => `    ${shortPrintable(detail)}\n`);
  return `${shortPrintable(placeOf(finding))}: ${shortPrintable(message, 1000)}\n${shown.join('')}    fix: ${shortPrintable(fix)}\n`;
}
