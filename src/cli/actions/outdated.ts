import { RpmDepsError } from '../../errors.ts';

export async function outdatedAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`outdated` is not there yet');
}
