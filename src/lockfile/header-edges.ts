/** Dependencies between packages of which only the headers are available, in the form of a lockfile made from metadata. */
import { parseRelation, type Relation, satisfies } from '../rpm/relation.ts';
import { parseRich, type RichDependency } from '../rpm/rich.ts';
import type { RpmPackage, RpmRelation } from '../rpm/rpm-package.ts';

export interface HeaderEdges {
  /** For each package the names of the packages that it needs, sorted. */
  readonly dependencies: readonly (readonly string[])[];
  /** For each package its requirements that no package provides. */
  readonly unmet: readonly (readonly string[])[];
}

const OPERATORS = { EQ: '=', LT: '<', GT: '>', LE: '<=', GE: '>=' } as const;

/** With `weak`, recommended packages that are present count as needed. */
export function edgesOfHeaders(packages: readonly RpmPackage[], { weak }: { readonly weak: boolean }): HeaderEdges {
  const providers = indexProvides(packages);
  const dependencies: string[][] = [];
  const unmet: string[][] = [];
  for (const rpm of packages) {
    const needed = new Set<string>();
    const missing = new Set<string>();
    for (const requirement of rpm.relations.requires) {
      const answer = answerOf(requirement, providers);
      if (answer.isMet) for (const one of answer.packages.has(rpm) ? [] : answer.packages) needed.add(one.name);
      else missing.add(textOf(requirement));
    }
    if (weak) {
      for (const wish of rpm.relations.recommends) for (const one of answerOf(wish, providers).packages) needed.add(one.name);
    }
    needed.delete(rpm.name);
    dependencies.push([...needed].sort());
    unmet.push([...missing].sort());
  }
  return { dependencies, unmet };
}

type Providers = ReadonlyMap<string, readonly { readonly rpm: RpmPackage; readonly provide: Relation }[]>;

function indexProvides(packages: readonly RpmPackage[]): Providers {
  const providers = new Map<string, { rpm: RpmPackage; provide: Relation }[]>();
  const add = (rpm: RpmPackage, provide: Relation): void => {
    const known = providers.get(provide.name);
    if (known === undefined) providers.set(provide.name, [{ rpm, provide }]);
    else known.push({ rpm, provide });
  };
  for (const rpm of packages) {
    for (const provide of rpm.relations.provides) add(rpm, relationOf(provide));
    for (const { path } of rpm.files) add(rpm, { name: path, operator: undefined, evr: undefined });
  }
  return providers;
}

interface Answer {
  readonly isMet: boolean;
  readonly packages: ReadonlySet<RpmPackage>;
}

function answerOf(requirement: RpmRelation, providers: Providers): Answer {
  const rich = requirement.name.startsWith('(') ? parseRich(requirement.name) : undefined;
  return rich === undefined ? providersOf(relationOf(requirement), providers) : answerOfRich(rich, providers);
}

function answerOfRich(rich: RichDependency, providers: Providers): Answer {
  if (rich.kind === 'simple') {
    const relation = parseRelation(rich.operator === undefined ? rich.name : `${rich.name} ${rich.operator} ${rich.evr}`);
    return relation === undefined ? NOBODY : providersOf(relation, providers);
  }
  const left = answerOfRich(rich.left, providers);
  const right = answerOfRich(rich.right, providers);
  const otherwise = rich.otherwise === undefined ? NOTHING : answerOfRich(rich.otherwise, providers);
  switch (rich.kind) {
    case 'and':
      return { isMet: left.isMet && right.isMet, packages: new Set([...left.packages, ...right.packages]) };
    case 'or':
      return { isMet: left.isMet || right.isMet, packages: new Set([...left.packages, ...right.packages]) };
    case 'with':
      return ofPackages([...left.packages].filter((one) => right.packages.has(one)));
    case 'without':
      return ofPackages([...left.packages].filter((one) => !right.packages.has(one)));
    case 'if':
      return right.isMet ? left : otherwise;
    case 'unless':
      return right.isMet ? otherwise : left;
  }
}

const NOBODY: Answer = { isMet: false, packages: new Set() };
const NOTHING: Answer = { isMet: true, packages: new Set() };

const ofPackages = (packages: readonly RpmPackage[]): Answer => ({ isMet: packages.length > 0, packages: new Set(packages) });

function providersOf(relation: Relation, providers: Providers): Answer {
  const found = (providers.get(relation.name) ?? []).filter(({ provide }) => satisfies(provide, relation)).map(({ rpm }) => rpm);
  return found.length === 0 ? NOBODY : ofPackages(found);
}

function relationOf({ name, flags, epoch, version, release }: RpmRelation): Relation {
  if (flags === undefined) return { name, operator: undefined, evr: undefined };
  return { name, operator: OPERATORS[flags], evr: `${epoch}:${version}${release === '' ? '' : `-${release}`}` };
}

function textOf(requirement: RpmRelation): string {
  const { name, operator, evr } = relationOf(requirement);
  return operator === undefined ? name : `${name} ${operator} ${evr}`;
}
