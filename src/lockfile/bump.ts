import type { ManifestEdit } from '../manifest/edit-manifest.ts';
import { isHoldExpired } from '../manifest/holds.ts';
import type { Hold } from '../manifest/manifest.ts';
import { globMatcher } from '../rpm/glob.ts';
import { type CandidateLookup, type CandidateVersion, newestFirst } from './candidates.ts';
import { type ManifestPin, withVersion } from './manifest-pins.ts';
import { comparePackageVersions, fullVersionText, matchesVersion, type PackageVersion, versionText, writtenAs } from './package-version.ts';
import { sourceName } from './source-names.ts';

type BumpStatus =
  | 'bump'
  | 'current'
  /** A hold forbids the newer version. */
  | 'held'
  /** No version exists for every package and architecture that needs it. */
  | 'no_common_version'
  /** The present version is gone, and all available versions are older. */
  | 'no_newer_version'
  /** `--to` names a version that is not available. */
  | 'no_such_version'
  /** A glob, or a version without a known package: nothing to bump. */
  | 'floating';

export interface BumpRow {
  readonly pin: ManifestPin;
  readonly status: BumpStatus;
  readonly from: string;
  /** File name of the source RPM of the new version; null if the pin does not move or the source is unknown. */
  readonly source: string | null;
  /** New value, with or without epoch and release like the old one; null unless `status` is `bump`. */
  readonly to: string | null;
  readonly is_downgrade: boolean;
  /** On some architecture one of the packages has a version newer than the present value. */
  readonly has_newer: boolean;
  /** Another pin of the same packages with a newer version, if this pin has to stay below it; null otherwise. */
  readonly below: string | null;
  /** Packages and architectures whose present version is in no repository any more. */
  readonly gone: readonly { readonly package: string; readonly architecture: string }[];
  /** Available versions, newest first. */
  readonly available: readonly { readonly package: string; readonly architecture: string; readonly versions: readonly string[] }[];
  readonly hold: Hold | null;
  readonly edit: ManifestEdit | null;
}

export interface BumpOptions {
  /** Names under `versions`, package names or globs, or names of source RPMs; default: every pin. */
  readonly names?: readonly string[];
  readonly to?: string | undefined;
  readonly holds: readonly Hold[];
  /** Globs of packages that get one version on all architectures. */
  readonly sameVersion?: readonly string[];
  /** YYYY-MM-DD */
  readonly today: string;
  /** Whether a pin whose version is gone may move to an older one. */
  readonly mayGoDown?: ((pin: ManifestPin) => boolean) | undefined;
}

export interface BumpPlan {
  /** Pins whose version is gone come first. */
  readonly rows: readonly BumpRow[];
  /** Names that match no pin. */
  readonly unmatched: readonly string[];
}

/**
 * Finds a new version for the pins of a manifest: the newest that all architectures of the pin have. Pins whose packages are built
 * from one source RPM move together, to packages of the same build.
 */
export function planBump(pins: readonly ManifestPin[], candidates: CandidateLookup, options: BumpOptions): BumpPlan {
  const holds = options.holds.filter((hold) => !isHoldExpired(hold, options.today));
  const groups = groupBySource(pins, candidates, options.sameVersion ?? []);
  const { names = [] } = options;
  const isNamed = (members: readonly ManifestPin[], source: string): boolean =>
    names.length === 0 || names.some((name) => members.some((pin) => matchesPin(pin, source, name)));
  const unmatched = names.filter((name) => !groups.some((group) => group.pins.some((pin) => matchesPin(pin, group.source, name))));
  const rows = groups.flatMap(({ pins: together, source }) => {
    const done: PinVersions[] = [];
    return sideBySide(together).flatMap((members) => {
      const above = done.filter(({ pin }) => members.some((other) => meet(pin, other)));
      const planned = isNamed(members, source) ? planGroup({ pins: members, above }, candidates, holds, options) : [];
      const values = new Map(planned.map(({ pin, to }) => [pin, to ?? pin.value]));
      for (const pin of members) done.push({ pin, versions: versionsOf(pin, values.get(pin) ?? pin.value, candidates) });
      return planned;
    });
  });
  const order = new Map(pins.map((pin, i) => [pin, i]));
  const rank = (row: BumpRow): number => (row.gone.length > 0 ? 0 : 1);
  return { rows: rows.sort((a, b) => rank(a) - rank(b) || order.get(a.pin)! - order.get(b.pin)!), unmatched };
}

interface PinGroup {
  readonly source: string;
  readonly pins: readonly ManifestPin[];
}

function groupBySource(pins: readonly ManifestPin[], candidates: CandidateLookup, sameVersion: readonly string[]): PinGroup[] {
  const isOneVersion = sameVersion.map(globMatcher);
  const groups = new Map<string, ManifestPin[]>();
  for (const [i, pin] of pins.entries()) {
    const use = pin.uses[0];
    const source =
      use && sourceName(candidates(use.package, use.architecture, use.package_set).find(({ source: file }) => file !== '')?.source);
    const key = source ?? `\n${i}`;
    const group = groups.get(key);
    if (group) group.push(pin);
    else groups.set(key, [pin]);
  }
  return [...groups].flatMap(([key, members]) =>
    (members.some(({ packages }) => packages.some((name) => isOneVersion.some((matches) => matches(name))))
      ? [members]
      : sharingArchitectures(members)
    ).map((together) => ({ source: key.startsWith('\n') ? '' : key, pins: together })),
  );
}

/**
 * Pins that are separate per architecture or per distribution stay separate. Pins that share an architecture, directly or through
 * other pins, move together.
 */
function sharingArchitectures(pins: readonly ManifestPin[]): ManifestPin[][] {
  let parts: { pins: ManifestPin[]; architectures: Set<string> }[] = [];
  for (const pin of pins) {
    const architectures = new Set(pin.uses.map((use) => `${use.architecture} ${use.repositories ?? ''}`));
    const meets = parts.filter((part) => [...architectures].some((architecture) => part.architectures.has(architecture)));
    parts = parts.filter((part) => !meets.includes(part));
    parts.push({
      pins: [...meets.flatMap((part) => part.pins), pin],
      architectures: new Set([...meets.flatMap((part) => [...part.architectures]), ...architectures]),
    });
  }
  return parts.map((part) => part.pins);
}

/** Pins of one package with several versions in a set, such as two kernels: those with the newest values move first, the others stay below them. */
function sideBySide(pins: readonly ManifestPin[]): ManifestPin[][] {
  if (!pins.some((pin) => pins.some((other) => meet(pin, other)))) return [[...pins]];
  const layers: ManifestPin[][] = [];
  for (const pin of [...pins].sort((a, b) => comparePackageVersions(pinnedVersion(b.value), pinnedVersion(a.value)))) {
    const layer = layers.find((members) => !members.some((other) => meet(pin, other)));
    if (layer === undefined) layers.push([pin]);
    else layer.push(pin);
  }
  return layers;
}

/** Some set has the same package with both pins. */
function meet(a: ManifestPin, b: ManifestPin): boolean {
  if (isFloating(a) || isFloating(b) || !differ(a, b)) return false;
  const uses = new Set(a.uses.map(keyOf));
  return b.uses.some((use) => uses.has(keyOf(use)));
}

const keyOf = (use: ManifestPin['uses'][number]): string => `${use.package} ${use.architecture} ${use.package_set}`;

/** Whether the pinned versions differ; a release or epoch that one of them omits does not count. */
const differ = (a: ManifestPin, b: ManifestPin): boolean =>
  comparePackageVersions(pinnedVersion(a.value, pinnedVersion(b.value)), pinnedVersion(b.value, pinnedVersion(a.value))) !== 0;

const isFloating = ({ value }: ManifestPin): boolean => /[*?[\]]/.test(value);

/** Includes a version that no repository has any more. */
function versionsOf({ uses: [use] }: ManifestPin, value: string, candidates: CandidateLookup): CandidateVersion[] {
  if (use === undefined || /[*?[\]]/.test(value)) return [];
  const known = candidates(use.package, use.architecture, use.package_set).filter((version) => writtenAs(value, version) === value);
  return known.length > 0 ? known : [{ ...pinnedVersion(value), source: '' }];
}

function matchesPin(pin: ManifestPin, source: string, name: string): boolean {
  return pin.variable === name || pin.template === name || (source !== '' && source === name) || pin.packages.some(globMatcher(name));
}

interface PinVersions {
  readonly pin: ManifestPin;
  readonly versions: readonly CandidateVersion[];
}

interface PlannedPins {
  readonly pins: readonly ManifestPin[];
  /** Other pins of the same packages. */
  readonly above: readonly PinVersions[];
}

function planGroup(
  { pins, above }: PlannedPins,
  candidates: CandidateLookup,
  holds: readonly Hold[],
  { to, mayGoDown }: BumpOptions,
): BumpRow[] {
  const movable = pins.filter((pin) => pin.uses.length > 0 && !isFloating(pin));
  const binding = holds.filter((candidate) => movable.some((pin) => pin.packages.some(globMatcher(candidate.package))));
  /** Whether a version is below the other pins of the same packages; with `--to` it only has to differ from them. */
  const isOpen = (version: CandidateVersion): boolean =>
    above.every(({ versions }) =>
      versions.every((other) => !isSameBuild(version, other) && (to !== undefined || comparePackageVersions(version, other) < 0)),
    );
  const common = commonBuilds(movable, candidates);
  const builds = common.filter((build) => [...build.values()].every(isOpen));
  const next = to === undefined && builds[0] !== common[0] ? above.at(-1)?.pin : undefined;
  const below = next?.variable ?? next?.template ?? null;
  const target = chooseBuild(movable, builds, binding, to);
  const inTheWay = binding.filter((candidate) => builds[0] !== undefined && !isAllowed(movable, builds[0], candidate));
  const newestIsHeld = inTheWay.length > 0;
  /** Prefers a hold on the pin's own packages. */
  const holdOf = ({ packages }: ManifestPin): Hold | null =>
    inTheWay.find((candidate) => packages.some(globMatcher(candidate.package))) ?? inTheWay[0] ?? binding[0] ?? null;
  return pins.map((pin) => {
    if (!movable.includes(pin)) return row(pin, candidates, { status: 'floating' });
    const hold = holdOf(pin);
    if (typeof target === 'string') return { ...row(pin, candidates, { status: target, hold }), below };
    const planned = bumpTo(pin, target.get(pin)!, candidates, {
      hold,
      exact: to !== undefined,
      newestIsHeld,
      mayGoDown: mayGoDown?.(pin) === true,
    });
    return planned.status === 'current' ? { ...planned, below } : planned;
  });
}

/** The version of each pin in one build of a source. */
type Build = ReadonlyMap<ManifestPin, CandidateVersion>;

/** Builds with every package of every pin on every architecture of the pin, newest first. */
function commonBuilds(pins: readonly ManifestPin[], candidates: CandidateLookup): Build[] {
  const first = pins[0]?.uses[0];
  if (!first) return [];
  const builds: Build[] = [];
  for (const start of newestFirst(candidates(first.package, first.architecture, first.package_set))) {
    const build = new Map<ManifestPin, CandidateVersion>();
    const isWhole = pins.every((pin) =>
      pin.uses.every((use) => {
        const same = candidates(use.package, use.architecture, use.package_set).filter((candidate) => isSameBuild(candidate, start));
        const agreed = build.get(pin);
        const version = agreed ? same.find((candidate) => comparePackageVersions(candidate, agreed) === 0) : newestFirst(same)[0];
        if (version) build.set(pin, version);
        return version !== undefined;
      }),
    );
    if (isWhole) builds.push(build);
  }
  return builds;
}

const isSameBuild = (a: CandidateVersion, b: CandidateVersion): boolean =>
  a.source !== '' && b.source !== '' ? a.source === b.source : comparePackageVersions(a, b) === 0;

function chooseBuild(
  pins: readonly ManifestPin[],
  builds: readonly Build[],
  holds: readonly Hold[],
  to: string | undefined,
): Build | BumpStatus {
  const wanted = to === undefined ? builds : builds.filter((build) => [...build.values()].some((version) => isVersion(version, to)));
  if (to !== undefined && wanted.length === 0) return 'no_such_version';
  if (wanted.length === 0) return 'no_common_version';
  const allowed = wanted.filter((build) => holds.every((hold) => isAllowed(pins, build, hold)));
  return allowed[0] ?? 'held';
}

function isAllowed(pins: readonly ManifestPin[], build: Build, hold: Hold): boolean {
  const isHeld = globMatcher(hold.package);
  const fits = globMatcher(hold.version);
  return pins.every((pin) => !pin.packages.some(isHeld) || matchesVersion(fits, build.get(pin)!));
}

const isVersion = (version: CandidateVersion, text: string): boolean =>
  text === version.version || text === `${version.version}-${version.release}` || text === fullVersionText(version);

interface Choice {
  readonly hold: Hold | null;
  /** `--to` was given: the version may be older. */
  readonly exact: boolean;
  readonly newestIsHeld: boolean;
  readonly mayGoDown: boolean;
}

function bumpTo(pin: ManifestPin, version: CandidateVersion, candidates: CandidateLookup, choice: Choice): BumpRow {
  const { hold, exact, newestIsHeld, mayGoDown } = choice;
  const value = writtenAs(pin.value, version);
  const isOlder = comparePinned(version, pin.value) < 0;
  const isGone = goneUses(pin, candidates).length > 0;
  // An older version is taken only if it was requested.
  if (isOlder && isGone && !exact && !mayGoDown) return row(pin, candidates, { status: 'no_newer_version', hold });
  const stays = value === pin.value || (isOlder && !exact && !isGone);
  if (stays) return row(pin, candidates, { status: newestIsHeld ? 'held' : 'current', hold });
  const edit: ManifestEdit =
    pin.variable !== null
      ? { kind: 'version', name: pin.variable, value }
      : { kind: 'spec', from: pin.template!, to: withVersion(pin, value) };
  return row(pin, candidates, { status: 'bump', to: value, source: version.source, isDowngrade: isOlder, hold, edit });
}

const comparePinned = (version: CandidateVersion, value: string): number => comparePackageVersions(version, pinnedVersion(value, version));

/** The version of a pin; an omitted epoch or release is taken from `other`. */
function pinnedVersion(value: string, other: PackageVersion = { epoch: '0', version: '', release: '' }): PackageVersion {
  const [, epoch = other.epoch, rest = ''] = /^(?:(\d+):)?(.*)$/.exec(value)!;
  const dash = rest.lastIndexOf('-');
  return {
    epoch,
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? other.release : rest.slice(dash + 1),
  };
}

function goneUses(pin: ManifestPin, candidates: CandidateLookup): { package: string; architecture: string }[] {
  const gone = pin.uses.filter(
    (use) => !candidates(use.package, use.architecture, use.package_set).some((version) => writtenAs(pin.value, version) === pin.value),
  );
  return uniqueUses(gone);
}

function uniqueUses(uses: ManifestPin['uses']): { package: string; architecture: string }[] {
  const seen = new Map(uses.map(({ package: name, architecture }) => [`${name} ${architecture}`, { package: name, architecture }]));
  return [...seen.values()];
}

const setOf = (pin: ManifestPin, { package: name, architecture }: { package: string; architecture: string }): string | undefined =>
  pin.uses.find((use) => use.package === name && use.architecture === architecture)?.package_set;

interface Outcome {
  readonly status: BumpStatus;
  readonly to?: string;
  readonly source?: string;
  readonly isDowngrade?: boolean;
  readonly hold?: Hold | null;
  readonly edit?: ManifestEdit;
}

function row(pin: ManifestPin, candidates: CandidateLookup, { status, to, source, isDowngrade, hold, edit }: Outcome): BumpRow {
  const hasNoVersion = status === 'floating';
  return {
    pin,
    status,
    from: pin.value,
    to: to ?? null,
    source: source === undefined || source === '' ? null : source,
    is_downgrade: isDowngrade ?? false,
    has_newer:
      !hasNoVersion &&
      pin.uses.some((use) =>
        candidates(use.package, use.architecture, use.package_set).some((version) => comparePinned(version, pin.value) > 0),
      ),
    below: null,
    gone: hasNoVersion ? [] : goneUses(pin, candidates),
    available: uniqueUses(pin.uses).map((use) => ({
      ...use,
      versions: newestFirst(candidates(use.package, use.architecture, setOf(pin, use)))
        .slice(0, 10)
        .map(versionText),
    })),
    hold: hold ?? null,
    edit: edit ?? null,
  };
}
