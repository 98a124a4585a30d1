import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Queries } from '../store/database.ts';

const DAY_MS = 86_400_000;

/** Removes clones of projects that were removed, a day after their last use: another database may use the same directory. */
export async function forgetClones(database: Queries, workDir: string, now: Date): Promise<void> {
  const unused = cloneIds(join(workDir, 'clones')).filter((id) => now.getTime() - usedAt(join(workDir, 'clones', id)) > DAY_MS);
  if (unused.length === 0) return;
  const { rows } = await database.query<{ id: string }>('select id::text as id from project where id = any($1::uuid[])', [unused]);
  const known = new Set(rows.map(({ id }) => id));
  for (const id of unused) if (!known.has(id)) rmSync(join(workDir, 'clones', id), { recursive: true, force: true });
}

function cloneIds(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** git writes FETCH_HEAD at each fetch. */
const usedAt = (clone: string): number =>
  (statSync(join(clone, 'FETCH_HEAD'), { throwIfNoEntry: false }) ?? statSync(clone, { throwIfNoEntry: false }))?.mtimeMs ?? Infinity;
