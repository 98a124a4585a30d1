import { expect, test } from 'vitest';
import { packagesOf, problemsOf, solveText } from '../helpers/solve-text.ts';

test('all independent problems of a request are found', () => {
  const problems = problemsOf(`
repo base
  a-1-1.x86_64 requires: nothing
  b-1-1.x86_64 conflicts: c
  c-1-1.x86_64
  d-1-1.x86_64

install a, b, c, d`);
  expect(problems).toHaveLength(2);
  expect(problems.join('\n')).toMatch(/requires nothing[\s\S]*conflicts with c/);
});

test('a contradiction is explained by rules of packages and jobs, not by learned ones', () => {
  const [problem = '', ...others] = problemsOf(`
repo base
  app-1-1.noarch requires: lib, screen
  lib-2-1.noarch requires: engine
  gas-1-1.noarch provides: engine; conflicts: screen
  oil-1-1.noarch provides: engine; conflicts: screen
  qt-1-1.noarch provides: screen
  gtk-1-1.noarch provides: screen

install app`);
  expect(others).toEqual([]);
  for (const name of ['app-1', 'lib-2', 'gas-1', 'oil-1', 'qt-1', 'gtk-1']) expect(problem).toContain(name);
});

test('a weak rule that takes part in a contradiction is dropped instead of the request', () => {
  const text = `
repo base
  a-1-1.x86_64 recommends: b
  b-1-1.x86_64 conflicts: c
  c-1-1.x86_64

install a, c
with weak`;
  expect(solveText(text).kind).toBe('solved');
  expect(packagesOf(text)).toEqual(['a-1', 'c-1']);
});
