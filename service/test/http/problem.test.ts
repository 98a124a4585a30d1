import { RpmDepsError } from 'rpm-deps';
import { expect, test } from 'vitest';
import { asServiceError, problemOf } from '../../src/http/problem.ts';

test('a client is not told where the database is, nor what failed inside', () => {
  const away = new RpmDepsError('DATABASE', 'PostgreSQL cannot be used: connect ECONNREFUSED 10.1.2.3:5432', {
    hint: 'check the URL',
    details: ['password authentication failed for user "rpmdeps"'],
  });
  for (const thrown of [away, Object.assign(new Error('10.1.2.3 ends'), { code: '57P01' }), new Error('in /srv/10.1.2.3')]) {
    const problem = problemOf(asServiceError(thrown), 'id');
    expect(problem).toMatchObject({ status: expect.toSatisfy((status) => status >= 500), request_id: 'id', details: [] });
    expect(JSON.stringify(problem)).not.toMatch(/10\.1\.2\.3|rpmdeps|check the URL/);
  }
  expect(problemOf(new RpmDepsError('USAGE', 'wrong', { hint: 'right', details: ['a'] }), 'id')).toMatchObject({
    ...{ status: 400, detail: 'wrong', hint: 'right', details: ['a'] },
  });
});
