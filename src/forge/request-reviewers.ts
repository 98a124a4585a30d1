import { RpmDepsError } from '../base/errors.ts';

/** A forge refuses a whole list for one name, such as that of the author. Then each is requested alone, and the refused ones are reported. */
export async function requestEach(names: readonly string[], request: (names: readonly string[]) => Promise<void>): Promise<void> {
  if (names.length === 0) return;
  try {
    return await request(names);
  } catch (error) {
    if (names.length === 1 || !isRefusal(error)) throw error;
  }
  const refused: string[] = [];
  for (const name of names) {
    await request([name]).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      refused.push(`\`${name}\`: ${error.message}`);
    });
  }
  if (refused.length > 0) throw new RpmDepsError('FORGE', refused.join('; '), { hint: 'edit `reviewers`' });
}

/** The forge understood the request: it is neither busy nor broken. */
function isRefusal(error: unknown): error is RpmDepsError {
  const status = error instanceof RpmDepsError ? error.data?.['status'] : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 && (error as RpmDepsError).code !== 'FORGE_LIMIT';
}
