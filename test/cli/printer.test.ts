import { expect, test } from 'vitest';
import { createPrinter } from '../../src/cli/printer.ts';

function printed(options: {
  isTTY?: boolean;
  columns?: number;
  colour?: 'auto' | 'always' | 'never';
  env?: Record<string, string>;
}): string {
  let written = '';
  const output = { write: (text: string) => (written += text), isTTY: options.isTTY ?? false, columns: options.columns };
  const printer = createPrinter({
    ...{ stdout: output, stderr: output, env: options.env ?? {}, json: false, quiet: false, verbose: false },
    colour: options.colour,
  });
  printer.out('Downgraded\n  glibc  2-1 -> 1-1\n', (_, heading) => (heading === 'Downgraded' ? 'yellow' : undefined));
  return written;
}

const PLAIN = 'Downgraded\n  glibc  2-1 -> 1-1\n';
const COLOURED = '\u001b[33mDowngraded\u001b[39m\n\u001b[33m  glibc  2-1 -> 1-1\u001b[39m\n';

test('colours are for terminals, unless NO_COLOR is set; --color decides otherwise', () => {
  expect(printed({ isTTY: true })).toBe(COLOURED);
  expect(printed({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(PLAIN);
  expect(printed({})).toBe(PLAIN);
  expect(printed({ colour: 'always' })).toBe(COLOURED);
  expect(printed({ isTTY: true, colour: 'never' })).toBe(PLAIN);
});

test('a pipe gets whole lines, whatever its width', () => {
  expect(printed({ columns: 10 })).toBe(PLAIN);
});
