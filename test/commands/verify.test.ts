import { expect, test } from 'vitest';
import { questionProject } from '../helpers/question-project.ts';

test('verify before fetch says once that nothing is there', async () => {
  const { run } = await questionProject();
  const { exitCode, stderr } = await run('verify');
  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: none of 6 packages is in the store\n\nhint: run `rpm-deps fetch` first\n');
});
