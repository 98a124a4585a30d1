/** Worlds that are hard to refuse, as lines for `primaryXml`; each has a package `all` that asks for what cannot be. */
import { randomNumbers } from './mutate.ts';

/** Each requires the next, and nothing provides the last. */
export function chain(length: number): string[] {
  return ['all-1-1.noarch requires: p0', ...Array.from({ length }, (_, i) => `p${i}-1-1.noarch requires: p${i + 1}`)];
}

/** More pigeons than holes. */
export function pigeons(holes: number): string[] {
  const places = Array.from({ length: holes + 1 }, (_, pigeon) =>
    Array.from(
      { length: holes },
      (__, hole) => `at${pigeon}_${hole}-1-1.noarch provides: in${pigeon}, hole${hole}; conflicts: hole${hole}`,
    ),
  );
  return [`all-1-1.noarch requires: ${places.map((_, pigeon) => `in${pigeon}`).join(', ')}`, ...places.flat()];
}

/** Random clauses of three literals, a few more than can be met; a literal is one of the two versions of a package. */
export function threeSat(variables: number, seed: number): string[] {
  const random = randomNumbers(seed);
  const count = Math.round(variables * 4.6);
  const literals = new Map<string, string[]>();
  for (let clause = 0; clause < count; clause++) {
    const chosen = new Set<number>();
    while (chosen.size < 3) chosen.add(random(variables));
    for (const variable of chosen) {
      const key = `v${variable}-${1 + random(2)}-1.noarch`;
      literals.set(key, [...(literals.get(key) ?? []), `c${clause}`]);
    }
  }
  return [
    `all-1-1.noarch requires: ${Array.from({ length: count }, (_, clause) => `c${clause}`).join(', ')}`,
    ...[...literals].map(([nevra, clauses]) => `${nevra} provides: ${clauses.join(', ')}`),
  ];
}

/** Many builds of one package, each of which lacks something. */
export function versions(count: number): string[] {
  return ['all-1-1.noarch requires: one', ...Array.from({ length: count }, (_, i) => `one-${i}-1.noarch requires: nothing`)];
}

/** One package conflicts with each of those that could be taken; nothing less is the reason. */
export function ruledOut(count: number): string[] {
  const others = Array.from({ length: count }, (_, i) => `x${i}`);
  return [
    'all-1-1.noarch requires: a, x',
    `a-1-1.noarch conflicts: ${others.join(', ')}`,
    ...others.map((name) => `${name}-1-1.noarch provides: x`),
  ];
}

/** Requirements of one package of which each follows from the one before; the last contradicts the first. */
export function implications(count: number): string[] {
  return [
    `all-1-1.noarch requires: ${Array.from({ length: count + 2 }, (_, i) => `c${i}`).join(', ')}`,
    'v0-2-1.noarch provides: c0',
    ...Array.from({ length: count }, (_, i) => [`v${i}-1-1.noarch provides: c${i + 1}`, `v${i + 1}-2-1.noarch provides: c${i + 1}`]).flat(),
    `v${count}-1-1.noarch provides: c${count + 1}`,
  ];
}

/** As many packages for the first requirement as for the second, which each of them has. */
export function providersThatNeed(count: number): string[] {
  const each = (line: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => line(i));
  return [
    'all-1-1.noarch requires: p',
    ...each((i) => `w${i}-1-1.noarch provides: p; requires: q`),
    ...each((i) => `z${i}-1-1.noarch provides: q; requires: none`),
  ];
}
