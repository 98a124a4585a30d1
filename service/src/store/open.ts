import type { Settings } from '../config/settings.ts';
import type { Log } from '../service.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';

/** Opens the configured database and applies all migrations. */
export async function openDatabase({ database: url, data }: Pick<Settings, 'database' | 'data'>, log: Log): Promise<Database> {
  const database = await open(url, data, log);
  try {
    for (const name of await migrate(database)) log('info', `applied the migration ${name}`);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function open(url: string | undefined, data: string | undefined, log: Log): Promise<Database> {
  if (url !== undefined) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, (error) => log('warn', `a connection to PostgreSQL broke: ${error.message}`));
  }
  log('info', `opening the database in ${data}; the first start takes some seconds`);
  const { openPglite } = await import('./pglite.ts');
  return openPglite(data!);
}
