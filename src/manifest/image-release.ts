/** `$releasever` and `$stream` for repositories of `rpms.in.yaml`, from its base image. */
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { baseOfContainerfile } from './containerfile.ts';
import type { Mistake } from './mistake.ts';
import { asMap } from './plain-access.ts';
import type { ReadOutside } from './rpms-in-variables.ts';
import type { Plain, SourceText } from './source-text.ts';

type PlainMap = { [key: string]: Plain };

/** Adds these values to the manifest if its repositories use them and it does not define them. */
export async function withImageRelease(
  source: SourceText,
  { read, release }: ReadOutside,
): Promise<{ readonly source: SourceText; readonly mistakes: readonly Mistake[] }> {
  const root = asMap(source.value) ?? {};
  const repositories = Array.isArray(root['repositories']) ? root['repositories'] : [];
  const isNeeded = repositories.some((item) => /\$\{?(?:releasever|stream|contentdir)/.test(withoutName(item)));
  const base = asMap(Object.values(asMap(root['sets']) ?? {}).map((set) => asMap(set)?.['base'])[0]);
  if (!isNeeded || release === undefined || root['releasever'] !== undefined) return { source, mistakes: [] };
  const without = (why: string): { readonly source: SourceText; readonly mistakes: readonly Mistake[] } => {
    const index = repositories.findIndex((item) => asMap(item)?.['enabled'] !== false && /\$\{?releasever/.test(withoutName(item)));
    const path = ['repositories', index];
    const message = `\`$releasever\` has no value, because ${why}: add \`releasever\` to \`variables\`, or use --releasever VERSION`;
    return { source, mistakes: index < 0 ? [] : [{ place: source.locate(path, 'key'), path, message }] };
  };
  if (base?.['image'] === undefined && base?.['containerfile'] === undefined) return without('there is no base image');
  try {
    const architecture = String((root['architectures'] as Plain[] | undefined)?.[0] ?? 'x86_64');
    const image = await imageOf(base, architecture, read);
    if (image === undefined) return { source, mistakes: [] };
    const { releasever, ...variables } = await release(image, architecture);
    if (releasever === undefined) return without(`\`${shortPrintable(image)}\` does not say which release it is`);
    const value: PlainMap = { ...root, releasever, variables: { ...variables, ...asMap(root['variables']) } };
    return { source: { value, locate: source.locate }, mistakes: [] };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    const path = ['sets', ...Object.keys(asMap(root['sets']) ?? {}).slice(0, 1), 'base'];
    const message = `\`$releasever\` is the release of the base image, which cannot be read: ${error.message}`;
    return {
      source,
      mistakes: [
        {
          place: source.locate(path, 'key'),
          path,
          message: `${message} (${[...(error.hint === undefined ? [] : [error.hint]), 'or use --releasever VERSION'].join('; ')})`,
        },
      ],
    };
  }
}

/** Ignores the name of a repository, which is only shown. */
const withoutName = (item: Plain): string => JSON.stringify({ ...asMap(item), name: undefined });

async function imageOf(
  base: { readonly [key: string]: Plain },
  architecture: string,
  read: ReadOutside['read'],
): Promise<string | undefined> {
  if (typeof base['image'] === 'string') return base['image'];
  if (typeof base['containerfile'] !== 'string') return undefined;
  const file = await read(base['containerfile']);
  // The resolution reports what is wrong with it.
  if ('problem' in file) return undefined;
  const stage = base['stage'];
  return baseOfContainerfile(file.text, shortPrintable(base['containerfile']), {
    architecture,
    stage: typeof stage === 'string' || typeof stage === 'number' ? stage : undefined,
    args: Object.fromEntries(Object.entries(asMap(base['args']) ?? {}).map(([name, text]) => [name, String(text)])),
  });
}
