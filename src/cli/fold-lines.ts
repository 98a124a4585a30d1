/**
 * Wraps lines that are wider than the terminal. Continued lines are indented: below the last column of a table if
 * there is room, otherwise a little deeper than the line, or at `indentation`. A long word is not split: it may be a
 * name or a URL to copy.
 */
export const foldLines = (text: string, width: number, indentation?: number): string =>
  text
    .split('\n')
    .map((line) => (line.length <= width || width < MIN_WIDTH ? line : foldLine(line, width, indentation)))
    .join('\n');

const MIN_WIDTH = 30;

function foldLine(line: string, width: number, indentation: number | undefined): string {
  const indent = /^ */.exec(line)![0].length;
  const column = lastColumn(line);
  const hanging = indentation ?? (column > 0 && column <= width * 0.6 ? column : Math.min(indent + 4, width / 2));
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const start = lines.length === 0 ? Math.max(indent, 1) : hanging + 1;
    let at = rest.lastIndexOf(' ', width);
    if (at < start) at = rest.indexOf(' ', width);
    if (at < start) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = `${' '.repeat(hanging)}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest].join('\n');
}

/** Start of the text after the last double space; 0 if there is none. */
function lastColumn(line: string): number {
  const at = line.trimEnd().lastIndexOf('  ');
  return at < 0 || line.slice(0, at).trim() === '' ? 0 : at + 2;
}
