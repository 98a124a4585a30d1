import { expect, test } from 'vitest';
import { unmetText } from '../../src/views/relock.ts';

test('every requirement that ignored packages leave unmet is told, a line for each package', () => {
  const relations = ['libc.so.6', 'libm.so.6', '/bin/sh', 'rtld(GNU_HASH)', '(lib if app)'];
  const unmet = ['app', 'tool'].flatMap((name) =>
    relations.map((relation) => ({ package: `${name}-0:1-1.x86_64`, relation, ignored: ['lib-0:1-1.x86_64', 'sh-0:1-1.x86_64'] })),
  );
  expect(unmetText(unmet)).toBe(`10 requirements unmet, because \`ignore\` leaves out lib, sh
  app requires ${relations.join(', ')}
  tool requires ${relations.join(', ')}`);
});
