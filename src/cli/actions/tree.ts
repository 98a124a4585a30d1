import { RpmDepsError } from '../../errors.ts';

export async function treeAction(): Promise<number> {
  throw new RpmDepsError('USAGE', '`tree` is not there yet');
}
