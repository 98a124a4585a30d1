import { RpmDepsError } from '../base/errors.ts';

/** Reviewers in the format of GitHub, Gitea and Forgejo. */
export interface ReviewersBody {
  readonly reviewers?: readonly string[];
  readonly team_reviewers?: readonly string[];
}

/**
 * Requests users, and teams as `OWNER/TEAM`. A forge refuses a whole list because of one name, such as that of the author. Then each name is
 * requested separately, and the refused ones are reported.
 */
export async function requestReviewers(names: readonly string[], request: (body: ReviewersBody) => Promise<unknown>): Promise<void> {
  if (names.length === 0) return;
  try {
    await request(bodyOf(names));
    return;
  } catch (error) {
    if (names.length === 1 || !isRefusal(error)) throw error;
  }
  const refused: string[] = [];
  for (const name of names) {
    await request(bodyOf([name])).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      refused.push(`\`${name}\`: ${error.message}`);
    });
  }
  if (refused.length > 0) throw new RpmDepsError('FORGE', refused.join('; '), { hint: 'edit `reviewers`' });
}

function bodyOf(names: readonly string[]): ReviewersBody {
  const teams = names.filter((name) => name.includes('/')).map((name) => name.slice(name.indexOf('/') + 1));
  const people = names.filter((name) => !name.includes('/'));
  return { ...(people.length > 0 ? { reviewers: people } : {}), ...(teams.length > 0 ? { team_reviewers: teams } : {}) };
}

/** Whether the forge refused the request itself, and was not just busy or broken. */
function isRefusal(error: unknown): error is RpmDepsError {
  const status = error instanceof RpmDepsError ? error.data?.['status'] : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 && (error as RpmDepsError).code !== 'FORGE_LIMIT';
}
