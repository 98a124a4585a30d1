import { RpmDepsError } from '../../errors.ts';

export async function initAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`init` is not there yet');
}
