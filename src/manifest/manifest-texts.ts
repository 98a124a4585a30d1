/** The texts of a manifest and its included files. Each edit changes the file that contains the edited value. */
import { isAbsolute } from 'node:path';
import { basename } from 'node:path/posix';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { editManifest, type ManifestEdit } from './edit-manifest.ts';
import { type ListedSpec, listSpecs } from './edit-packages.ts';
import type { Manifest } from './manifest.ts';
import { removeHolds } from './remove-holds.ts';

export interface ManifestTexts {
  /** Text of the manifest itself. */
  readonly own: string;
  /** Path relative to the folder of the manifest -> text of an included file. */
  readonly included: ReadonlyMap<string, string>;
}

/** A spec, and the included file that contains it; undefined: the manifest itself. */
export interface PlacedSpec extends ListedSpec {
  readonly file: string | undefined;
}

export const textsOf = (own: string, { included = new Map() }: Manifest): ManifestTexts => ({ own, included });

export const textOf = ({ own, included }: ManifestTexts, file: string | undefined): string =>
  file === undefined ? own : (included.get(file) ?? '');

export const withText = ({ own, included }: ManifestTexts, file: string | undefined, text: string): ManifestTexts =>
  file === undefined ? { own: text, included } : { own, included: new Map(included).set(file, text) };

export interface EditedFile {
  /** Relative to the folder of the manifest. */
  readonly path: string;
  readonly text: string;
  /** Text before the edit. */
  readonly before: string;
}

/** The included files that an edit changed. */
export const editedFiles = (before: ManifestTexts, { included }: ManifestTexts): readonly EditedFile[] =>
  [...included].flatMap(([path, text]) => {
    const old = before.included.get(path) ?? '';
    return old === text ? [] : [{ path, text, before: old }];
  });

/** The included file that defines `key` (such as `sets web`); undefined: the manifest itself. Throws for a file outside the project. */
export function fileToEdit(key: string, manifest: Manifest): string | undefined {
  const file = manifest.holders?.get(key);
  if (file === undefined || isInside(file)) return file;
  const [kind, name] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
  const what = kind === 'holds' ? 'a hold' : `\`${shortPrintable(name)}\` of \`${kind}\``;
  throw new RpmDepsError(
    'MANIFEST_INVALID',
    `${what} is in \`${shortPrintable(file)}\`, outside the folder of \`${basename(manifest.path)}\``,
    {
      hint: `edit \`${shortPrintable(file)}\`, then run \`rpm-deps lock\``,
    },
  );
}

export const isInside = (file: string): boolean => !/^https?:/i.test(file) && !isAbsolute(file) && file.split(/[\\/]/)[0] !== '..';

/** All specs of all sets and groups, without sets and groups that another file overrides. */
export async function listPlacedSpecs(texts: ManifestTexts, { holders }: Manifest): Promise<readonly PlacedSpec[]> {
  const placed: PlacedSpec[] = [];
  for (const file of [undefined, ...texts.included.keys()]) {
    for (const spec of await listSpecs(textOf(texts, file))) {
      if (holders?.get(keyOf(spec)) === file) placed.push({ ...spec, file });
    }
  }
  return placed;
}

const keyOf = ({ kind, name }: ListedSpec): string => `${kind}s ${name}`;

/** Edits each file that contains an edited value. */
export async function editTexts(texts: ManifestTexts, edits: readonly ManifestEdit[], manifest: Manifest): Promise<ManifestTexts> {
  const byFile = new Map<string | undefined, ManifestEdit[]>();
  const add = (file: string | undefined, edit: ManifestEdit): void => void byFile.set(file, [...(byFile.get(file) ?? []), edit]);
  const specs = edits.some(({ kind }) => kind === 'spec') && texts.included.size > 0 ? await listPlacedSpecs(texts, manifest) : [];
  for (const edit of edits) {
    if (edit.kind === 'spec') {
      const holders = specs.filter(({ template }) => template === edit.from).map((spec) => fileToEdit(keyOf(spec), manifest));
      for (const file of holders.length === 0 ? [undefined] : new Set(holders)) add(file, edit);
    } else if (edit.kind === 'keep') {
      const file = manifest.holders?.get(`versions ${edit.name}`);
      if (file === undefined || isInside(file)) add(file, edit);
    } else add(fileToEdit(`${edit.kind}s ${edit.name}`, manifest), edit);
  }
  let edited = texts;
  for (const [file, list] of byFile) edited = withText(edited, file, await editManifest(textOf(texts, file), list));
  return edited;
}

/** Removes holds, by their indexes in the merged list. */
export async function withoutHolds(texts: ManifestTexts, indexes: readonly number[], manifest: Manifest): Promise<ManifestTexts> {
  const fileOf = (index: number): string | undefined => manifest.holders?.get(`holds ${index}`);
  let edited = texts;
  for (const file of new Set(indexes.map((index) => fileToEdit(`holds ${index}`, manifest)))) {
    const first = manifest.holds.findIndex((_, index) => fileOf(index) === file);
    const here = indexes.filter((index) => fileOf(index) === file).map((index) => index - first);
    edited = withText(edited, file, await removeHolds(textOf(edited, file), here));
  }
  return edited;
}
