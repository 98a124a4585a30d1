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
