import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sayOnce } from './say-once.ts';

/** The folder with real metadata: `RPM_DEPS_CORPUS`, else `../shared` beside the project; undefined where there is neither. */
export function corpus(): string | undefined {
  const named = process.env['RPM_DEPS_CORPUS'];
  const folder = named !== undefined && named !== '' ? resolve(named) : resolve(import.meta.dirname, '../../../shared');
  if (existsSync(folder)) return folder;
  sayOnce(`tests with real metadata are skipped: there is no ${folder} (set RPM_DEPS_CORPUS)`);
  return undefined;
}
