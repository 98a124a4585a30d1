import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { versionOverride } from '../base/version-overrides.ts';
import { type BumpRow, planBump } from '../lockfile/bump.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { type ManifestPin, manifestPins, namesToLookUp } from '../lockfile/manifest-pins.ts';
import { sourceName } from '../lockfile/source-names.ts';
import { refuseOlderMetadata } from '../locking/backwards-error.ts';
import type { AllowedDowngrades } from '../locking/downgrades.ts';
import { readCandidates } from '../locking/known-candidates.ts';
import type { LockPolicy } from '../locking/plan.ts';
import { chooseTargets, type Target } from '../locking/target.ts';
import type { ManifestEdit } from '../manifest/edit-manifest.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest } from '../manifest/manifest-digest.ts';
import { editTexts, textsOf } from '../manifest/manifest-texts.ts';
import { FolderProject } from '../project/folder-project.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { editedManifest } from '../project/manifest-input.ts';
import type { LockPlace } from '../project/project.ts';
import type { ProjectInput } from '../project/project-paths.ts';
import { globMatcher } from '../rpm/glob.ts';
import type { Context } from '../run/context.ts';
import { planVariables } from './bump-variables.ts';
import { type RelockOutput, relock } from './relock.ts';

export interface BumpInput extends ProjectInput {
  /** Names under `versions`, packages, globs, or source RPMs; default every pin. */
  readonly names?: readonly string[] | undefined;
  /** Use this version instead of the newest. */
  readonly to?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Move the other pins even if one is gone and cannot move, and write the sets that can be solved. */
  readonly keepGoing?: boolean | undefined;
  /** Only determine which pins would move; no set is solved. */
  readonly planOnly?: boolean | undefined;
  /** Permits downgrades of pins and locked packages: of all, or of packages and source RPMs with these names. */
  readonly allowDowngrade?: AllowedDowngrades | undefined;
}

export interface BumpOutput {
  /** Pins whose version is gone come first. */
  readonly rows: readonly BumpRow[];
  /** Undefined if no pin moves. */
  readonly locks: RelockOutput | undefined;
  /** With `keepGoing`: pins whose version is no longer available and that have no replacement. */
  readonly failure: RpmDepsError | undefined;
}

/** Moves pins of the manifest to the newest version that all their architectures have, and updates only the affected parts of lockfiles. */
export async function bump(input: BumpInput, context: Context): Promise<BumpOutput> {
  const { names = [], to } = input;
  if (to !== undefined && names.length !== 1) {
    throw new RpmDepsError('USAGE', '--to requires exactly one NAME', { hint: 'rpm-deps bump NAME --to VERSION' });
  }
  const project = new FolderProject(input, context);
  const before = await project.manifest();
  const texts = textsOf(await project.manifestText(), before);
  const { allowDowngrade } = input;
  // Candidates of pins are read from the repositories at the new URLs of variables.
  const moved = await planVariables(before, { names, to }, context);
  const moves = editsOf(moved);
  const withVariables = moves.length === 0 ? texts : await editTexts(texts, moves, before);
  const manifest = moves.length === 0 ? before : await editedManifest(withVariables, before, input, context);
  const locks = await project.locks(chooseTargets(manifest, {}).map(placeOf));
  const candidates = await readCandidates(manifest, namesToLookUp(manifest), async (architecture) => {
    const pool = await loadArchitecture(manifest, architecture, context, { locks });
    if (allowDowngrade === undefined) refuseOlderMetadata(manifest, locks, pool);
    return pool;
  });
  const pins = manifestPins(manifest, candidates, locks);
  const isVariable = (name: string): boolean => moved.some(({ pin }) => globMatcher(name)(pin.variable ?? ''));
  const pinNames = names.filter((name) => !isVariable(name));
  const plan = planBump(names.length > 0 && pinNames.length === 0 ? [] : pins, candidates, {
    names: pinNames,
    to,
    holds: manifest.holds,
    sameVersion: manifest.sameVersion,
    mayGoDown: ({ packages, variable }) =>
      allowDowngrade === true || (allowDowngrade ?? []).some((glob) => [...packages, variable ?? ''].some(globMatcher(glob))),
    today: context.now().toISOString().slice(0, 10),
  });
  refuseUnmatched(plan.unmatched, pins);
  refuseOverridden(plan.rows, manifest, context);
  const rows = [...moved, ...plan.rows];
  const stuck = rows.filter(
    ({ status, gone }) =>
      status === 'no_such_version' || (gone.length > 0 && ['no_common_version', 'no_newer_version', 'held'].includes(status)),
  );
  const failure = stuck.length === 0 ? undefined : cannotBump(stuck, to);
  if (failure !== undefined && input.keepGoing !== true) throw failure;
  const edits = editsOf(plan.rows);
  if (edits.length + moves.length === 0 || input.planOnly === true) return { rows, locks: undefined, failure };

  const edited =
    edits.length === 0 ? withVariables : await editTexts(withVariables, [...edits, ...keptVersions(pins, plan.rows, context)], before);
  const next = await editedManifest(edited, manifest, input, context);
  const order = {
    manifest: next,
    edited,
    editedFrom: texts,
    mode: 'lock',
    policy: policyFor(plan.rows),
    targets: staleTargets(next, locks),
  } as const;
  return { rows, locks: await relock(order, input, context), failure };
}

const editsOf = (rows: readonly BumpRow[]): ManifestEdit[] => rows.flatMap(({ edit }) => (edit === null ? [] : [edit]));

/** Targets whose lockfile does not match the edited manifest, because of the bump or an earlier edit. */
function staleTargets(manifest: Manifest, locks: readonly Lockfile[]): Target[] {
  return chooseTargets(manifest, {}).filter(({ set, architecture }) => {
    const lock = locks.find((other) => other.package_set === set.name && other.architecture === architecture);
    return lock?.manifest_digest !== manifestDigest(manifest, set.name, architecture);
  });
}

const placeOf = ({ set, architecture }: Target): LockPlace => ({ set: set.name, architecture });

/** Edits that keep the values of used versions that do not move, because an alias must not move with its target. */
function keptVersions(pins: readonly ManifestPin[], rows: readonly BumpRow[], { env }: Context): ManifestEdit[] {
  const moved = new Set(rows.filter(({ edit }) => edit !== null).map(({ pin }) => pin));
  return pins.flatMap((pin) => {
    const { variable: name, value } = pin;
    return name === null || pin.uses.length === 0 || moved.has(pin) || versionOverride(name, env) !== undefined
      ? []
      : [{ kind: 'keep', name, value }];
  });
}

/** Locked packages of the same source RPM as a pinned one move to the same build if possible. */
function policyFor(rows: readonly BumpRow[]): LockPolicy {
  const builds = new Map(rows.flatMap(({ source }) => (source === null ? [] : [[sourceName(source), source] as const])));
  const pinned = new Set(rows.flatMap(({ status, pin }) => (status === 'bump' ? pin.packages : [])));
  return (locked) => {
    if (pinned.has(locked.name)) return 'free';
    const source = builds.get(sourceName(locked.source));
    return source === undefined ? 'keep' : { source };
  };
}

function refuseUnmatched(unmatched: readonly string[], pins: readonly ManifestPin[]): void {
  const [name] = unmatched;
  if (name === undefined) return;
  const known = pins.flatMap((pin) => [pin.variable ?? '', ...pin.packages]).filter((text) => text !== '');
  const near = nearestOf(name, known);
  const hint = near === undefined ? '`rpm-deps update NAME` updates packages without a pin' : `did you mean \`${near}\`?`;
  throw new RpmDepsError('USAGE', `the manifest has no pin \`${name}\``, { hint });
}

/** Refuses pins that the environment overrides, because editing the file would have no effect. */
function refuseOverridden(rows: readonly BumpRow[], { path }: Manifest, { env }: Context): void {
  for (const { edit } of rows) {
    const override = edit?.kind === 'version' ? versionOverride(edit.name, env) : undefined;
    if (override === undefined) continue;
    throw new RpmDepsError('USAGE', `the environment sets ${override.variable}, which overrides \`${path}\``, {
      hint: `unset ${override.variable} and run it again`,
    });
  }
}

function cannotBump(rows: readonly BumpRow[], to: string | undefined): RpmDepsError {
  const isHeld = rows.some(({ status }) => status === 'held');
  const code = rows.some(({ status }) => status === 'no_such_version') ? 'NO_SUCH_PACKAGE' : 'PIN_GONE';
  const details = rows.map(({ pin, from, available, status, hold }) => {
    const versions = available.map(
      ({ package: name, architecture, versions }) => `  ${name} (${architecture}): ${versions.join(', ') || 'nothing'}`,
    );
    const held = status === 'held' && hold !== null ? [`  held at ${hold.version}: ${hold.reason}`] : [];
    return [`${pin.variable ?? pin.template ?? ''} is ${from}; there is`, ...versions, ...held].join('\n');
  });
  const what =
    code === 'NO_SUCH_PACKAGE'
      ? `${to} is not available for every architecture that needs it`
      : isHeld
        ? 'a pinned version is gone, and a hold allows none of the available versions'
        : rows.every(({ status }) => status === 'no_newer_version')
          ? 'a pinned version is gone, and only older versions are available'
          : 'a pinned version is gone, and no other version is available for every architecture';
  return new RpmDepsError(code, `${what}; nothing was written`, {
    details,
    hint: isHeld
      ? 'edit `holds`: remove the hold, or let it allow an available version'
      : '`rpm-deps bump NAME --to VERSION` selects an older version, and so does `--allow-downgrade NAME`',
    data: { rows },
  });
}
