import { describe, expect, test } from 'vitest';
import { addSpec, listSpecs, removeSpecs, setsWithoutRequest } from '../../src/manifest/edit-packages.ts';

const add = (text: string, spec: string, architectures?: readonly string[]) => addSpec(text, 'web', { spec, architectures, json: false });

async function remove(text: string, ...templates: string[]): Promise<string> {
  const listed = await listSpecs(text);
  return removeSpecs(
    text,
    listed.filter(({ template }) => templates.includes(template)),
  );
}

describe('adding a package', () => {
  test('a list in lines gets a line with the same indentation, behind the comment of the last one', async () => {
    const text = 'sets:\n  web:\n    packages:\n      # servers\n      - nginx   # the old one\n\n  db: { packages: [a] }\n';
    expect(await add(text, 'httpd')).toBe(text.replace('one\n', 'one\n      - httpd\n'));
  });

  test('a last item that is a map of several lines stays whole', async () => {
    const text = 'sets:\n  web:\n    packages:\n      - name: a\n        architectures: [x86_64] # only\n    ignore: [b]\n';
    expect(await add(text, 'c')).toBe(text.replace('# only\n', '# only\n      - c\n'));
  });

  test('a list between brackets gets a comma, or a line where it has lines', async () => {
    expect(await add('sets: { web: { packages: [a, b] } }', 'c')).toBe('sets: { web: { packages: [a, b, c] } }');
    expect(await add('sets: { web: { packages: [] } }', 'c')).toBe('sets: { web: { packages: [c] } }');
    expect(await add('sets:\n  web:\n    packages: [\n      a,\n      b,\n    ]\n', 'c')).toBe(
      'sets:\n  web:\n    packages: [\n      a,\n      b,\n      c,\n    ]\n',
    );
  });

  test('a set of groups gets its first own package', async () => {
    expect(await add('sets:\n  web:\n    groups: [main] # all\n  db: {}\n', 'c')).toBe(
      'sets:\n  web:\n    groups: [main] # all\n    packages:\n      - c\n  db: {}\n',
    );
    expect(await add('sets:\n  web: { groups: [main] }\n', 'c')).toBe('sets:\n  web: { groups: [main], packages: [c] }\n');
  });

  test('a set between brackets is found where other brackets, commas and comments are near', async () => {
    expect(await add('sets: {web: {groups: [main]}}\n', 'c')).toBe('sets: {web: {groups: [main], packages: [c]}}\n');
    expect(await add('sets: {web: {}}\n', 'c')).toBe('sets: {web: { packages: [c] }}\n');
    expect(await add('sets:\n  web: {\n    groups: [main], # all }\n  }\n', 'c')).toBe(
      'sets:\n  web: {\n    groups: [main], packages: [c], # all }\n  }\n',
    );
  });

  test('what YAML would read as something else is quoted', async () => {
    const text = 'sets: { web: { packages: [a] } }';
    for (const spec of ['null', 'a >= 2', '@core', '/usr/bin/make', 'lib-${LIB}', '7zip', 'libfoo.so.1()(64bit)']) {
      expect(await add(text, spec)).toBe(`sets: { web: { packages: [a, ${JSON.stringify(spec)}] } }`);
    }
    expect(await add(text, 'a-1:2-3.el9.x86_64')).toBe('sets: { web: { packages: [a, a-1:2-3.el9.x86_64] } }');
  });

  test('line ends of Windows, a missing last line end and JSON stay', async () => {
    expect(await add('sets:\r\n  web:\r\n    packages:\r\n      - a\r\n', 'b')).toBe(
      'sets:\r\n  web:\r\n    packages:\r\n      - a\r\n      - b\r\n',
    );
    expect(await add('sets:\n  web:\n    packages:\n    - a', 'b')).toBe('sets:\n  web:\n    packages:\n    - a\n    - b');
    const json = '{\n  "sets": {\n    "web": {\n      "packages": [\n        "a",\n        "b"\n      ]\n    }\n  }\n}\n';
    expect(await addSpec(json, 'web', { spec: 'c', architectures: ['s390x'], json: true })).toBe(
      json.replace('"b"', '"b",\n        { "name": "c", "architectures": ["s390x"] }'),
    );
  });

  test('for some architectures only, the item says so', async () => {
    expect(await add('sets:\n  web:\n    packages:\n      - a\n', 'b', ['x86_64'])).toContain(
      '      - { name: b, architectures: [x86_64] }\n',
    );
  });

  test('a list that is an alias is refused: another set has it too', async () => {
    await expect(add('sets:\n  db: { packages: &l [a] }\n  web: { packages: *l }\n', 'b')).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      hint: expect.stringContaining('by hand'),
    });
  });
});

describe('removing a package', () => {
  test('its line goes with its own comment, and comments above stay', async () => {
    const text =
      'sets:\n  web:\n    packages:\n      # servers\n      - nginx # old\n      - httpd\ngroups:\n  main:\n    - a\n    - nginx\n';
    expect(await remove(text, 'nginx')).toBe('sets:\n  web:\n    packages:\n      # servers\n      - httpd\ngroups:\n  main:\n    - a\n');
  });

  test('a list that ends empty stays as an empty list', async () => {
    const text =
      'sets:\n  web:\n    groups: [main]\n    packages: # own: ones\n      - a\n      - name: b\n        architectures: [x86_64]\n    ignore: [c]\n';
    expect(await remove(text, 'a', 'b')).toBe('sets:\n  web:\n    groups: [main]\n    packages: [] # own: ones\n    ignore: [c]\n');
  });

  test('between brackets the comma goes too', async () => {
    expect(await remove('sets: { web: { packages: [a, b, c] } }', 'b')).toBe('sets: { web: { packages: [a, c] } }');
    expect(await remove('sets: { web: { packages: [a, b, c] } }', 'a', 'c')).toBe('sets: { web: { packages: [b] } }');
    expect(await remove('{ "sets": { "web": { "packages": ["a"] } } }', 'a')).toBe('{ "sets": { "web": { "packages": [] } } }');
  });
});

test('comments between brackets stay with what they are about', async () => {
  const list = (...lines: string[]): string => `sets:\n  web:\n    packages: [\n${lines.map((line) => `      ${line}\n`).join('')}    ]\n`;
  const text = list('a, # of a', '# above b', 'b, # of b', 'c # of c');
  expect(await remove(text, 'a')).toBe(list('# above b', 'b, # of b', 'c # of c'));
  expect(await remove(text, 'b')).toBe(list('a, # of a', '# above b', 'c # of c'));
  expect(await remove(text, 'c')).toBe(list('a, # of a', '# above b', 'b, # of b', ' # of c'));
  expect(await remove(list('a, # of a'), 'a')).toBe('sets:\n  web:\n    packages: [ # of a\n    ]\n');
});

test.each([
  ['a list that another set shares', 'sets:\n  web:\n    packages: &all\n      - a\n  db:\n    packages: *all\n'],
  ['a set that is another set too', 'sets:\n  web: &web\n    packages: [a]\n  db: *web\n'],
  ['an item that is used elsewhere', 'sets:\n  web:\n    packages:\n      - &a a\n  db:\n    packages: [*a]\n'],
  ['a list with a tag', 'sets:\n  web:\n    packages: !!seq\n      - a\n'],
])('what would change more than the list is not removed: %s', async (_, text) => {
  const [first] = await listSpecs(text);
  await expect(removeSpecs(text, [first!])).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
});

test('names of sets that YAML reads as numbers or as true are names', async () => {
  for (const name of ['10', '1.10', 'true', 'null', '"on"']) {
    const text = `sets:\n  ${name}:\n    packages:\n      - a\n      - b\n`;
    const [first] = await listSpecs(text);
    expect(first).toMatchObject({ name: name.replaceAll('"', ''), template: 'a' });
    expect(await addSpec(text, first!.name, { spec: 'c', json: false })).toBe(`${text}      - c\n`);
    expect(await removeSpecs(text, [first!])).toBe(text.replace('      - a\n', ''));
  }
});

test('a package is not added to a list that another set shares', async () => {
  const text = 'sets:\n  web:\n    packages: &all\n      - a\n  db:\n    packages: *all\n';
  await expect(add(text, 'b')).rejects.toMatchObject({ code: 'MANIFEST_INVALID', message: expect.stringContaining('share') });
});

test('sets that ask for nothing are named', async () => {
  expect(await setsWithoutRequest('sets:\n  a: { packages: [] }\n  b: { groups: [x] }\n  c: { upgrade: true }\n  d: {}\n')).toEqual([
    'a',
    'd',
  ]);
});
