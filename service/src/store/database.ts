/** The functions that the service needs from a database: the same SQL for PostgreSQL and PGlite. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** Number of changed rows. */
  readonly count: number;
}

export interface Queries {
  query<T = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<T>>;
}

export interface Database extends Queries {
  readonly engine: 'postgres' | 'pglite';
  /** Runs statements without values, several in one text. */
  execute(text: string): Promise<readonly Record<string, unknown>[]>;
  /** All or nothing. `work` must use the passed queries. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Resolves with the reason if the database has ended by itself and cannot be reopened in this process. */
  readonly broken: Promise<Error>;
  close(): Promise<void>;
}

/** The first row, if there is one. */
export async function first<T>(queries: Queries, text: string, values: readonly unknown[] = []): Promise<T | undefined> {
  return (await queries.query<T>(text, values)).rows[0];
}

/** Whether a statement failed because of a unique index (unique_violation); `name` is that of the index. */
export function isUniqueViolation(error: unknown, name?: string): boolean {
  const { code, constraint, message } = (error ?? {}) as { code?: string; constraint?: string; message?: string };
  return code === '23505' && (name === undefined || constraint === name || message?.includes(name) === true);
}

/** Removes null bytes and lone surrogates, which databases do not accept in texts but which repositories may contain. */
export function storable<T>(value: T): T {
  const text = JSON.stringify(value);
  if (text === undefined || !/\\u0000|\\ud[89a-f]/i.test(text)) return value;
  const clean: T = JSON.parse(text, (_, item: unknown) => (typeof item === 'string' ? item.replace(/[\0\p{Cs}]/gu, '\ufffd') : item));
  return JSON.stringify(clean) === text ? value : clean;
}
