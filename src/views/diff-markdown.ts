import { firstOf } from '../base/printable.ts';
import { plural, sizeDeltaText } from '../base/quantity.ts';
import { describeLocks } from '../lockfile/lock-names.ts';
import type { LockfileDiff, LockName, SourceChange, SourceDiff } from '../lockfile/lockfile-diff.ts';
import {
  advisoryFacts,
  basePackageLines,
  baseText,
  changedFiles,
  groupedReasons,
  SAME_REQUEST,
  sourceRpmText,
  summaryLine,
} from './diff-words.ts';
import { codeSpan, escapeMarkdown } from './markdown-text.ts';

/** GitHub refuses comments and descriptions of more than 65,536 characters; the rest is reserved for text around the diff. */
const GITHUB_LIMIT = 60_000;

/**
 * A diff for a pull request: a summary line, warnings, a table with one row per change, folded details. If it does not fit within `limit`,
 * blocks at the end are omitted, with a note.
 */
export function renderDiffMarkdown(
  diff: LockfileDiff,
  { limit = GITHUB_LIMIT, notes = [] }: { readonly limit?: number; readonly notes?: readonly string[] } = {},
): string {
  const page = new Page(limit);
  page.add(`**RPM lockfiles:** ${escapeMarkdown(summaryLine(diff))}\n`);
  for (const warning of warnings(diff)) page.add(`\n${warning}\n`);
  const changes = importantFirst(diff.sources.flatMap((source) => source.changes.map((change) => ({ source, change }))));
  page.addBlock({
    name: 'changes',
    head: '\n| source | change | before | after | packages | locks | size |\n|---|---|---|---|--:|---|--:|\n',
    items: changes.map(({ source, change }) => tableRow(source, change, diff)),
    tail: '',
  });
  page.addBlock({ name: 'locks', head: '\n', items: lockLines(diff), tail: '' });
  page.addBlock({ name: 'bases', head: '\n', items: baseItems(diff), tail: '' });
  page.addBlock({ name: 'notes', head: '\nNotes:\n\n', items: notes.map((note) => `- ${escapeMarkdown(note)}\n`), tail: '' });
  page.addBlock({ name: 'advisories', head: '\nAdvisories:\n\n', items: advisoryItems(diff), tail: '' });
  page.addBlock(
    folded(
      'Packages and reasons',
      changes.map(({ source, change }) => packagesItem(source, change, diff)),
    ),
  );
  page.addBlock(folded('Packages of the base', basePackageItems(diff)));
  page.addBlock(folded('Source RPMs', sourceRpmItems(diff)));
  page.addBlock(folded('Requests', requestItems(diff)));
  page.addBlock(folded('Holds', holdItems(diff)));
  page.addBlock(folded('Changelogs', diff.sources.flatMap(changelogItem)));
  return page.text;
}

interface Change {
  readonly source: SourceDiff;
  readonly change: SourceChange;
}

const IMPORTANT: readonly SourceChange['kind'][] = ['changed_checksum', 'changed_repository', 'downgraded'];

/** Puts important changes first, which must not be omitted if space is short; the rest by source. */
function importantFirst(changes: readonly Change[]): Change[] {
  return [
    ...IMPORTANT.flatMap((kind) => changes.filter(({ change }) => change.kind === kind)),
    ...changes.filter(({ change }) => !IMPORTANT.includes(change.kind)),
  ];
}

interface Block {
  /** Name in the note about omitted blocks. */
  readonly name: string;
  readonly head: string;
  readonly items: readonly string[];
  readonly tail: string;
}

/** A text with a maximum size. */
class Page {
  readonly #limit: number;
  #text = '';
  /** In UTF-8 bytes, which are never fewer than the characters that GitHub counts. */
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get text(): string {
    return this.#text;
  }

  add(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.#size + size > this.#limit) return;
    this.#text += text;
    this.#size += size;
  }

  /** Adds as many items as fit, with their head and tail, or nothing. */
  addBlock({ name, head, items, tail }: Block): void {
    if (items.length === 0) return;
    const note = (left: number): string => `\n_${name}: ${left} of ${items.length} omitted here; \`rpm-deps diff\` shows everything._\n`;
    const reserve = Buffer.byteLength(head) + Buffer.byteLength(tail) + Buffer.byteLength(note(items.length));
    let room = this.#limit - this.#size - reserve;
    let count = 0;
    while (count < items.length && Buffer.byteLength(items[count]!) <= room) room -= Buffer.byteLength(items[count++]!);
    if (count === 0) this.add(note(items.length));
    else this.add(`${head}${items.slice(0, count).join('')}${count < items.length ? note(items.length - count) : ''}${tail}`);
  }
}

const folded = (title: string, items: readonly string[]): Block => ({
  name: title.toLowerCase(),
  head: `\n<details><summary>${title}</summary>\n\n`,
  items,
  tail: '\n</details>\n',
});

const KIND_WORDS: Readonly<Record<SourceChange['kind'], string>> = {
  upgraded: 'upgrade',
  downgraded: '**downgrade**',
  added: 'added',
  removed: 'removed',
  changed_checksum: '**different checksum**',
  changed_repository: '**different repository**',
};

function warnings({ sources }: LockfileDiff): string[] {
  const named = (wanted: SourceChange['kind'], text: (source: string, change: SourceChange) => string): string => {
    const changed = sources.flatMap(({ source, changes }) =>
      changes.filter(({ kind }) => kind === wanted).map((change) => codeSpan(text(source, change))),
    );
    return firstOf(changed, 10);
  };
  const rebuilt = named('changed_checksum', (source, { before }) => `${source} ${before ?? ''}`);
  const moved = named('changed_repository', (source, { before, after }) => `${source}: ${before} -> ${after}`);
  return [
    ...(rebuilt === ''
      ? []
      : [
          `> [!WARNING]\n> The same version has a different checksum: ${rebuilt}. Somebody rebuilt it without a new release, or tampered with it.`,
        ]),
    ...(moved === ''
      ? []
      : [`> [!WARNING]\n> The same version comes from a different repository: ${moved}. Check that you trust that repository.`]),
  ];
}

function tableRow(source: SourceDiff, change: SourceChange, diff: LockfileDiff): string {
  const where = describeLocks(change.locks, diff.locks);
  const cells = [
    codeSpan(source.source),
    KIND_WORDS[change.kind],
    change.before === null ? '' : codeSpan(change.before),
    change.after === null ? '' : codeSpan(change.after),
    String(change.packages.length),
    escapeMarkdown(where.length <= 80 ? where : plural(change.locks.length, 'lock')),
    sizeDeltaText(change.size_delta),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

function lockLines({ added_locks, removed_locks, renamed_locks }: LockfileDiff): string[] {
  const line = (word: string) => (lock: LockfileDiff['added_locks'][number]) =>
    `- ${word} ${codeSpan(`${lock.package_set}-${lock.architecture}`)} (${plural(lock.packages, 'package')})\n`;
  const renamed = renamed_locks.map(
    ({ from, package_set: set, architecture }) => `- ${codeSpan(`${from}-${architecture}`)} is ${codeSpan(`${set}-${architecture}`)} now\n`,
  );
  return [...added_locks.map(line('new lock')), ...removed_locks.map(line('removed lock')), ...renamed];
}

function baseItems({ bases, replaced, erased, locks }: LockfileDiff): string[] {
  const where = (named: readonly LockName[]): string => escapeMarkdown(describeLocks(named, locks));
  return [
    ...bases.map(
      ({ before, after, installed }) => `- base: ${codeSpan(baseText(before))} -> ${codeSpan(baseText(after))}; ${where(installed)}\n`,
    ),
    ...replaced.map(
      ({ package: name, version, replaces, locks: named }) =>
        `- ${codeSpan(`${name} ${version}`)} replaces ${replaces.map(codeSpan).join(', ')} of the base; ${where(named)}\n`,
    ),
    ...erased.map(({ package: nevra, locks: named }) => `- ${codeSpan(nevra)} of the base is removed; ${where(named)}\n`),
  ];
}

const sourceRpmItems = ({ source_rpms: files, locks }: LockfileDiff): string[] =>
  files.map((change) => `- ${codeSpan(sourceRpmText(change))}: ${escapeMarkdown(describeLocks(change.locks, locks))}\n`);

const basePackageItems = ({ bases }: LockfileDiff): string[] =>
  bases.flatMap((change) => basePackageLines(change).map((line) => `- ${codeSpan(line)}\n`));

function packagesItem(source: SourceDiff, change: SourceChange, diff: LockfileDiff): string {
  const packages = change.packages.map(({ name }) => name);
  const head = `- ${codeSpan(source.source)} ${KIND_WORDS[change.kind]}: ${packages.map(codeSpan).join(', ')}; ${escapeMarkdown(describeLocks(change.locks, diff.locks))}\n`;
  const reasons = groupedReasons(change.reasons).map(({ packages: names, text }) => {
    const subject = names.length === packages.length ? '' : `${names.map(codeSpan).join(', ')}: `;
    return `  - ${subject}${escapeMarkdown(text)}\n`;
  });
  const files = changedFiles(change).map(
    ({ name, architecture, before, after }) =>
      `  - ${codeSpan(`${name}.${architecture}`)}: sha256 ${codeSpan(before)} -> ${codeSpan(after)}\n`,
  );
  return head + files.join('') + reasons.join('');
}

function requestItems({ requests, locks }: LockfileDiff): string[] {
  return requests.map(({ added, removed, locks: where }) => {
    const specs = [...removed.map((spec) => `  - no longer ${codeSpan(spec)}\n`), ...added.map((spec) => `  - now ${codeSpan(spec)}\n`)];
    return `- ${escapeMarkdown(describeLocks(where, locks))}\n${specs.length === 0 ? `  - ${SAME_REQUEST}\n` : specs.join('')}`;
  });
}

function holdItems({ holds }: LockfileDiff): string[] {
  return holds.map(({ package: name, version, until, reason, issue }) => {
    const end = until === null ? '' : ` until ${escapeMarkdown(until)}`;
    return `- ${codeSpan(name)} at ${codeSpan(version)}${end}: ${escapeMarkdown(reason)}${issue === null ? '' : ` (${linkTo(issue)})`}\n`;
  });
}

/** Links from the manifest are allowed, because the manifest is trusted. */
const linkTo = (issue: string): string => (/^https?:\/\/[\w.~:/?#@!$&'*+,;=%-]+$/.test(issue) ? `<${issue}>` : escapeMarkdown(issue));

function advisoryItems({ sources }: LockfileDiff): string[] {
  return sources.flatMap(({ source, advisories = [] }) =>
    advisories.map((advisory) => {
      const title = advisory.title === '' ? '' : `: ${advisory.title}`;
      return `- ${codeSpan(source)} **${escapeMarkdown(advisory.id)}**${escapeMarkdown(`${advisoryFacts(advisory)}${title}`)}\n`;
    }),
  );
}

function changelogItem({ source, changelog = [] }: SourceDiff): string[] {
  if (changelog.length === 0) return [];
  const lines = changelog.flatMap(({ date, author, text }) => [
    `  - ${escapeMarkdown(`${date} ${author}`)}\n`,
    ...text
      .split('\n')
      .map((line) => line.replace(/^[-*+>#\s]+/, ''))
      .filter((line) => line !== '')
      .map((line) => `    - ${escapeMarkdown(line)}\n`),
  ]);
  return [`- ${codeSpan(source)}\n${lines.join('')}`];
}
