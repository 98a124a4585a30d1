import { shortPrintable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { Why } from '../lockfile/graph.ts';
import { describeLocks } from '../lockfile/lock-names.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import { flag, list, object, orNull, text, texts } from './shape.ts';
import { defineView } from './view.ts';

/** The relation between two packages of a chain, if known: `libvirt-libs = 10.10.0-3.el9`. */
export type RelationOf = (from: string, to: string, why: Why) => string | undefined;

export interface WhyData {
  readonly name: string;
  readonly answers: readonly Why[];
  /** All queried lockfiles, including those without the package. */
  readonly asked: readonly LockName[];
  readonly relations: RelationOf;
}

const step = object({
  name: text('The package'),
  relation: orNull(text('What the previous package requires of it; null if unknown')),
});

const answerShape = object({
  package_set: text('The package set'),
  architecture: text('The architecture'),
  name: text('The package'),
  requested: texts('The specs that request it'),
  chains: list(list(step, 'From a requested package to this one'), 'The shortest chain, or all with `--all`'),
  truncated: flag('Whether there are more chains'),
});

export const whyView = defineView({
  command: 'why',
  about: 'The requested packages that bring in a package, and the chains between them',
  schema: 1,
  shape: object({ name: text('The package'), answers: list(answerShape, 'One entry for each lockfile that has the package') }),
  json: ({ name, answers, relations }: WhyData) => ({
    name,
    answers: answers.map((answer) => {
      const { locked, ...rest } = answer;
      const chains = answer.chains.map((chain) =>
        chain.map((name, i) => ({ name, relation: i === 0 ? null : (relations(chain[i - 1]!, name, answer) ?? null) })),
      );
      return { ...rest, chains };
    }),
  }),
  text: ({ answers, relations, asked }: WhyData) => renderWhy(answers, relations, asked),
});

/** Chains for a terminal. Sets and architectures with the same result are shown once. */
export function renderWhy(
  answers: readonly Why[],
  relationOf: RelationOf = () => undefined,
  /** All queried locks, including those without a result. */
  asked: readonly LockName[] = answers,
): string {
  const groups = new Map<string, LockName[]>();
  for (const why of answers) {
    const body = renderOne(why, relationOf);
    groups.set(body, [...(groups.get(body) ?? []), why]);
  }
  return [...groups].map(([body, places]) => `${placesText(places, asked)}\n${body}`).join('\n');
}

/** Names of a few locks; many are described as briefly as possible. */
function placesText(places: readonly LockName[], asked: readonly LockName[]): string {
  if (places.length > 3) return shortPrintable(describeLocks(places, asked), 1000);
  return places.map(({ package_set: set, architecture }) => shortPrintable(`${set}-${architecture}`)).join(', ');
}

function renderOne(why: Why, relationOf: RelationOf): string {
  const lines = why.requested.map((spec) => `  ${shortPrintable(why.name)}: requested as ${shortPrintable(spec)}`);
  for (const chain of why.chains) {
    if (chain.length === 1) {
      if (why.requested.length === 0) lines.push(`  ${shortPrintable(why.name)}: requested by a path, capability or group`);
      continue;
    }
    const steps = chain.map((name, i) => {
      const relation = i === 0 ? undefined : relationOf(chain[i - 1]!, name, why);
      return relation === undefined || relation === name ? shortPrintable(name) : `${shortPrintable(name)} (${shortPrintable(relation)})`;
    });
    lines.push(`  ${steps.join(' -> ')}`);
  }
  if (lines.length === 0) lines.push('  locked, but the lockfile does not have the reason (schema 1.0)');
  if (why.truncated) lines.push(`  ... more than ${plural(why.chains.length, 'chain')}`);
  return lines.map((line) => `${line}\n`).join('');
}
