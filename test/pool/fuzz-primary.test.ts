/** Mutants of primary.xml: read as a strict parser reads them, however they arrive, or refused; never a crash or a hang. */
import { beforeAll, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { FUZZ_TIMEOUT, readMutants, SEED_TEXT } from '../helpers/fuzz.ts';
import { mutate, randomNumbers, XML_WORDS } from '../helpers/mutate.ts';
import { excerpt, type Pieces, piecesOf, realFiles } from '../helpers/real-metadata.ts';
import { asColumnsHave, readPackages } from '../repodata/primary-events.ts';
import { type ReadPackage, readWithSaxes } from '../repodata/reference-primary.ts';

const WORDS = [
  ...XML_WORDS,
  '<package>',
  '</package>',
  '<format>',
  '</format>',
  '<rpm:requires>',
  '</rpm:requires>',
  '<rpm:entry name="x"/>',
  '<rpm:entry name="(a or b)" pre="1"/>',
  ' flags="EQ"',
  ' epoch="00"',
  ' ver="1:2"',
  ' pre="1"',
  '(((',
  ')))',
  ' if ',
  ' else ',
  '<file>/x</file>',
  ' name="x"/>',
  '/x</file>',
];

/** What we refuse on purpose and a general parser has no reason to. */
const STRICTER =
  /document type|is encoded in|more than 64 attributes|64 deep|only text is expected|with the location|<format> in a <format>|not hexadecimal|an entity, a control character|where <metadata> was expected|is an HTML page|of more than 64 MiB/;

let documents: readonly Pieces[];
beforeAll(async () => {
  documents = (await realFiles('primary')).map((text) => piecesOf(text, 'package'));
});

test(
  `mutants of primary.xml are read as a strict parser reads them, however they are cut, or refused (${SEED_TEXT})`,
  async () => {
    expect(documents.flatMap(({ elements }) => elements).length).toBeGreaterThan(100);
    const cuts = randomNumbers(1);
    let agreed = 0;
    await readMutants({
      share: 1,
      codes: ['METADATA_INVALID'],
      make: (random) => {
        const text = excerpt(documents[random(documents.length)]!, random);
        return mutate(random(2) === 0 ? text : twice(text), WORDS, random);
      },
      read: (text) => {
        const bytes = new TextEncoder().encode(text);
        const whole = outcome(() => readPackages(bytes));
        const pieces = Array.from({ length: cuts(6) }, () => cuts(bytes.length + 1));
        expect(outcome(() => readPackages(bytes, pieces))).toEqual(whole);
        const strict = strictly(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        if (strict !== undefined && typeof whole !== 'string') {
          expect(whole).toEqual(strict);
          agreed++;
        } else if (strict !== undefined) expect(whole).toMatch(STRICTER);
        if (typeof whole === 'string') throw new RpmDepsError('METADATA_INVALID', whole);
      },
    });
    expect(agreed).toBeGreaterThan(0);
  },
  FUZZ_TIMEOUT,
);

/** The packages a second time behind the first: what was met before is read in another way. */
function twice(text: string): string {
  const start = text.indexOf('<package');
  const end = text.lastIndexOf('</metadata>');
  return start < 0 ? text : text.slice(0, end) + text.slice(start);
}

function outcome(read: () => ReadPackage[]): ReadPackage[] | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'METADATA_INVALID') return error.message;
    throw error;
  }
}

function strictly(text: string): ReadPackage[] | undefined {
  try {
    return readWithSaxes(text).map(asColumnsHave);
  } catch {
    return undefined;
  }
}
