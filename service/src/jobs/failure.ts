import { RpmDepsError } from 'rpm-deps';
import { asServiceError } from '../http/problem.ts';
import { storable } from '../store/database.ts';

/** An error of a job, as stored and shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}

/** Errors that may disappear without any change, so that the job is retried. */
const REPEATED: ReadonlySet<string> = new Set([
  'NETWORK',
  'OFFLINE',
  'METADATA_INVALID',
  'DIGEST_MISMATCH',
  'WRITE_FAILED',
  'FORGE',
  'FORGE_LIMIT',
  'DATABASE',
  'INTERNAL',
  'INTERRUPTED',
]);

export const isWorthRepeating = ({ code }: Failure): boolean => REPEATED.has(code);

export function asFailure(thrown: unknown): Failure {
  const error = asServiceError(thrown);
  const { code, message, hint, details } = error instanceof RpmDepsError ? error : (thrown as RpmDepsError);
  return storable({ code, message, hint: hint ?? null, details });
}
