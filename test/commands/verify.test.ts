import { expect, test } from 'vitest';
import { queryProject } from '../helpers/query-project.ts';

test('verify before fetch says once that nothing is there', async () => {
  const { run } = await queryProject();
  const { exitCode, stderr } = await run('verify');
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: none of 6 packages is in the store\n\nhint: run `rpm-deps fetch` first\n');
});
