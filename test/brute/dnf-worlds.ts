/** Worlds as dnf is asked about them: everything at once, and some things more than usual. */
import { PLAIN_WORLD, RICH_WORLD, TWO_ARCHITECTURES, type WorldKind } from './random-world.ts';

const ALL: WorldKind = { ...PLAIN_WORLD, packages: [6, 16], repositories: 2, weak: 0.15, selfReferences: true };

export const DNF_WORLDS: Readonly<Record<string, WorldKind>> = {
  'plain worlds': { ...PLAIN_WORLD, packages: [6, 16] },
  'worlds of two repositories and weak dependencies': ALL,
  'worlds of rich dependencies': { ...RICH_WORLD, packages: [5, 12], selfReferences: true, weak: 0.1 },
  'worlds of two architectures': { ...TWO_ARCHITECTURES, packages: [7, 18], weak: 0.15, repositories: 2 },
  'worlds of many providers': { ...ALL, packages: [10, 20], weak: 0.35, rich: 0.1 },
};
