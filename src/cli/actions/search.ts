import { RpmDepsError } from '../../errors.ts';

export async function searchAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`search` is not there yet');
}
