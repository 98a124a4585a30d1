import { expect, test } from 'vitest';
import { fitText, sizeIn } from '../../src/bot/fit-text.ts';
import { botProject, topicOf } from '../helpers/bot-project.ts';

test('a text is cut at a line end, in the unit that the forge counts in, with a note', () => {
  const text = 'ä'.repeat(10).concat('\n').repeat(50);
  const cut = fitText(text, 100, 'bytes', 'rest\n');
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(100);
  expect(cut).toMatch(/^(?:ä{10}\n)+rest\n$/);
  expect(sizeIn('😀ä', 'characters')).toBe(2);
  expect(fitText('short', 100, 'characters', 'rest')).toBe('short');
});

test.each([
  ['github', 65_536],
  ['gitea', 65_535],
] as const)('a description that would be too long for %s is cut with a count, and the pull request opened', async (kind, limit) => {
  const names = Array.from({ length: 1500 }, (_, i) => `package-with-a-rather-long-name-${i}`);
  const lines = (version: number): string[] => names.map((name) => `${name}-${version}-1.ARCH`);
  const manifest = `architectures: [x86_64]\nrepositories: [{ id: base, baseurl: $mirror/$basearch }]\nsets:\n  all:\n    packages: [${names.join(', ')}]\n`;
  const project = await botProject({ kind, manifest, packages: lines(1) });
  project.mirror(lines(2), { timestamp: 1738000000 });
  const report = await project.run();
  expect(topicOf(report)).toMatchObject({ outcome: 'opened' });
  const { body } = project.forge.pulls[0]!;
  expect(body.length).toBeLessThanOrEqual(limit);
  expect(body).toContain('omitted here');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
});
