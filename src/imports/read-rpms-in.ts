/** `rpms.in.yaml` of rpm-lockfile-prototype, converted as by `lock --manifest rpms.in.yaml`. */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { asMap } from '../manifest/plain-access.ts';
import { translateRpmsIn } from '../manifest/rpms-in.ts';
import { validate } from '../manifest/rpms-in-validator.generated.ts';
import { type SchemaError, schemaMistakes } from '../manifest/schema-mistakes.ts';
import { type Plain, parseSource } from '../manifest/source-text.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { type Imported, type ImportedTarget, type ImportFile, textsOf, unknownArchitectures } from './imported.ts';

export async function readRpmsIn(file: ImportFile): Promise<Imported | undefined> {
  const { value, name, text, arch } = file;
  const hasRequest = value !== undefined && (Array.isArray(value['packages']) || 'packagesFromContainerfile' in value);
  const isNamed = basename(name) === 'rpms.in.yaml' && value !== undefined;
  if (
    !isNamed &&
    !(value !== undefined && ('contentOrigin' in value || ('arches' in value && hasRequest && !('lockfileVersion' in value))))
  )
    return undefined;
  const outcome = await parseSource(text.replace(/^\ufeff/, ''), { json: name.endsWith('.json') });
  if (outcome.kind === 'broken') return undefined;
  const isKnown = validate(outcome.source.value);
  const unknown = isKnown ? [] : (validate.errors as SchemaError[]).filter(({ keyword }) => keyword === 'additionalProperties');
  const { source, mistakes } = await translateRpmsIn(outcome.source, {
    read: async () => ({ problem: 'is not read by an import' }),
    release: undefined,
    git: undefined,
    cts: undefined,
    labels: async (image) => {
      throw new RpmDepsError('MANIFEST_INVALID', `an import does not read the labels of ${shortPrintable(image)}`);
    },
  });
  const root = asMap(source.value) ?? {};
  const set = asMap(asMap(root['sets'])?.['rpms']) ?? {};
  const { packages, ...own } = set;
  // What the whole file has is for this set only: other files may be imported with it. Commands of a Containerfile may say otherwise.
  const isOpen = own['options'] === undefined && own['packages_from_containerfile'] !== undefined;
  const settings = isOpen || root['options'] === undefined ? own : { options: root['options'], ...own };
  const given = arch === undefined ? undefined : canonicalArchitecture(arch);
  const architectures = textsOf(root['architectures']).flatMap((one) => canonicalArchitecture(one) ?? []);
  const targets = (given === undefined ? architectures : [given]).map(
    (architecture): ImportedTarget => ({
      set: 'rpms',
      architecture,
      specs: (Array.isArray(packages) ? packages : []).flatMap((entry) => specFor(entry, architecture)),
      settings,
    }),
  );
  return {
    targets,
    repositories: (Array.isArray(root['repositories']) ? root['repositories'] : []).map((entry) => ({ definition: asMap(entry) ?? {} })),
    repofiles: Array.isArray(root['repofiles']) ? root['repofiles'] : [],
    lost: [
      ...unknownArchitectures(
        given === undefined ? textsOf(root['architectures']).filter((one) => canonicalArchitecture(one) === undefined) : [],
      ),
      ...schemaMistakes(unknown, outcome.source).map(({ message }) => message.replace(/;.*/, '')),
      ...mistakes.map(({ message }) => message),
      ...(isOpen ? ['weak dependencies, which the other tool installs by default: add `options: { weak_dependencies: true }`'] : []),
      ...(root['releasever'] === undefined ? [] : [`the value of \`$releasever\`: add \`releasever: ${String(root['releasever'])}\``]),
      ...(given === undefined && textsOf(value?.['arches']).length === 0
        ? ['architectures: the file names none, and the host of the other tool counted']
        : []),
    ],
  };
}

function specFor(entry: Plain, architecture: string): string[] {
  if (typeof entry === 'string') return [entry];
  const name = asMap(entry)?.['name'];
  const scope = asMap(entry)?.['architectures'];
  if (typeof name !== 'string') return [];
  return Array.isArray(scope) && !textsOf(scope).some((one) => (canonicalArchitecture(one) ?? one) === architecture) ? [] : [name];
}
