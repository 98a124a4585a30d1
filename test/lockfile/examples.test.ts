import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, makeExamples } from '../../tools/make-examples.ts';

const lockfiles = join(EXAMPLES, 'rpm-lockfiles');

test('the example lockfiles are what update writes (npm run examples makes them anew)', async () => {
  const kept = new Map(readdirSync(lockfiles).map((name) => [name, readFileSync(join(lockfiles, name), 'utf8')]));
  expect(await makeExamples()).toEqual(kept);
});
