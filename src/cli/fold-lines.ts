/**
 * Folds lines that are longer than a terminal is wide, at blanks. What goes on is indented: under the last column of a table where there
 * is room for it, else a little more than its line. A word that is longer stays whole: it may be a name or a URL to be copied.
 */
export const foldLines = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => (line.length <= width || width < MIN_WIDTH ? line : foldLine(line, width)))
    .join('\n');

const MIN_WIDTH = 30;

function foldLine(line: string, width: number): string {
  const indent = /^ */.exec(line)![0].length;
  const column = lastColumn(line);
  const hanging = column > 0 && column <= width * 0.6 ? column : Math.min(indent + 4, width / 2);
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

/** Where the text behind the last two blanks begins; 0 where there are none. */
function lastColumn(line: string): number {
  const at = line.trimEnd().lastIndexOf('  ');
  return at < 0 || line.slice(0, at).trim() === '' ? 0 : at + 2;
}
