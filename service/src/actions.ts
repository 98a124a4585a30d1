/** `serve token ...`, `serve backup FILE`, `serve restore FILE`: actions other than running the service. */
import { RpmDepsError } from 'rpm-deps';
import { SCOPES, type Scope } from './config/config-file.ts';
import type { ServeOptions } from './config/settings.ts';
import { backup, restore } from './store/backup.ts';
import type { Database } from './store/database.ts';
import { createToken, listTokens, revokeToken, writeAudit } from './store/tokens.ts';

const DAYS = 90;

export interface ServeAction {
  /** True if the action is useless with a newly created database. */
  readonly needsRows: boolean;
  /** Returns the exit code. */
  readonly run: (database: Database) => Promise<number>;
}

/** The action of the arguments, validated before anything is opened. */
export function actionOf(options: ServeOptions): ServeAction {
  const { words, result } = options;
  const [first, second, third] = words;
  if (first === 'token' && second === 'create' && words.length === 2) return { needsRows: false, run: createAction(options) };
  if (first === 'token' && second === 'list' && words.length === 2) {
    const run = async (database: Database): Promise<number> => {
      const tokens = await listTokens(database);
      const lines = tokens.map(
        ({ id, name, scopes, revoked_at, expires_at }) => `${id}  ${name}  ${String(scopes)}  ${stateOf(revoked_at, expires_at)}`,
      );
      result({ tokens }, lines.join('\n'));
      return 0;
    };
    return { needsRows: true, run };
  }
  if (first === 'token' && second === 'revoke' && third !== undefined && words.length === 3) {
    const run = async (database: Database): Promise<number> => {
      if (!(await revokeToken(database, third)))
        throw new RpmDepsError('NOT_FOUND', `there is no valid token \`${third}\``, { hint: '`serve token list` has the ids' });
      await writeAudit(database, 'operator', 'token.revoke', third);
      result({ revoked: third }, `revoked ${third}`);
      return 0;
    };
    return { needsRows: true, run };
  }
  if ((first === 'backup' || first === 'restore') && second !== undefined && words.length === 2) {
    const run = async (database: Database): Promise<number> => {
      const rows = first === 'backup' ? await backup(database, second) : await restore(database, second);
      result({ file: second, rows }, first === 'backup' ? `${rows} rows written to ${second}` : `${rows} rows restored from ${second}`);
      return 0;
    };
    return { needsRows: first === 'backup', run };
  }
  throw new RpmDepsError('USAGE', `unknown action \`serve ${words.join(' ')}\``, {
    hint: '`serve token create|list|revoke ID`, `serve backup FILE`, `serve restore FILE`, or nothing to run the service',
  });
}

function createAction({ name, scopes, days, result }: ServeOptions): (database: Database) => Promise<number> {
  if (name === undefined || name.trim() === '')
    throw new RpmDepsError('USAGE', '`serve token create` needs --name NAME', { hint: 'give the purpose of the token' });
  if (scopes.length === 0)
    throw new RpmDepsError('USAGE', '`serve token create` needs --scope SCOPE', { hint: `one of ${SCOPES.join(', ')}; repeatable` });
  const number = days === undefined ? DAYS : Number(days);
  if (days?.trim() === '' || !Number.isInteger(number) || number < 0 || number > 3650) {
    throw new RpmDepsError('USAGE', '--days must be a number from 0 to 3650', { hint: '0: never expires' });
  }
  return async (database) => {
    const { id, token } = await database.transaction(async (queries) => {
      const made = await createToken(queries, { name, scopes: scopes as readonly Scope[], days: number === 0 ? undefined : number });
      await writeAudit(queries, 'operator', 'token.create', made.id, { name, scopes });
      return made;
    });
    result({ id, token }, token);
    return 0;
  };
}

function stateOf(revoked: unknown, expires: unknown): string {
  if (revoked !== null) return 'revoked';
  return expires === null ? 'never expires' : `expires ${new Date(expires as string).toISOString().slice(0, 10)}`;
}
