/** Lockfiles of other tools, and bills of materials, as lists of packages. */
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import type { ImportedSpecs } from './imported-manifest.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Set and architecture by the name of the file and `--arch`; throws where those do not tell. */
type ByFile = () => { readonly set: string; readonly architecture: string };

const VERSIONS = 'versions and checksums: `rpm-deps lock` chooses versions anew';
const EVERYTHING = 'what was asked for, which the file does not say: every package is listed';

/** Undefined where it is none of these formats. */
export function fromOtherLock(value: Fields, byFile: ByFile): ImportedSpecs[] | undefined {
  if (value['bomFormat'] === 'CycloneDX') return fromCycloneDx(value, byFile);
  if (value['document'] === 'rpm-package-manifest') return fromPackageManifest(value);
  if (Array.isArray(value['rpms'])) return [fromBazeldnf(value, byFile)];
  return undefined;
}

function fromBazeldnf(value: Fields, byFile: ByFile): ImportedSpecs {
  const rpms = listOf(value['rpms']);
  const names = new Map(rpms.map((rpm) => [String(rpm['id'] ?? rpm['name']), String(rpm['name'])]));
  const targets = Array.isArray(value['targets']) ? value['targets'].map(String).map((id) => names.get(id) ?? id) : undefined;
  const ignored = Array.isArray(value['ignored']) ? value['ignored'].map(String) : [];
  return {
    ...byFile(),
    specs: targets ?? [...new Set(names.values())],
    lost: [
      VERSIONS,
      ...(targets === undefined ? [EVERYTHING] : []),
      ...ignored.map((name) => `\`ignore\`: ${name}`),
      ...repositoriesOf(value),
    ],
  };
}

function repositoriesOf(value: Fields): string[] {
  return Object.entries(fieldsOf(value['repositories'])).map(
    ([id, urls]) => `the repository ${id}: ${[urls].flat().map(String).join(', ')}`,
  );
}

/** Packages of another architecture, or of none, belong to their `parent_archs`. */
function fromPackageManifest(value: Fields): ImportedSpecs[] {
  const data = fieldsOf(value['data']);
  const found = new Map<string, Set<string>>();
  for (const [arch, entries] of Object.entries(fieldsOf(data['packages']))) {
    for (const entry of listOf(entries)) {
      const parents = Array.isArray(entry['parent_archs']) ? entry['parent_archs'].map(String) : [arch];
      for (const parent of parents) {
        const architecture = canonicalArchitecture(parent);
        if (architecture !== undefined) found.set(architecture, (found.get(architecture) ?? new Set()).add(String(entry['name'])));
      }
    }
  }
  const repositories = listOf(data['repositories']).map(({ id, baseurl, metalink }) => `the repository ${id}: ${baseurl ?? metalink}`);
  return [...found].map(([architecture, specs]) => ({
    set: 'packages',
    architecture,
    specs: [...specs],
    lost: [VERSIONS, EVERYTHING, ...repositories],
  }));
}

/** What the root depends on; every package where the file has no such edges. */
function fromCycloneDx(value: Fields, byFile: ByFile): ImportedSpecs[] {
  const root = String(fieldsOf(fieldsOf(value['metadata'])['component'])['bom-ref'] ?? '');
  const components = listOf(value['components']).filter(({ purl }) => String(purl).startsWith('pkg:rpm/'));
  const [, set = '', ending = ''] = /^(.+)-([^-]+)$/.exec(root) ?? [];
  const architecture = canonicalArchitecture(ending);
  const target = architecture === undefined ? byFile() : { set: set.replace(/[^A-Za-z0-9_-]/g, '_'), architecture };
  const edges = listOf(value['dependencies']).find(({ ref }) => ref === root)?.['dependsOn'];
  const asked = new Set(Array.isArray(edges) ? edges.map(String) : []);
  const roots = components.filter((component) => asked.has(String(component['bom-ref'])));
  const chosen = roots.length > 0 ? roots : components;
  const lost = [VERSIONS, 'repositories, which the file does not have', ...(roots.length > 0 ? [] : [EVERYTHING])];
  return [{ ...target, specs: [...new Set(chosen.map(({ name }) => String(name)))], lost }];
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
