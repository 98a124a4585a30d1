/** Small made-up worlds as plain data: for tests that ask several programs, or plain thinking, about the same packages. */
import { buildPool } from '../../src/pool/build-pool.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { plainInfo } from '../helpers/plain-repository.ts';

export interface Evr {
  readonly epoch: string;
  readonly version: string;
  /** Left out where a dependency does not say. */
  readonly release?: string;
}

export type Comparison = '<' | '<=' | '=' | '>=' | '>';
export type RichOperator = 'and' | 'or' | 'if' | 'unless' | 'with' | 'without';

export interface PlainDependency {
  readonly kind: 'plain';
  readonly name: string;
  readonly comparison?: Comparison;
  readonly evr?: Evr;
}

export type Dependency =
  | PlainDependency
  | {
      readonly kind: RichOperator;
      readonly left: Dependency;
      readonly right: Dependency;
      readonly otherwise?: Dependency;
    };

const WEAK_KINDS = ['recommends', 'suggests', 'supplements', 'enhances'] as const;
export const RELATION_KINDS = ['provides', 'requires', 'conflicts', 'obsoletes', ...WEAK_KINDS] as const;
export type RelationKind = (typeof RELATION_KINDS)[number];

export interface WorldPackage {
  readonly name: string;
  readonly evr: Evr;
  readonly arch: string;
  readonly relations: Readonly<Partial<Record<RelationKind, readonly Dependency[]>>>;
  readonly files: readonly string[];
}

export interface WorldRepo {
  readonly id: string;
  readonly priority: number;
  readonly packages: readonly WorldPackage[];
}

export interface World {
  readonly architecture: string;
  readonly repos: readonly WorldRepo[];
}

export function plain(name: string, comparison?: Comparison, evr?: Evr): PlainDependency {
  return comparison === undefined || evr === undefined ? { kind: 'plain', name } : { kind: 'plain', name, comparison, evr };
}

export function packagesOf(world: World): WorldPackage[] {
  return world.repos.flatMap(({ packages }) => [...packages]);
}

export function nevraOf({ name, evr, arch }: WorldPackage): string {
  return `${name}-${evr.epoch}:${evr.version}-${evr.release ?? ''}.${arch}`;
}

export function evrText({ epoch, version, release }: Evr): string {
  return `${epoch === '0' ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
}

export function dependencyText(dependency: Dependency): string {
  if (dependency.kind === 'plain') {
    const { name, comparison, evr } = dependency;
    return comparison === undefined || evr === undefined ? name : `${name} ${comparison} ${evrText(evr)}`;
  }
  const { kind, left, right, otherwise } = dependency;
  const tail = otherwise === undefined ? '' : ` else ${dependencyText(otherwise)}`;
  return `(${dependencyText(left)} ${kind} ${dependencyText(right)}${tail})`;
}

/** A world as a person would write it down, for messages of failed tests. */
export function worldText(world: World): string {
  return world.repos
    .flatMap(({ id, priority, packages }) => [
      `repository ${id} (priority ${priority}), ${world.architecture}`,
      ...packages.flatMap((item) => [
        `  ${nevraOf(item)} ${item.files.join(' ')}`,
        ...RELATION_KINDS.flatMap((kind) => (item.relations[kind] ?? []).map((entry) => `    ${kind}: ${dependencyText(entry)}`)),
      ]),
    ])
    .join('\n');
}

export function poolOf({ architecture, repos }: World): Pool {
  return buildPool({
    architecture,
    repos: repos.map(({ id, priority, packages }) => ({
      info: plainInfo(id, { priority }),
      primary: new TextEncoder().encode(primaryXml(packages)),
    })),
  });
}

const FLAGS: Readonly<Record<Comparison, string>> = { '<': 'LT', '<=': 'LE', '=': 'EQ', '>=': 'GE', '>': 'GT' };

export function primaryXml(packages: readonly WorldPackage[]): string {
  return `<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packages.length}">
${packages.map(packageXml).join('')}</metadata>\n`;
}

function packageXml(item: WorldPackage, index: number): string {
  const { name, evr, arch, relations, files } = item;
  const lists = RELATION_KINDS.filter((kind) => relations[kind] !== undefined && relations[kind].length > 0).map(
    (kind) => `<rpm:${kind}>${relations[kind]!.map(entryXml).join('')}</rpm:${kind}>`,
  );
  return `<package type="rpm"><name>${escaped(name)}</name><arch>${arch}</arch><version epoch="${evr.epoch}" ver="${evr.version}" rel="${evr.release}"/>
<checksum type="sha256" pkgid="YES">${index.toString(16).padStart(64, '0')}</checksum><time file="1" build="1"/><size package="1" installed="1" archive="1"/>
<location href="${index}.rpm"/><format>${lists.join('')}${files.map((file) => `<file>${escaped(file)}</file>`).join('')}</format></package>\n`;
}

function entryXml(dependency: Dependency): string {
  if (dependency.kind !== 'plain') return `<rpm:entry name="${escaped(dependencyText(dependency))}"/>`;
  const { name, comparison, evr } = dependency;
  if (comparison === undefined || evr === undefined) return `<rpm:entry name="${escaped(name)}"/>`;
  const release = evr.release === undefined ? '' : ` rel="${evr.release}"`;
  return `<rpm:entry name="${escaped(name)}" flags="${FLAGS[comparison]}" epoch="${evr.epoch}" ver="${evr.version}"${release}/>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
