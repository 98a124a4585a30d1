/** Numbered SQL files, applied in order, each once, under a lock shared by all processes; the same for both engines. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RpmDepsError } from 'rpm-deps';
import { sha256 } from '../sha256.ts';
import type { Database } from './database.ts';

/** Any number, the same in every version: `rpm-deps` in ASCII, cut to 31 bits. */
const LOCK = 1_919_970_660;
/** `migrations` of the package, from `src/store` and from `dist`. */
const FOLDER = fileURLToPath(new URL(import.meta.url.endsWith('.js') ? '../migrations' : '../../migrations', import.meta.url));

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

export function readMigrations(folder: string = FOLDER): Migration[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}-[a-z-]+\.sql$/.test(file));
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8');
    return { number: Number(file.slice(0, 4)), name: file, sql, sha256: sha256(sql) };
  });
}

/** Returns the names of the newly applied migrations. Refuses a database that a newer version has changed. */
export async function migrate(database: Database, migrations: readonly Migration[] = readMigrations()): Promise<string[]> {
  return database.transaction(async (queries) => {
    // Held until the end of the transaction: if several processes start at once, one migrates and the others wait.
    await queries.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await queries.query(
      'create table if not exists migration (number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await queries.query<{ number: number; name: string; sha256: string }>('select number, name, sha256 from migration');
    const known = new Map(rows.map((row) => [row.number, row]));
    const newest = migrations.at(-1)?.number ?? 0;
    const foreign = rows.find(({ number }) => number > newest);
    if (foreign !== undefined) {
      throw new RpmDepsError('DATABASE', `the database has the migration \`${foreign.name}\` of a newer version`, {
        hint: 'run that version of rpm-deps-service, or restore a backup into a new database',
      });
    }
    const applied: string[] = [];
    for (const { number, name, sql, sha256 } of migrations) {
      const before = known.get(number);
      if (before !== undefined && before.sha256 !== sha256) {
        throw new RpmDepsError('DATABASE', `the migration \`${name}\` was applied with another content`, {
          hint: 'migrations never change after a release: use the package as it was published',
        });
      }
      if (before !== undefined) continue;
      for (const statement of statementsOf(sql)) await queries.query(statement);
      await queries.query('insert into migration (number, name, sha256) values ($1, $2, $3)', [number, name, sha256]);
      applied.push(name);
    }
    return applied;
  });
}

/** In our files every statement ends with `;` at the end of a line, which occurs nowhere else. */
const statementsOf = (sql: string): string[] =>
  sql
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((text) => text.trim())
    .filter((text) => text !== '');
