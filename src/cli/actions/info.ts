import { RpmDepsError } from '../../errors.ts';

export async function infoAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`info` is not there yet');
}
