import { expect, test } from 'vitest';
import { quietWarnings } from '../src/quiet-warnings.ts';

test('the same warning is said once a minute, and everything else each time', () => {
  let now = 0;
  const lines: string[] = [];
  const log = quietWarnings(
    (level, message, data = {}) => lines.push(`${level} ${message} ${JSON.stringify(data)}`),
    () => now,
  );
  for (now = 0; now < 120_000; now += 500) {
    log('warn', 'the database is away');
    log('warn', 'the job could not be looked at', { job: 'a' });
  }
  log('warn', 'the job could not be looked at', { job: 'b' });
  for (let i = 0; i < 2; i++) log('info', 'job begins', { job: 'a' });
  for (let i = 0; i < 2; i++) log('error', 'it failed');
  expect(lines).toEqual([
    'warn the database is away {}',
    'warn the job could not be looked at {"job":"a"}',
    'warn the database is away {}',
    'warn the job could not be looked at {"job":"a"}',
    'warn the job could not be looked at {"job":"b"}',
    'info job begins {"job":"a"}',
    'info job begins {"job":"a"}',
    'error it failed {}',
    'error it failed {}',
  ]);
});
