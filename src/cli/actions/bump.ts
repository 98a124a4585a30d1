import { RpmDepsError } from '../../errors.ts';

export async function bumpAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`bump` is not there yet');
}
