/** The functions of a database that the service needs: the same SQL for PostgreSQL and PGlite. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** Rows that were changed. */
  readonly count: number;
}

export interface Queries {
  query<T = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<T>>;
}

export interface Database extends Queries {
  readonly engine: 'postgres' | 'pglite';
  /** Statements without values, several in one text. */
  execute(text: string): Promise<readonly Record<string, unknown>[]>;
  /** All or nothing. `work` must use the queries that it is given. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Settles with the reason when the database has ended by itself and does not come back in this process. */
  readonly broken: Promise<Error>;
  close(): Promise<void>;
}

/** The first row, where there is one. */
export async function first<T>(queries: Queries, text: string, values: readonly unknown[] = []): Promise<T | undefined> {
  return (await queries.query<T>(text, values)).rows[0];
}

/** Whether a statement failed because a row of that kind is there already (unique_violation); `name` is that of the index. */
export function isUniqueViolation(error: unknown, name?: string): boolean {
  const { code, constraint, message } = (error ?? {}) as { code?: string; constraint?: string; message?: string };
  return code === '23505' && (name === undefined || constraint === name || message?.includes(name) === true);
}

/** The same without what no database takes in a text: null bytes and halves of characters, which repositories may have anywhere. */
export function storable<T>(value: T): T {
  const text = JSON.stringify(value);
  if (text === undefined || !/\\u0000|\\ud[89a-f]/i.test(text)) return value;
  const clean: T = JSON.parse(text, (_, item: unknown) => (typeof item === 'string' ? item.replace(/[\0\p{Cs}]/gu, '\ufffd') : item));
  return JSON.stringify(clean) === text ? value : clean;
}
