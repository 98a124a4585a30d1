import type { Why } from '../lockfile/graph.ts';
import { printable } from '../manifest/printable.ts';
import { plural } from './quantity.ts';

/** Says what two packages of a chain have to do with each other, where somebody knows: `libvirt-libs = 10.10.0-3.el9`. */
export type RelationOf = (from: string, to: string, why: Why) => string | undefined;

/** Chains for a terminal. Sets and architectures with the same answer are shown once. */
export function renderWhy(answers: readonly Why[], relationOf: RelationOf = () => undefined): string {
  const groups = new Map<string, { places: string[]; body: string }>();
  for (const why of answers) {
    const body = renderOne(why, relationOf);
    const key = body;
    const group = groups.get(key) ?? { places: [], body };
    group.places.push(`${why.package_set}-${why.architecture}`);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ places, body }) => `${places.map((place) => printable(place)).join(', ')}\n${body}`).join('\n');
}

function renderOne(why: Why, relationOf: RelationOf): string {
  const lines = why.requested.map((spec) => `  ${printable(why.name)}: requested as ${printable(spec)}`);
  for (const chain of why.chains) {
    if (chain.length === 1) {
      if (why.requested.length === 0) lines.push(`  ${printable(why.name)}: requested by a path, capability or group`);
      continue;
    }
    const steps = chain.map((name, i) => {
      const relation = i === 0 ? undefined : relationOf(chain[i - 1]!, name, why);
      return relation === undefined || relation === name ? printable(name) : `${printable(name)} (${printable(relation)})`;
    });
    lines.push(`  ${steps.join(' -> ')}`);
  }
  if (lines.length === 0) lines.push('  locked, but the lock does not tell why (schema 1.0)');
  if (why.truncated) lines.push(`  ... more than ${plural(why.chains.length, 'chain')}`);
  return lines.map((line) => `${line}\n`).join('');
}
