import pLimit from 'p-limit';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { describeSignature, type SignatureResult, signatureError, verifyRpm } from '../rpm/signature.ts';
import type { Run } from '../run/run.ts';
import { KeyRings } from './key-rings.ts';
import type { LockedRpm } from './locked-sources.ts';

export interface SignedFile {
  readonly rpm: LockedRpm;
  readonly path: string;
}

interface SignatureFault {
  readonly rpm: LockedRpm;
  readonly result: SignatureResult;
  /** One line for users. */
  readonly text: string;
}

export interface SignatureCheck {
  readonly faults: readonly SignatureFault[];
  /** Number of checked files; the others are from repositories without a key. */
  readonly checked: number;
}

/** Checks every file whose repository has a key, each once for all architectures. */
export async function checkSignatures(files: readonly SignedFile[], context: Run): Promise<SignatureCheck> {
  const rings = new KeyRings(context);
  const limit = pLimit(4);
  const ended = new Map<string, Date>();
  const unique = new Map(files.filter(({ rpm }) => rpm.keys.length > 0).map((file) => [`${file.path}\n${file.rpm.keys.join('\n')}`, file]));
  const faults = await Promise.all(
    [...unique.values()].map((file) =>
      limit(async (): Promise<SignatureFault | undefined> => {
        context.signal.throwIfAborted();
        const name = printable(file.rpm.filename);
        const ring = await rings.of(file.rpm.keys);
        const result = await verifyRpm(file.path, ring, { name, now: context.now() }).catch(brokenRpm);
        const allowed = file.rpm.fingerprints;
        if (result.kind === 'good' && result.keyExpiresAt !== undefined && result.keyExpiresAt < context.now())
          ended.set(result.fingerprint, result.keyExpiresAt);
        if (result.kind !== 'good') return { rpm: file.rpm, result, text: describeSignature(result) };
        if (allowed === undefined || allowed.length === 0 || allowed.includes(result.fingerprint)) return undefined;
        const reason = `signed by ${result.fingerprint}, which the lockfile does not list for its repository`;
        return { rpm: file.rpm, result: { kind: 'bad', reason }, text: reason };
      }),
    ),
  );
  for (const [fingerprint, date] of [...ended].sort()) {
    const text = `key ${fingerprint} expired on ${date.toISOString().slice(0, 10)}; its earlier signatures stay valid, as with rpm`;
    context.emit({ kind: 'warning', code: 'KEY_EXPIRED', text });
  }
  return { faults: faults.filter((fault) => fault !== undefined), checked: unique.size };
}

/** A file that is not an RPM is reported like a bad signature. */
function brokenRpm(error: unknown): SignatureResult {
  if (!(error instanceof RpmDepsError) || error.code !== 'RPM_INVALID') throw error;
  return { kind: 'bad', reason: error.message };
}

/** Throws SIGNATURE with the names of all files. */
export function refuseFaults({ faults }: SignatureCheck): void {
  const first = faults[0];
  if (first === undefined) return;
  const error = signatureError(printable(first.rpm.filename), first.result);
  if (faults.length === 1) throw error;
  throw new RpmDepsError('SIGNATURE', `the signatures of ${faults.length} packages are missing or invalid`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: faults.map(({ rpm, text }) => `${printable(rpm.filename)}: ${text}`),
    data: { files: faults.map(({ rpm, result }) => ({ file: rpm.filename, result: result.kind })) },
  });
}
