/** Bills of materials: CycloneDX JSON and SPDX JSON (2.x), from `export` and from other tools. */

import { fieldsOf } from '../base/fields.ts';
import { decodeEscapes } from '../base/urls.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { architectureOfFile, givenArchitecture, plainSetName, setOfFile } from './file-target.ts';
import { CHOSEN_ANEW, type Imported, type ImportFile, listOf, textsOf } from './imported.ts';
import { findPlaces } from './places.ts';
import { rootsOf } from './roots.ts';

interface Component {
  readonly key: string;
  readonly name: string;
  readonly arch: string;
  readonly repository: string | undefined;
  readonly sha256: string | undefined;
  readonly url: string | undefined;
}

export function readCycloneDx(file: ImportFile): Imported | undefined {
  const { value } = file;
  if (value?.['bomFormat'] !== 'CycloneDX') return undefined;
  const root = String(fieldsOf(fieldsOf(value['metadata'])['component'])['bom-ref'] ?? '');
  const all = listOf(value['components']);
  // Components may hold others; the list grows while it is read.
  for (const one of all) all.push(...listOf(one['components']));
  const components = all.flatMap((one) => {
    const url = listOf(one['externalReferences']).find(({ type }) => type === 'distribution')?.['url'];
    return componentOf(String(one['bom-ref'] ?? ''), one['purl'], typeof url === 'string' ? url : undefined);
  });
  const edges = new Map(listOf(value['dependencies']).map((edge) => [String(edge['ref']), textsOf(edge['dependsOn'])]));
  return importedOf(file, root, components, edges, all.length - components.length);
}

export function readSpdx(file: ImportFile): Imported | undefined {
  const { value } = file;
  if (!/^SPDX-2/.test(String(value?.['spdxVersion']))) return undefined;
  const all = listOf(value!['packages']);
  const components = all.flatMap((one) => {
    const purl = listOf(one['externalRefs']).find(({ referenceType }) => referenceType === 'purl')?.['referenceLocator'];
    const url = String(one['downloadLocation'] ?? '');
    return componentOf(String(one['SPDXID'] ?? ''), purl, /^[a-z]+:\/\//.test(url) ? url : undefined);
  });
  const [described] = textsOf(value!['documentDescribes']);
  const relations = listOf(value!['relationships']);
  const root =
    described ?? String(relations.find(({ relationshipType }) => relationshipType === 'DESCRIBES')?.['relatedSpdxElement'] ?? '');
  const edges = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = edges.get(from);
    if (known === undefined) edges.set(from, [to]);
    else known.push(to);
  };
  for (const { spdxElementId: from, relationshipType: type, relatedSpdxElement: to } of relations) {
    if (type === 'DEPENDS_ON') add(String(from), String(to));
    if (type === 'DEPENDENCY_OF') add(String(to), String(from));
  }
  const name = String(all.find(({ SPDXID }) => SPDXID === root)?.['name'] ?? value!['name'] ?? '');
  const others = all.filter(({ SPDXID }) => SPDXID !== root).length - components.length;
  return importedOf(file, root, components, edges, others, name);
}

/** Empty if it is not an RPM that can be installed. */
function componentOf(key: string, purl: unknown, url: string | undefined): Component[] {
  const parts = /^pkg:rpm\/(?:[^@?#]*\/)?([^/@?#]+)(?:@[^?#]*)?(?:\?([^#]*))?/.exec(typeof purl === 'string' ? purl.slice(0, 8192) : '');
  const name = decodeEscapes(parts?.[1] ?? '');
  const qualifiers = new URLSearchParams(parts?.[2] ?? '');
  const isSource = /^(?:no)?src$/.test(qualifiers.get('arch') ?? '');
  // The rpm database lists imported keys as packages.
  if (!/^\w[\w.+-]*$/.test(name) || name === 'gpg-pubkey' || isSource) return [];
  const place = url ?? qualifiers.get('download_url') ?? undefined;
  return [
    {
      key,
      name,
      arch: qualifiers.get('arch') ?? 'noarch',
      repository: qualifiers.get('repository_id') ?? undefined,
      sha256: /sha256:([0-9a-f]{64})/.exec(qualifiers.get('checksum') ?? '')?.[1],
      url: place,
    },
  ];
}

/** The dependencies of the root; without these, components that no other needs; without any dependencies a closure. */
function importedOf(
  file: ImportFile,
  root: string,
  components: readonly Component[],
  edges: ReadonlyMap<string, readonly string[]>,
  others: number,
  name = root,
): Imported | undefined {
  if (components.length === 0) return { lost: otherComponents(others) };
  const target = targetOf(file, name, components);
  const { architecture } = target;
  const specOf = ({ name, arch }: Component): string =>
    arch === 'noarch' || arch === architecture || canonicalArchitecture(arch) === undefined ? name : `${name}.${arch}`;
  const asked = new Set(edges.get(root) ?? []);
  const requested = components.filter(({ key }) => asked.has(key)).map(specOf);
  const hasEdges = components.some(({ key }) => (edges.get(key)?.length ?? 0) > 0);
  const graph = components.map((one) => ({ key: one.key, spec: specOf(one), dependencies: edges.get(one.key) ?? [] }));
  const isOwn = requested.length > 0 && requested.length < components.length;
  const specs = isOwn ? requested : components.map(specOf);
  const isClosure = !isOwn && components.length > 1;
  const places = findPlaces(
    components.flatMap(({ url, repository, sha256 }) => (url === undefined ? [] : [{ url, repository, architecture, sha256 }])),
  );
  return {
    targets: [
      {
        ...target,
        specs: [...new Set(specs)],
        isClosure,
        ...(isClosure && hasEdges ? { roots: rootsOf(graph) } : {}),
        lost: [CHOSEN_ANEW],
      },
    ],
    repositories: places.repositories,
    fallbacks: places.fallbacks,
    lost: [
      ...places.lost,
      ...(places.repositories.length === 0 ? ['repositories: the file does not name them'] : []),
      ...otherComponents(others),
    ],
  };
}

const otherComponents = (count: number): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? 'component that is no RPM package' : 'components that are no RPM packages'}`];

function targetOf(
  file: ImportFile,
  root: string,
  components: readonly Component[],
): { readonly set: string; readonly architecture: string } {
  const [, set = '', ending = ''] = /^(.+)-([^-]+)$/.exec(root) ?? [];
  const named = canonicalArchitecture(ending);
  const given = givenArchitecture(file);
  if (named !== undefined && (file.arch === undefined || given === named)) return { set: plainSetName(set), architecture: named };
  const own = [...new Set(components.map(({ arch }) => canonicalArchitecture(arch)))].filter((one) => one !== undefined && one !== 'i686');
  const architecture = given ?? (own.length === 1 ? own[0]! : architectureOfFile(file));
  return { set: setOfFile(file), architecture };
}
