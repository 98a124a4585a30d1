import { RpmDepsError } from '../../base/errors.ts';
import { plural } from '../../base/quantity.ts';
import { archiveLocked } from '../../commands/archive.ts';
import { fetchLocked } from '../../commands/fetch.ts';
import { verifyLocked } from '../../commands/verify.ts';
import { archiveView } from '../../views/archive.ts';
import { fetchView } from '../../views/fetch.ts';
import { verifyView } from '../../views/verify.ts';
import { defineAction } from '../action.ts';
import type { ParsedOptions } from '../parsed-options.ts';
import { projectInput } from '../shared-input.ts';

export const fetchAction = defineAction(fetchView, async ({ options, context }) => {
  const data = await fetchLocked(
    {
      ...targetInput(options),
      output: options.text('output'),
      repodata: options.flag('repodata'),
      copy: options.flag('copy'),
      parallel: jobs(options.text('jobs')),
    },
    context,
  );
  const unchecked = data.downloaded + data.reused - data.signaturesChecked;
  if (options.choice('signatures') !== false && unchecked > 0) {
    const text = `the signatures of ${plural(unchecked, 'package')} were not checked: their repositories have no \`gpgkey\``;
    context.emit({ kind: 'warning', code: 'SIGNATURE_UNCHECKED', text });
  }
  return { data };
});

export const verifyAction = defineAction(verifyView, async ({ args, options, context }) => {
  const { failure, ...output } = await verifyLocked({ ...targetInput(options), directory: args[0] }, context);
  return { data: { ...output, code: failure?.code ?? null }, failure };
});

export const archiveAction = defineAction(archiveView, async ({ options, context }) => {
  const to = options.text('to');
  if (to === undefined) throw new RpmDepsError('USAGE', 'archive needs --to TARGET', { hint: 'for example: `--to /srv/rpms`' });
  const data = await archiveLocked({ ...targetInput(options), to, check: options.flag('check') }, context);
  const { report } = data;
  return { data, exitCode: report !== null && report.notInArchive.length + report.nowhere.length > 0 ? 1 : 0 };
});

function targetInput(options: ParsedOptions) {
  return {
    ...projectInput(options),
    arch: options.list('arch'),
    set: options.list('set'),
    sources: options.flag('sources'),
    signatures: options.choice('signatures'),
  };
}

function jobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new RpmDepsError('USAGE', '--jobs must be a number from 1 to 99');
}
