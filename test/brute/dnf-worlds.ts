/** Worlds as dnf is asked about them: everything at once, and some things more than usual. */
import { PLAIN_WORLD, RICH_WORLD, TWO_ARCHITECTURES, type WorldKind } from './random-world.ts';
import type { Evr } from './world.ts';

/** libsolv before 0.7.24 brings in the condition of a weak `else` without what it needs, and Debian's dnf is built with 0.7.23. */
const KNOWN_DEFECTS = { weakElse: false };
const ALL: WorldKind = { ...PLAIN_WORLD, ...KNOWN_DEFECTS, packages: [6, 16], repositories: 2, weak: 0.15, selfReferences: true };
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Versions that compare in ways of their own, and commit hashes, which libsolv does not order. */
const ODD_VERSIONS: readonly Evr[] = [
  ...['1', '1~rc1', '1^git2', '1.0', '01', '1a', '10', '0ab4', 'deadbeef', '7c0ffee'].map((version) => ({
    epoch: '0',
    version,
    release: '1',
  })),
  { epoch: '0', version: '1', release: '1.el9' },
  { epoch: '0', version: '1', release: '1.el9_4' },
  { epoch: '2', version: '1~rc1', release: '0' },
];

export const DNF_WORLDS: Readonly<Record<string, WorldKind>> = {
  'plain worlds': { ...PLAIN_WORLD, packages: [6, 16] },
  'worlds of two repositories and weak dependencies': ALL,
  'worlds of rich dependencies': { ...RICH_WORLD, ...KNOWN_DEFECTS, packages: [5, 12], selfReferences: true, weak: 0.1 },
  'worlds of two architectures': { ...TWO_ARCHITECTURES, ...KNOWN_DEFECTS, packages: [7, 18], weak: 0.15, repositories: 2 },
  'worlds of many providers': { ...ALL, packages: [10, 20], weak: 0.35, rich: 0.1 },
  'large worlds': { ...ALL, packages: [25, 60], names: LETTERS, fewestNames: 12, conflicts: 0.1, weak: 0.1, rich: 0.15 },
  'large worlds of s390x': {
    ...ALL,
    architecture: 's390x',
    architectures: ['s390x', 'noarch', 's390', 'x86_64'],
    packages: [25, 50],
    names: LETTERS,
    fewestNames: 10,
  },
  'worlds of kernels': {
    ...ALL,
    names: ['kernel', 'kernel-devel', 'a', 'kmod-x-kernel-5.1-1.el9', 'b-locales', 'c'],
    capabilities: ['installonlypkg(kernel)', 'locales-en', 'locales-de', 'kernel-module'],
    weak: 0.1,
  },
  'worlds of recommended packages in conflict': {
    ...ALL,
    packages: [10, 20],
    names: LETTERS,
    fewestNames: 8,
    weak: 0.8,
    conflicts: 0.6,
    rich: 0.1,
    // Folders count among the mentions of a name.
    paths: ['/etc/a/b/tool.conf', '/etc/d/tool.conf'],
  },
  'worlds of odd versions': { ...ALL, versions: ODD_VERSIONS, names: ['a', 'b', 'c'], repositories: 3 },
};
