/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same test. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Changes a document in ways that keep most of its structure: lines and tokens are dropped, doubled, moved and exchanged, and
 * things that parsers trip over are put in.
 */
export function mutate(text: string, dictionary: readonly string[], random: (below: number) => number): string {
  let mutant = text;
  for (let changes = 1 + random(4); changes > 0; changes--) mutant = mutateOnce(mutant, dictionary, random);
  return mutant;
}

function mutateOnce(text: string, dictionary: readonly string[], random: (below: number) => number): string {
  const separator = random(2) === 0 ? /(?<=\n)/ : /(?<=[>=:[\]",'-])|(?=[<"'])/;
  const parts = text.split(separator);
  const at = random(parts.length);
  const other = random(parts.length);
  const word = dictionary[random(dictionary.length)]!;
  switch (random(8)) {
    case 0:
      parts.splice(at, 1 + random(3));
      break;
    case 1:
      parts.splice(at, 0, ...parts.slice(other, other + 1 + random(5)));
      break;
    case 2:
      [parts[at], parts[other]] = [parts[other]!, parts[at]!];
      break;
    case 3:
      parts.splice(at, 0, word);
      break;
    case 4:
      parts[at] = word;
      break;
    case 5:
      parts.splice(at, 0, word.repeat(1 + random(2000)));
      break;
    case 6:
      return text.slice(0, random(text.length));
    default:
      return changeCharacter(text, random);
  }
  return parts.join('');
}

function changeCharacter(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  return text.slice(0, at) + String.fromCharCode(random(4) === 0 ? random(0x10000) : random(128)) + text.slice(at + 1);
}

/** What parsers of XML trip over, and readers of paths and numbers. */
export const XML_WORDS: readonly string[] = [
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x',
  '?>',
  '&',
  '&lt;',
  '&#0;',
  '&#x110000;',
  '&#65;',
  '&nope;',
  '"',
  "'",
]
  .concat([
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '<a>',
    '</a>',
    '<__proto__ constructor="1"/>',
    'xmlns:a="b"',
    '\u0000',
    '\u001b[31m',
    '\ud800',
    '\ufeff',
  ])
  .concat(['../', '/etc/passwd', 'https://evil.example/', '%2e%2e/', '-1', '1e999', '99999999999999999999', 'NaN', ' ', '\n', '=']);
/** The same for YAML. */
export const YAML_WORDS: readonly string[] = [
  '---\n',
  '...\n',
  '- ',
  ': ',
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '!!binary ',
  '!<x> ',
  '|\n',
  '>-\n',
  '"',
  "'",
  '\\',
  '#',
  '%YAML 9\n',
  '\t',
].concat([
  '<<: ',
  '? ',
  '~',
  'null',
  'true',
  '__proto__: ',
  '\u0000',
  '\u2028',
  '\ufeff',
  '\r\n',
  '    ',
  '  ',
  ',',
  '@',
  '`',
  '-',
  '0x10',
  '1.10',
  '.inf',
]);

/** What readers of JSON trip over. */
export const JSON_WORDS: readonly string[] = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\u001b[31m',
  '\\ud800',
  '\\u202e',
  'null',
  'true',
  '-1',
  '1e999',
  '0.1',
  '99999999999999999999',
  '"__proto__": 1,',
  '"constructor": {},',
  '"../../etc/passwd"',
  '"-rf"',
  '"https://evil.example/x.rpm"',
  '"$(id)"',
  '"%{?x}"',
  '<<<<<<< HEAD\n',
  '\ufeff',
  '\n',
];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const STRANGE: readonly Json[] = [
  null,
  true,
  -1,
  1e300,
  0.5,
  '',
  ' ',
  '-',
  '..',
  '../x',
  '/etc/passwd',
  'a/b',
  'https://evil.example/',
  '\u001b[31mred',
  'a\nb',
  '\u202e',
  '$(id)',
  '`id`',
  '@someone',
  '<script>',
  '|',
  'x'.repeat(5000),
  [],
  {},
  [[[[[]]]]],
];

/** Changes values and keys of JSON, so that it stays JSON. */
export function mutateJson(value: Json, random: (below: number) => number): Json {
  const copy = structuredClone(value);
  for (let changes = 1 + random(3); changes > 0; changes--) changeSomewhere(copy, random);
  return copy;
}

function changeSomewhere(value: Json, random: (below: number) => number): void {
  if (typeof value !== 'object' || value === null) return;
  const keys = Object.keys(value);
  if (keys.length === 0) return;
  const holder = value as { [key: string]: Json };
  const key = keys[random(keys.length)]!;
  const inside = holder[key]!;
  if (typeof inside === 'object' && inside !== null && Object.keys(inside).length > 0 && random(4) > 0) {
    changeSomewhere(inside, random);
    return;
  }
  const other = holder[keys[random(keys.length)]!]!;
  const strange = structuredClone(STRANGE[random(STRANGE.length)]!);
  switch (random(5)) {
    case 0:
      if (Array.isArray(value)) value.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      if (Array.isArray(value)) value.push(structuredClone(inside));
      else holder[`${key}${random(10)}`] = inside;
      break;
    case 2:
      holder[key] = structuredClone(other);
      break;
    case 3:
      holder[key] = typeof inside === 'string' && typeof strange === 'string' ? inside + strange : strange;
      break;
    default:
      holder[key] = strange;
  }
}

/** Changes bytes, also in numbers of 16 and 32 bits, and moves, doubles, drops and cuts pieces. */
export function mutateBytes(original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(original);
  for (let changes = 1 + random(4); changes > 0 && bytes.length > 8; changes--) {
    const at = random(bytes.length - 4);
    const length = 1 + random(Math.min(64, bytes.length - at));
    switch (random(8)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = bytes[at]! ^ (1 << random(8));
        break;
      case 2:
        bytes.writeUInt32BE(NUMBERS[random(NUMBERS.length)]!, at & ~3);
        break;
      case 3:
        bytes.writeUInt16BE(NUMBERS[random(NUMBERS.length)]! & 0xffff, at);
        break;
      case 4:
        bytes.writeUInt32BE((bytes.readUInt32BE(at & ~3) + random(64) - 32) >>> 0, at & ~3);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 6:
        bytes.copy(bytes, random(bytes.length), at, at + length);
        break;
      default:
        if (random(4) === 0) bytes = bytes.subarray(0, at);
        else bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    }
  }
  return bytes;
}

const NUMBERS = [0, 1, 2, 7, 16, 62, 63, 255, 256, 1000, 4096, 65_535, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];
