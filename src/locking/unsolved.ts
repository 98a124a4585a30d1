import { type ErrorCode, RpmDepsError } from '../base/errors.ts';
import { MIRROR_MAY_BE_BEHIND } from '../resolution/explain-missing.ts';
import type { Problem } from '../resolution/resolution.ts';
import { explainGonePins } from './gone-pins.ts';
import type { FailedTarget } from './solve-targets.ts';

interface FailedOutcome {
  /** Whether the other lockfiles were written. */
  readonly written: boolean;
  /** Whether the command has `--keep-going`. */
  readonly canKeepGoing: boolean;
}

/**
 * One error for all sets without a resolution. Its code is that of the most serious failure: first a set that cannot be solved, then
 * a pin whose version is gone, then an unreadable repository. A mirror that is behind outranks all, because it explains them.
 */
export function unsolvedError(failed: readonly FailedTarget[], outcome: FailedOutcome): RpmDepsError {
  const { written } = outcome;
  const code = codeOf(failed);
  const isElsewhere =
    code === 'NO_SUCH_PACKAGE' && failed.every(({ problems }) => problems.every(({ kind }) => kind === 'wrong-architecture'));
  const subject =
    failed.length === 1 ? `the set \`${failed[0]!.target.set.name}\` for ${failed[0]!.target.architecture}` : `${failed.length} locks`;
  const others = written ? 'the others were written' : 'nothing was written';
  return new RpmDepsError(
    code,
    `${subject} ${isElsewhere ? 'cannot be locked: a package is available for other architectures only' : verb(code)}; ${others}`,
    {
      details: grouped(failed),
      ...hintFor(code, failed, outcome),
      data: {
        failed: failed.map(({ target, problems, error }) => ({
          set: target.set.name,
          architecture: target.architecture,
          problems,
          ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
        })),
      },
    },
  );
}

function codeOf(failed: readonly FailedTarget[]): ErrorCode {
  const kinds = new Set(failed.flatMap(({ problems }) => problems.map(({ kind }) => kind)));
  // A package that is missing from an outdated mirror may still exist.
  if (failed.some(({ error }) => error?.code === 'MIRROR_BEHIND')) return 'MIRROR_BEHIND';
  if (kinds.has('unsolvable') || kinds.has('excluded')) return 'UNSOLVABLE';
  if (kinds.has('version-gone')) return 'PIN_GONE';
  return kinds.size > 0 ? 'NO_SUCH_PACKAGE' : (failed.find(({ error }) => error !== undefined)?.error?.code ?? 'UNSOLVABLE');
}

function verb(code: ErrorCode): string {
  if (code === 'UNSOLVABLE') return 'cannot be resolved';
  if (code === 'MIRROR_BEHIND') return 'would be downgraded: a mirror has older metadata than the lockfile';
  if (code === 'DOWNGRADE') return 'would be downgraded';
  if (code === 'PIN_GONE') return 'cannot be locked: a pinned version is no longer in any repository';
  if (code === 'SOURCE_MISSING') return 'cannot be locked: a source RPM is in no repository';
  return code === 'NO_SUCH_PACKAGE' ? 'cannot be locked: a package is in no repository' : 'cannot be locked: a repository cannot be read';
}

/**
 * Each text once, below the sets and architectures that it is about; gone pins of one variable are merged. Texts that differ only in the
 * architecture are one without it.
 */
function grouped(failed: readonly FailedTarget[]): string[] {
  const places = new Map<string, { readonly texts: Set<string>; readonly where: string[] }>();
  const gone = explainGonePins(failed);
  for (const { target, problems, error } of failed) {
    const left = problems.filter(({ kind, spec }) => kind !== 'version-gone' || !gone.specs.has(spec ?? ''));
    const texts = error === undefined ? left.map(problemText) : [[error.message, ...error.details].join('\n')];
    const own = new RegExp(`\\.${target.architecture}(?![\\w-])| for ${target.architecture}\\b`, 'g');
    for (const text of texts) {
      const plain = text.replace(own, '');
      const known = places.get(plain) ?? { texts: new Set(), where: [] };
      places.set(plain, known);
      known.texts.add(text);
      known.where.push(`${target.set.name}-${target.architecture}`);
    }
  }
  const others = [...places].map(([plain, { texts, where }]) => {
    const [text = ''] = texts.size === 1 ? texts : [plain];
    return `${where.join(', ')}:\n${text.replace(/^(?=.)/gm, '  ')}`;
  });
  return [...gone.texts, ...others];
}

const problemText = ({ text, suggestions }: Problem): string => [text, ...suggestions.map((suggestion) => `- ${suggestion}`)].join('\n');

function hintFor(code: ErrorCode, failed: readonly FailedTarget[], { written, canKeepGoing }: FailedOutcome): { hint?: string } {
  if (code === 'PIN_GONE') {
    const lost = failed.flatMap(({ problems }) => problems.filter(({ kind }) => kind === 'version-gone'));
    if (lost.every(({ suggestions }) => suggestions.includes(MIRROR_MAY_BE_BEHIND)))
      return { hint: 'try another mirror with --mirror URL; `rpm-deps bump --allow-downgrade` accepts older versions' };
    const canBump = lost.some(({ suggestions }) => suggestions.some((suggestion) => suggestion.includes('rpm-deps bump')));
    return canBump ? { hint: '`rpm-deps bump` updates pins to available versions' } : {};
  }
  const errorHint = (failed.find(({ error }) => error?.code === code) ?? failed.find(({ error }) => error !== undefined))?.error?.hint;
  if (code === 'MIRROR_BEHIND' || code === 'DOWNGRADE') return errorHint === undefined ? {} : { hint: errorHint };
  if (errorHint !== undefined && failed.every(({ problems }) => problems.length === 0)) return { hint: errorHint };
  if (written) return {};
  if (!canKeepGoing) return code === 'NO_SUCH_PACKAGE' ? { hint: '`rpm-deps search WORD` finds packages' } : {};
  return { hint: '--keep-going writes the lockfiles of sets that can be resolved' };
}
