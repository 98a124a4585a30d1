import { expect, test } from 'vitest';
import { renderManualPage } from '../../src/cli/manual-page.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/options.ts';
import { COMMANDS } from '../../src/cli/program.ts';

const page = renderManualPage(COMMANDS, '1.2.3');
const roff = (text: string): string => text.replaceAll('-', '\\-');

test('the manual page has every command, option and exit code', () => {
  for (const { name, options } of COMMANDS) {
    expect(page).toContain(`.SS rpm\\-deps ${roff(name)}`);
    for (const option of options) expect(page).toContain(roff(option.name));
  }
  for (const option of GLOBAL_OPTIONS) expect(page).toContain(roff(`--${option.name}`));
  for (const code of ['0', '1', '2', '3', '4', '5', '6', '70', '130']) expect(page).toContain(`.B ${code}\n`);
});

test('no line of text is taken for a request of roff', () => {
  const requests = page.split('\n').filter((line) => /^[.']/.test(line));
  expect(requests.filter((line) => !/^\.(?:\\"|TH|SH|SS|TP|PP|B|I|nf|fi|RS|RE)(?: |$)/.test(line))).toEqual([]);
});

test('examples fit into a terminal of 80 columns, as lines that a shell reads', () => {
  const blocks = [...page.matchAll(/^\.nf\n\.RS\n([\s\S]*?)\n\.RE$/gm)].map(([, text = '']) =>
    text.replaceAll('\\-', '-').replaceAll('\\e', '\\'),
  );
  expect(blocks.flatMap((text) => text.split('\n')).filter((line) => line.length > 64)).toEqual([]);
  const read = blocks.flatMap((text) => text.replaceAll(/ \\\n */g, ' ').split('\n'));
  expect(read).toEqual(COMMANDS.flatMap(({ name, examples }) => examples.map((example) => `rpm-deps ${name} ${example}`.trimEnd())));
});

test('a backslash and a dot at the start of a line are escaped', () => {
  const made = renderManualPage([{ ...COMMANDS[0]!, summary: 'x\\y', description: '.dot', examples: [] }], '1');
  expect(made).toContain('X\\ey.');
  expect(made).toContain('\n\\&.dot\n');
});
