/** Titles on forges that record drafts in the title. */
import type { PullChange } from './forge.ts';

/** Starts with `prefix` for a draft, and is cut to `limit` characters. */
export const draftTitle = (prefix: string, { text, draft }: NonNullable<PullChange['title']>, limit: number): string =>
  `${draft ? prefix : ''}${text}`.slice(0, limit);
