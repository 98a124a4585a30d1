import type { FetchLocked } from './container-input.ts';
import { fetchLocks } from './fetch.ts';

/** The RPMs of locks for who builds containers from them: from the store, or else from wherever `fetch` gets them. */
export const fetchLocked: FetchLocked = (locks, context) => fetchLocks(locks, {}, context);
