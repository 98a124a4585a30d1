import { RpmDepsError } from '../../errors.ts';

export async function whyAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`why` is not there yet');
}
