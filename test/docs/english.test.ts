/** Sentences that readers had to read twice, and the length of lines, in everything that users read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { renderHelp } from '../../src/cli/help.ts';
import { COMMANDS } from '../../src/cli/program.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'fixtures/README.md',
  'test/scenarios/README.md',
  ...readdirSync(join(PROJECT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const sources = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('.generated.'))
  .map((name) => `src/${name}`);

/** What not to write, and what to write instead. */
const PHRASES: Readonly<Record<string, string>> = {
  'answer the manifest': 'are up to date with the manifest',
  'stderr is talk': 'results go to stdout, progress and diagnostics to stderr',
  'the answer is no': 'a check failed, or differences were found',
  'forbids to get it': '--offline prevents downloading it',
  'should be an RPM is none': 'not a valid RPM package',
  'a change of theirs': 'raw diffs are unreadable',
  'what its mirror lost': 'packages missing from the mirror are reported',
  'who names one lockfile': 'if you name one lockfile',
  'what came in has': 'each added package is listed with its dependency chain',
  'and company': 'concurrent runs',
  'that means harm': 'malicious',
  'it is asked no more': 'it is skipped for the rest of the run',
  'would not hold what': 'image X does not match lockfile Y',
  'how this is known': 'verification',
  'given back at once': 'released eagerly',
  'what is rare is left': 'rare formats need the external programs',
  'in line with the manifest': 'up to date with the manifest',
  'what was broken off': 'interrupted downloads resume',
  'no mirror can drop': 'copy locked RPMs to an archive',
  'not used for longest': 'least recently used',
  'all that is known of': 'versions, dependencies and locks of a package',
  'in place of the mirror': "override the manifest's mirror",
  'gives too few addresses': 'cannot reserve address space',
  'nothing that can be imported': 'unrecognized format',
  'is for one set, and this is about': 'requires exactly one set',
  'does not speak of': 'has no entry for',
  "'is no architecture'": 'unknown architecture',
  'a package could be moved': 'nothing to update',
  'asks twice': 'a second signal exits immediately',
  'asked once before any': 'every mirror is tried once before any mirror is retried',
  'never is a wrong byte': 'corrupted data is never accepted',
  'needs no decision': 'a conflict at decision level 1',
  'choices are revisited': 'the solver backtracks',
  'could be taken for': 'could be read as',
  'and what they force': 'the dependencies that must change with it',
  'and what it forces': 'the dependencies that must change with it',
  'that is told': 'is reported',
  'of which no program': 'no program of ... is run',
  'is done with it below': 'see below',
  'walks this table': 'checks each row of this table',
  'whoever reads': 'name the reader: the user, the program',
  'for whoever': 'name the reader: the user, the program',
  'the command that mends it': 'the command that fixes it',
  'to go on with': 'the next',
  ' anew': 'again',
  'all the same': 'anyway',
  'nobody asked for': 'nothing requests it',
  'is there for': 'is available for',
  'as it is now': 'the current',
  'of others (': 'that someone else pushed',
  'nothing is done twice': 'completed steps are not repeated',
  'whether there is a newer': 'cannot look for a newer one: ...',
  'that was to be updated': 'that could not be updated',
  'is set and not used': 'is ignored',
  'what it may do': 'its rights',
  'works out updates': 'computes updates',
  'as the engine takes it': 'in the syntax of the engine',
  'are nowhere': 'cannot be found',
  'as a metalink knows': 'with a metalink',
  'a terminal would act on': 'control characters',
  'makes the bot forget': 'deletes the state',
  'never ride along': 'are never mixed',
  'that line with yours': 'set it, for example: `export NAME=value`',
};

test('no page, help text or source has a sentence that is on the list of hard ones', () => {
  const help = COMMANDS.map(({ name }) => ['--help', renderHelp(name, COMMANDS)] as const);
  const texts = [
    ...[...pages, ...sources].map((path) => [path, read(path)] as const),
    ...help,
    ['--help', renderHelp('', COMMANDS)] as const,
  ];
  const found = texts.flatMap(([path, text]) => {
    const plain = text.replace(/\s+/g, ' ').toLowerCase();
    return Object.entries(PHRASES)
      .filter(([phrase]) => plain.includes(phrase.toLowerCase()))
      .map(([phrase, better]) => `${path}: "${phrase}"; better: "${better}"`);
  });
  expect(found).toEqual([]);
});

test.each([...pages, 'CHANGELOG.md'])('lines of %s stay below 120 characters', (page) => {
  // What the program printed is as long as it is.
  const text = read(page).replace(/<!-- made: \w+ -->[\s\S]*?(?=<!-- (?:end|made)|\n## )/g, '');
  // A row of the table of requirements names a failure and a test, and cannot be broken.
  const isRow = (line: string): boolean => page === 'docs/bot.md' && line.startsWith('| ');
  expect(text.split('\n').filter((line) => line.length >= 120 && !isRow(line))).toEqual([]);
});
