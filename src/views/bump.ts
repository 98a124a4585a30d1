import { shortPrintable, someNames } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { BumpRow } from '../lockfile/bump.ts';
import { diffLineStyle } from './diff-style.ts';
import { holdShape } from './lock-shapes.ts';
import { type RelockData, relockJson, relockShape, relockText } from './relock.ts';
import { flag, list, object, oneOf, orNull, text, texts } from './shape.ts';
import { defineView } from './view.ts';

const place = { package: text('The package'), architecture: text('The architecture') };

export const bumpRows = list(
  object({
    pin: object(
      {
        variable: orNull(text('Name under `versions` or `variables`; null for a version in a spec itself')),
        template: orNull(text('The spec as written; null for a variable')),
        value: text('The current version'),
        packages: texts('The packages that it pins'),
        uses: list(
          object({ package: text('The package'), package_set: text('The package set'), architecture: text('The architecture') }),
          'The packages and targets that it pins',
        ),
      },
      'The pin',
    ),
    status: oneOf(
      ['bump', 'current', 'held', 'no_common_version', 'no_newer_version', 'no_such_version', 'floating'],
      '`bump`: the pin moves; any other status is the reason why it stays',
    ),
    from: text('The old version'),
    to: orNull(text('The new version, in the notation of the old one; null unless `status` is `bump`')),
    source: orNull(text('File name of the source RPM of the new version')),
    is_downgrade: flag('Whether the new version is older'),
    has_newer: flag('Whether some architecture has a newer version'),
    below: orNull(text('If this pin stays because another pin has a newer version of the same packages: that pin')),
    gone: list(object(place), 'Packages whose pinned version is in no repository'),
    available: list(object({ ...place, versions: texts('Newest first') }), 'The versions in the repositories'),
    hold: orNull(holdShape),
  }),
  'One entry for each pin; pins that are no longer available come first',
);

export const bumpRowsJson = (rows: readonly BumpRow[]) =>
  rows.map(({ hold, edit, pin, ...row }) => ({
    ...row,
    pin: { ...pin, uses: pin.uses.map(({ repositories, ...use }) => use) },
    hold: hold === null ? null : { ...hold, until: hold.until ?? null, issue: hold.issue ?? null },
  }));

export interface BumpData {
  readonly rows: readonly BumpRow[];
  readonly locks: RelockData;
}

export const bumpView = defineView({
  command: 'bump',
  about: 'The pins of the manifest, what was done with each, and the changed lockfiles',
  schema: 1,
  shape: object({ bumps: bumpRows, ...relockShape }),
  json: ({ rows, locks }: BumpData) => ({ bumps: bumpRowsJson(rows), ...relockJson(locks) }),
  text: async ({ rows, locks }: BumpData) => `${renderBump(rows)}${await relockText(locks)}`,
  styleOf: diffLineStyle,
});

/** One line per pin that moves or cannot move; with available versions if the pinned one is gone. If many pins stay, only their number is shown. */
export function renderBump(rows: readonly BumpRow[]): string {
  const staying = rows.filter(({ status, has_newer: hasNewer }) => status === 'current' && !hasNewer);
  const isCounted = staying.length > 3;
  const lines = (isCounted ? rows.filter((row) => !staying.includes(row)) : rows).flatMap((row) => {
    const name = shortPrintable(row.pin.variable ?? row.pin.template ?? '');
    const gone = row.gone.length > 0 ? [`  ${shortPrintable(row.from)} is gone: ${goneText(row)}`] : [];
    const options =
      row.gone.length > 0 || row.status === 'no_common_version' || row.status === 'no_such_version' ? availableLines(row) : [];
    return [`${name}: ${verdict(row)}`, ...gone, ...options];
  });
  if (isCounted) lines.push(`${plural(staying.length, lines.length > 0 ? 'other pin' : 'pin')} at the newest version`);
  return lines.map((line) => `${line}\n`).join('');
}

function verdict(row: BumpRow): string {
  const held = row.hold
    ? `held at ${shortPrintable(row.hold.version)}${row.hold.until ? ` until ${shortPrintable(row.hold.until)}` : ''}: ${shortPrintable(row.hold.reason)}`
    : '';
  switch (row.status) {
    case 'bump':
      return `${shortPrintable(row.from)} -> ${shortPrintable(row.to ?? '')}${row.is_downgrade ? ' (a downgrade)' : ''}${held === '' ? '' : ` (${held})`}`;
    case 'current':
      if (row.below !== null) return `${shortPrintable(row.from)} stays, ${shortPrintable(row.below)} has the newer version`;
      return row.has_newer
        ? `${shortPrintable(row.from)} stays, the newest that is available for every architecture that needs it`
        : `${shortPrintable(row.from)} is the newest`;
    case 'held':
      return `${shortPrintable(row.from)} stays, ${held}`;
    case 'no_common_version':
      return row.below === null
        ? `${shortPrintable(row.from)} stays, no version is available for every architecture that needs it`
        : `${shortPrintable(row.from)} stays, no version below ${shortPrintable(row.below)} is available for every architecture that needs it`;
    case 'no_newer_version':
      return `${shortPrintable(row.from)} stays, only older versions are available`;
    case 'no_such_version':
      return `${shortPrintable(row.from)} stays, that version is not available for every architecture that needs it`;
    case 'floating':
      return `${shortPrintable(row.from)} is not a single version of a package`;
  }
}

const goneText = ({ gone }: BumpRow): string =>
  gone.map(({ package: name, architecture }) => `${shortPrintable(name)} on ${shortPrintable(architecture)}`).join(', ');

/** Architectures with the same versions share a line. */
function availableLines({ available }: BumpRow): string[] {
  const byText = new Map<string, Map<string, string[]>>();
  for (const { package: name, architecture, versions } of available) {
    const packages = byText.get(versions.join(', ')) ?? new Map<string, string[]>();
    byText.set(versions.join(', '), packages);
    packages.set(name, [...(packages.get(name) ?? []), architecture]);
  }
  return [...byText].map(([versions, packages]) => {
    const names = [...packages].map(([name, architectures]) => `${name} (${architectures.join(', ')})`);
    return `  there is ${versions === '' ? 'nothing' : shortPrintable(versions, 500)}: ${someNames(names, 3)}`;
  });
}
