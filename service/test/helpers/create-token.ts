import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../../src/config/config-file.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createToken } from '../../src/store/tokens.ts';

/** A token in a new directory, which is opened and closed for it; or in a database that is there. */
export async function createTokenIn(
  scopes: readonly Scope[],
  database?: string,
  data = mkdtempSync(join(tmpdir(), 'rpm-deps-service-')),
): Promise<{ data: string; token: string }> {
  const opened = await openDatabase({ data: database === undefined ? data : undefined, database }, () => undefined);
  try {
    const { token } = await createToken(opened, { name: 'test', scopes, days: 1 });
    return { data, token };
  } finally {
    await opened.close();
  }
}
