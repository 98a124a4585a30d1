import { ERROR_CODES, RpmDepsError } from '../../base/errors.ts';
import { plural } from '../../base/quantity.ts';
import { type ArchiveFile, archiveLocked } from '../../commands/archive.ts';
import { fetchLocked } from '../../commands/fetch.ts';
import { verifyLocked } from '../../commands/verify.ts';
import type { Invocation } from '../command.ts';
import { reportFailure } from '../exit.ts';
import type { ParsedOptions } from '../parse.ts';
import { projectInput } from '../shared-input.ts';

export async function fetchAction({ options, context, printer }: Invocation): Promise<number> {
  const output = await fetchLocked(
    {
      ...targetInput(options),
      output: options.text('output'),
      repodata: options.flag('repodata'),
      copy: options.flag('copy'),
      parallel: jobs(options.text('jobs')),
    },
    context,
  );
  const { files, downloaded, reused, signaturesChecked } = output;
  const unchecked = downloaded + reused - signaturesChecked;
  if (options.choice('signatures') !== false && unchecked > 0) {
    const text = `the signatures of ${plural(unchecked, 'package')} were not checked: their repositories have no \`gpgkey\``;
    context.emit({ kind: 'warning', code: 'SIGNATURE_UNCHECKED', text });
  }
  if (printer.json) {
    printer.outJson(output);
    return 0;
  }
  printer.out(`${files.length} packages: ${downloaded} downloaded, ${reused} were in the cache, ${signaturesChecked} signatures checked\n`);
  if (output.output !== null) printer.out(`${output.output}\n`);
  return 0;
}

export async function verifyAction({ args, options, context, printer }: Invocation): Promise<number> {
  const { failure, ...output } = await verifyLocked({ ...targetInput(options), directory: args[0] }, context);
  if (printer.json) {
    printer.outJson({ ...output, code: failure?.code ?? null });
    return failure === undefined ? 0 : ERROR_CODES[failure.code].exit;
  }
  if (failure !== undefined) return reportFailure(failure, printer);
  printer.out(`${output.found} packages are as locked, ${output.signaturesChecked} signatures are good\n`);
  return 0;
}

export async function archiveAction({ options, context, printer }: Invocation): Promise<number> {
  const to = options.text('to');
  if (to === undefined) throw new RpmDepsError('USAGE', 'archive needs --to TARGET', { hint: 'such as `--to /srv/rpms`' });
  const output = await archiveLocked({ ...targetInput(options), to, check: options.flag('check') }, context);
  const { report, copied, present, total, target } = output;
  if (printer.json) printer.outJson(output);
  else if (report === null) printer.out(`${target}: ${total} packages, ${copied.length} copied, ${present} were there\n`);
  else {
    printer.out(`${target}: ${present} of ${total} packages\n`);
    for (const [title, files] of [
      ['only in the archive', report.onlyInArchive],
      ['not in the archive', report.notInArchive],
      ['nowhere', report.nowhere],
    ] as const) {
      if (files.length > 0) printer.out(`\n${title}: ${files.length}\n${files.map(line).join('')}`);
    }
  }
  return report !== null && report.notInArchive.length + report.nowhere.length > 0 ? 1 : 0;
}

const line = ({ architecture, filename }: ArchiveFile): string => `  ${architecture}/${filename}\n`;

function targetInput(options: ParsedOptions) {
  return { ...projectInput(options), arch: options.list('arch'), set: options.list('set'), signatures: options.choice('signatures') };
}

function jobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new RpmDepsError('USAGE', '--jobs must be a number from 1 to 99');
}
