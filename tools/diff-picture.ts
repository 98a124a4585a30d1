/** Draws docs/diff.svg from the diff of a real week in docs/pull-requests.md. `npx tsx tools/diff-picture.ts` */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { diffLineStyle } from '../src/views/diff-style.ts';

const DOCS = resolve(import.meta.dirname, '../docs');
const PICTURE = resolve(DOCS, 'diff.svg');
const COLOURS = { red: '#f85149', yellow: '#d29922', plain: '#e6edf3' };
const [FONT, LINE, MARGIN, ADVANCE] = [14, 20, 20, 8.43];
const MAX_LINES = 24;

export function drawDiff(page: string): string {
  const text = /```[a-z]*\n(\d+ locks? [^`]*?)```/.exec(page)?.[1] ?? /```[a-z]*\n([^`]*?\nUpgraded\n[^`]*?)```/.exec(page)?.[1];
  if (text === undefined) throw new Error('docs/pull-requests.md has no diff');
  const lines = ['$ rpm-deps diff', ...text.trimEnd().split('\n').slice(0, MAX_LINES)];
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * ADVANCE) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  let heading = '';
  const rows = lines.map((line, i) => {
    if (/^\S/.test(line)) heading = line;
    const colour = COLOURS[diffLineStyle(line, heading) ?? 'plain'];
    const shown = line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    return `<text x="${MARGIN}" y="${MARGIN + LINE * (i + 0.75)}" fill="${colour}" xml:space="preserve">${shown}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"`,
    `  aria-label="rpm-deps diff" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT}">`,
    '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(PICTURE, drawDiff(readFileSync(resolve(DOCS, 'pull-requests.md'), 'utf8')));
