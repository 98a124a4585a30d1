/** `add` and `remove`: the manifest is edited in memory, what the edit is about is locked, and all is written together or not at all. */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { chooseArchitectures, chooseTargets } from '../locking/target.ts';
import { refuseIncluded } from '../manifest/edit-manifest.ts';
import { addSpec, type ListedSpec, listSpecs, removeSpecs, setsWithoutRequest } from '../manifest/edit-packages.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { manifestDigest } from '../manifest/manifest-digest.ts';
import { expandSpec } from '../manifest/versions.ts';
import { FolderProject } from '../project/folder-project.ts';
import { editedManifest } from '../project/manifest-input.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
import type { SpecEdit } from '../views/edit-sets.ts';
import { type RelockInput, type RelockOutput, relock } from './relock.ts';

export interface EditSetsInput extends Omit<RelockInput, 'keepGoing'> {
  /** Specs to add; names or specs to remove. */
  readonly names: readonly string[];
}

export interface EditSetsOutput {
  readonly edits: readonly SpecEdit[];
  /** What sets had already. */
  readonly present: readonly SpecEdit[];
  /** Undefined where the manifest stays as it is. */
  readonly locks: RelockOutput | undefined;
}

/** Adds specs to sets, with `arch` only for those architectures, and locks what that changes. */
export async function addPackages(input: EditSetsInput, context: Context): Promise<EditSetsOutput> {
  const { manifest, text, listed } = await readProject(input, context);
  const scope = isGiven(input.arch) ? chooseArchitectures(input.arch, manifest.architectures) : undefined;
  const edits: SpecEdit[] = [];
  const present: SpecEdit[] = [];
  let edited = text;
  for (const set of setsToAdd(manifest, input)) {
    const wanted = set.architectures.filter((name) => scope === undefined || scope.includes(name));
    if (wanted.length === 0) throw otherArchitectures(set);
    refuseIncluded(`the set \`${set.name}\``, `sets ${set.name}`, manifest);
    const architectures = wanted.length === set.architectures.length ? undefined : wanted;
    for (const spec of new Set(input.names)) {
      const edit = { spec, kind: 'set', name: set.name } as const;
      if (wanted.every((name) => set.specsFor(name).some((one) => one.template === spec || one.text === spec))) {
        present.push(edit);
        continue;
      }
      if (listed.some((one) => one.kind === 'set' && one.name === set.name && one.template === spec)) throw forOthers(spec, set, manifest);
      edited = await addSpec(edited, set.name, { spec, architectures, json: manifest.path.endsWith('.json') });
      edits.push(edit);
    }
  }
  return { edits, present, locks: await lockEdited(edited, text, manifest, input, context) };
}

/** Takes specs out of the sets and groups that have them, or out of the named sets only, and locks what that changes. */
export async function removePackages(input: EditSetsInput, context: Context): Promise<EditSetsOutput> {
  const { manifest, text, listed } = await readProject(input, context);
  if (isGiven(input.set)) chooseTargets(manifest, { set: input.set });
  // With `--set` groups stay: other sets have them as well.
  const here = listed.filter(({ kind, name }) => !isGiven(input.set) || (kind === 'set' && input.set.includes(name)));
  const found = new Set<ListedSpec>();
  for (const name of new Set(input.names)) {
    const named = here.filter(({ template }) => isNamed(name, template, manifest));
    if (named.length === 0) throw notAsked(name, listed, { here, manifest });
    for (const spec of named) found.add(spec);
  }
  const edited = await removeSpecs(text, [...found]);
  const [empty] = await setsWithoutRequest(edited);
  if (empty !== undefined) {
    throw new RpmDepsError('USAGE', `the set \`${shortPrintable(empty)}\` would be empty; nothing was written`, {
      hint: `remove the set from \`${basename(manifest.path)}\` and its lockfiles, or add another package first`,
    });
  }
  const edits = [...found].map(({ template, kind, name }) => ({ spec: template, kind, name }));
  return { edits, present: [], locks: await lockEdited(edited, text, manifest, input, context) };
}

const isGiven = (list: readonly string[] | undefined): list is readonly string[] => list !== undefined && list.length > 0;

async function readProject(input: EditSetsInput, context: Context) {
  const project = new FolderProject(input, context);
  const manifest = await project.manifest();
  if (basename(manifest.path) === 'rpms.in.yaml') {
    throw new RpmDepsError('USAGE', '`rpms.in.yaml` is not edited by rpm-deps', {
      hint: 'edit `packages` in it, then run `rpm-deps lock`',
    });
  }
  const text = await project.manifestText();
  return { manifest, text, listed: await listSpecs(text) };
}

/** The named ones; without a name the only one there is. */
function setsToAdd(manifest: Manifest, { set, names }: EditSetsInput): readonly PackageSet[] {
  if (isGiven(set)) {
    chooseTargets(manifest, { set });
    return manifest.sets.filter(({ name }) => set.includes(name));
  }
  if (manifest.sets.length === 1) return manifest.sets;
  throw new RpmDepsError(
    'USAGE',
    `the manifest has ${manifest.sets.length} sets: choose the one to add \`${shortPrintable(names[0] ?? '')}\``,
    {
      hint: `add --set SET; sets are: ${manifest.sets.map(({ name }) => name).join(', ')}`,
    },
  );
}

/** Locks what the edit is about, whatever else is not up to date. */
async function lockEdited(
  edited: string,
  text: string,
  manifest: Manifest,
  input: EditSetsInput,
  context: Context,
): Promise<RelockOutput | undefined> {
  if (edited === text) return undefined;
  const next = await editedManifest(edited, manifest, input, context);
  const targets = chooseTargets(next, {}).filter(
    ({ set, architecture }) => manifestDigest(next, set.name, architecture) !== manifestDigest(manifest, set.name, architecture),
  );
  const { set, arch, ...rest } = input;
  return relock({ manifest: next, manifestText: edited, editedFrom: text, mode: 'lock', targets }, rest, context);
}

/** `libvirt-client` names the spec `libvirt-client-${LIBVIRT_VERSION}` too, and `bash.x86_64` and `make >= 4`. */
function isNamed(name: string, template: string, { versions }: Manifest): boolean {
  const { text } = expandSpec(template, versions);
  if (name === template || name === text) return true;
  if (!text.startsWith(name)) return false;
  const rest = text.slice(name.length);
  if (/^\s*[<>=]/.test(rest)) return true;
  if (rest.startsWith('.')) return canonicalArchitecture(rest.slice(1)) !== undefined || rest === '.noarch';
  return /^-(?:\d+:)?\d[^-\s]*(?:-\d[^-\s]*)?$/.test(rest) || /^-\$\{\w+\}/.test(template.slice(name.length));
}

function notAsked(
  name: string,
  listed: readonly ListedSpec[],
  { here, manifest }: { readonly here: readonly ListedSpec[]; readonly manifest: Manifest },
): RpmDepsError {
  const elsewhere = listed.filter(({ template }) => isNamed(name, template, manifest));
  if (elsewhere.length > 0) {
    const places = elsewhere.map((one) => `the ${one.kind} \`${shortPrintable(one.name)}\``).join(', ');
    return new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` is not in the given sets but in ${places}`, {
      hint: `\`rpm-deps remove ${shortPrintable(name)}\` without --set removes it there`,
    });
  }
  for (const set of manifest.sets) {
    const specs = set.architectures.flatMap((architecture) => set.specsFor(architecture));
    if (!specs.some(({ template }) => isNamed(name, template, manifest))) continue;
    // What is not in the set itself is in a group.
    const groups = [...(manifest.holders?.keys() ?? [])].filter((key) => key.startsWith('groups '));
    for (const key of [`sets ${set.name}`, ...groups]) refuseIncluded(`\`${shortPrintable(name)}\``, key, manifest);
  }
  const near = nearestOf(
    name,
    here.flatMap(({ template }) => [template, template.replace(/-\$\{.*$/, '')]),
  );
  return new RpmDepsError('USAGE', `no set or group requests \`${shortPrintable(name)}\``, {
    hint:
      near === undefined
        ? `\`rpm-deps why ${shortPrintable(name)}\` shows what needs a locked package that is not requested`
        : `did you mean \`${shortPrintable(near)}\`?`,
  });
}

const otherArchitectures = ({ name, architectures }: PackageSet): RpmDepsError =>
  new RpmDepsError('USAGE', `the set \`${name}\` has none of the given architectures`, {
    hint: `its architectures are: ${architectures.join(', ')}`,
  });

const forOthers = (spec: string, { name }: PackageSet, { path }: Manifest): RpmDepsError =>
  new RpmDepsError('USAGE', `the set \`${name}\` has \`${shortPrintable(spec)}\` already, for some architectures only`, {
    hint: `edit its \`architectures\` in \`${basename(path)}\`, then run \`rpm-deps lock\``,
  });
