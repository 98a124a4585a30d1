/** `add` and `remove`: edits the manifest in memory, locks the affected sets, and writes everything or nothing. */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { chooseArchitectures, chooseTargets } from '../locking/target.ts';
import { addSpec, removeSpecs, setsWithoutRequest } from '../manifest/edit-packages.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { manifestDigest } from '../manifest/manifest-digest.ts';
import { fileToEdit, listPlacedSpecs, type ManifestTexts, type PlacedSpec, textOf, textsOf, withText } from '../manifest/manifest-texts.ts';
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
  /** Specs that were already in the sets. */
  readonly present: readonly SpecEdit[];
  /** Undefined if the manifest does not change. */
  readonly locks: RelockOutput | undefined;
}

/** Adds specs to sets, with `arch` only for those architectures, and locks the affected sets. */
export async function addPackages(input: EditSetsInput, context: Context): Promise<EditSetsOutput> {
  const { manifest, texts, listed } = await readProject(input, context);
  const scope = isGiven(input.arch) ? chooseArchitectures(input.arch, manifest.architectures) : undefined;
  const edits: SpecEdit[] = [];
  const present: SpecEdit[] = [];
  let edited = texts;
  for (const set of setsToAdd(manifest, input)) {
    const wanted = set.architectures.filter((name) => scope === undefined || scope.includes(name));
    if (wanted.length === 0) throw otherArchitectures(set);
    const name = set.writtenName ?? set.name;
    const file = fileToEdit(`sets ${name}`, manifest);
    const architectures = wanted.length === set.architectures.length ? undefined : wanted;
    for (const spec of new Set(input.names)) {
      const edit: SpecEdit = { spec, kind: 'set', name, file: file ?? null };
      if (wanted.every((name) => set.specsFor(name).some((one) => one.template === spec || one.text === spec))) {
        present.push(edit);
        continue;
      }
      if (listed.some((one) => one.kind === 'set' && one.name === name && one.template === spec)) throw forOthers(spec, set, manifest);
      const json = (file ?? manifest.path).endsWith('.json');
      edited = withText(edited, file, await addSpec(textOf(edited, file), name, { spec, architectures, json }));
      edits.push(edit);
    }
  }
  return { edits, present, locks: await lockEdited(edited, texts, manifest, input, context) };
}

/** Removes specs from all sets and groups, or from the named sets only, and locks the affected sets. */
export async function removePackages(input: EditSetsInput, context: Context): Promise<EditSetsOutput> {
  const { manifest, texts, listed } = await readProject(input, context);
  if (isGiven(input.set)) chooseTargets(manifest, { set: input.set });
  // With `--set` groups do not change, because other sets use them too.
  const here = listed.filter(({ kind, name }) => !isGiven(input.set) || (kind === 'set' && input.set.includes(name)));
  const found = new Set<PlacedSpec>();
  for (const name of new Set(input.names)) {
    const named = here.filter(({ template }) => isNamed(name, template, manifest));
    if (named.length === 0) throw notInSets(name, listed, { here, manifest });
    for (const spec of named) found.add(spec);
  }
  let edited = texts;
  for (const file of new Set([...found].map(({ kind, name }) => fileToEdit(`${kind}s ${name}`, manifest)))) {
    const text = await removeSpecs(
      textOf(texts, file),
      [...found].filter((spec) => spec.file === file),
    );
    const [empty] = await setsWithoutRequest(text);
    if (empty !== undefined) {
      throw new RpmDepsError('USAGE', `the set \`${shortPrintable(empty)}\` would be empty; nothing was written`, {
        hint: `remove the set from \`${shortPrintable(file ?? basename(manifest.path))}\` and its lockfiles, or add another package first`,
      });
    }
    edited = withText(edited, file, text);
  }
  const edits = [...found].map(({ template, kind, name, file = null }) => ({ spec: template, kind, name, file }));
  return { edits, present: [], locks: await lockEdited(edited, texts, manifest, input, context) };
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
  const texts = textsOf(await project.manifestText(), manifest);
  return { manifest, texts, listed: await listPlacedSpecs(texts, manifest) };
}

/** The named sets; without a name the only one of the manifest. */
function setsToAdd(manifest: Manifest, { set, names }: EditSetsInput): readonly PackageSet[] {
  // The releases of a set share one list.
  const lists = [...new Map(manifest.sets.map((one) => [one.writtenName ?? one.name, one])).values()];
  if (isGiven(set)) {
    chooseTargets(manifest, { set });
    const chosen = lists.filter(({ name, writtenName = name }) => set.includes(writtenName));
    const shared = manifest.sets.find(({ name, writtenName }) => writtenName !== undefined && set.includes(name));
    if (shared === undefined) return chosen;
    throw new RpmDepsError('USAGE', `the set \`${shared.name}\` shares its list with all releases of \`${shared.writtenName}\``, {
      hint: `--set ${shared.writtenName} adds to that list`,
    });
  }
  if (lists.length === 1) return lists;
  throw new RpmDepsError('USAGE', `the manifest has ${lists.length} sets: choose the one to add \`${shortPrintable(names[0] ?? '')}\``, {
    hint: `add --set SET; sets are: ${lists.map(({ name, writtenName = name }) => writtenName).join(', ')}`,
  });
}

/** Locks only the affected sets, even if others are not up to date. */
async function lockEdited(
  edited: ManifestTexts,
  before: ManifestTexts,
  manifest: Manifest,
  input: EditSetsInput,
  context: Context,
): Promise<RelockOutput | undefined> {
  if (edited === before) return undefined;
  const next = await editedManifest(edited, manifest, input, context);
  const targets = chooseTargets(next, {}).filter(
    ({ set, architecture }) => manifestDigest(next, set.name, architecture) !== manifestDigest(manifest, set.name, architecture),
  );
  const { set, arch, ...rest } = input;
  return relock({ manifest: next, edited, editedFrom: before, mode: 'lock', targets }, rest, context);
}

/** `libvirt-client` also matches the spec `libvirt-client-${LIBVIRT_VERSION}`, and other names `bash.x86_64` and `make >= 4`. */
function isNamed(name: string, template: string, { versions }: Manifest): boolean {
  const { text } = expandSpec(template, versions);
  if (name === template || name === text) return true;
  if (!text.startsWith(name)) return false;
  const rest = text.slice(name.length);
  if (/^\s*[<>=]/.test(rest)) return true;
  if (rest.startsWith('.')) return canonicalArchitecture(rest.slice(1)) !== undefined || rest === '.noarch';
  return /^-(?:\d+:)?\d[^-\s]*(?:-\d[^-\s]*)?$/.test(rest) || /^-\$\{\w+\}/.test(template.slice(name.length));
}

function notInSets(
  name: string,
  listed: readonly PlacedSpec[],
  { here, manifest }: { readonly here: readonly PlacedSpec[]; readonly manifest: Manifest },
): RpmDepsError {
  const elsewhere = listed.filter(({ template }) => isNamed(name, template, manifest));
  if (elsewhere.length > 0) {
    const places = elsewhere.map((one) => `the ${one.kind} \`${shortPrintable(one.name)}\``).join(', ');
    return new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` is not in the given sets but in ${places}`, {
      hint: `\`rpm-deps remove ${shortPrintable(name)}\` without --set removes it there`,
    });
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
