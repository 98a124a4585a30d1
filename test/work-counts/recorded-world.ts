import { randomNumbers } from '../helpers/mutate.ts';

/**
 * A distribution in small, always the same one: layers of packages that need some of the layers below by name, version, capability, path and
 * condition; two builds of each, some for 32 bits, and capabilities that several provide. As lines for `primaryXml`.
 */
export function recordedWorld(packages: number): string[] {
  const random = randomNumbers(20250113);
  const lines: string[] = [];
  for (let i = 0; i < packages; i++) {
    const below = (): number => random(Math.max(1, i));
    const requires = Array.from({ length: i === 0 ? 0 : 1 + random(6) }, () => needed(below(), random(8)));
    const provides = [`lib${i}.so()(64bit)`, `any(${i % 97}) = ${1 + random(3)}`, `feature-${random(40)}`];
    const conflicts = random(40) === 0 ? [`p${below()} >= 2`] : [];
    const obsoletes = random(20) === 0 ? [`old-p${i} <= 3`] : [];
    const recommends = random(6) === 0 ? [`any(${random(97)})`] : [];
    for (const version of [`1.${random(10)}`, `2.${random(10)}~rc${random(3)}`]) {
      for (const arch of random(5) === 0 ? ['x86_64', 'i686'] : [random(4) === 0 ? 'noarch' : 'x86_64']) {
        const kinds = { provides, requires, conflicts, obsoletes, recommends, files: [`/usr/bin/p${i}`, `/etc/p${i}.conf`] };
        const parts = Object.entries(kinds).map(([kind, items]) => (items.length === 0 ? '' : `${kind}: ${items.join(', ')}; `));
        lines.push(`p${i}-${version}-${1 + random(4)}.el9.${arch} ${parts.join('')}`);
      }
    }
  }
  return lines;
}

function needed(i: number, kind: number): string {
  switch (kind) {
    case 0:
      return `p${i} >= 1`;
    case 1:
      return `any(${i % 97})`;
    case 2:
      return `/usr/bin/p${i}`;
    case 3:
      return `(p${i} if p${i >> 1})`;
    case 4:
      return `p${i}`;
    default:
      return `lib${i}.so()(64bit)`;
  }
}
