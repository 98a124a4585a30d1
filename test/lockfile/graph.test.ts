import { describe, expect, test } from 'vitest';
import { dependencyTree } from '../../src/lockfile/dependency-tree.ts';
import { whyPackage } from '../../src/lockfile/graph.ts';
import { renderTree } from '../../src/views/tree.ts';
import { renderDot, renderMermaid } from '../../src/views/tree-graph.ts';
import { renderWhy } from '../../src/views/why.ts';
import { lock, lockedPackage, oldLock } from '../helpers/small-locks.ts';

// bash and glibc need each other; nothing asks for orphan by name.
const WORLD = lock(
  'a-x86_64',
  ['bash', 'libvirt-client-0:10.10.0-3.el9', '/usr/bin/orphan'],
  [
    lockedPackage('bash 5.1-1', { dependencies: ['glibc', 'setup'] }),
    lockedPackage('glibc 2.34-1', { dependencies: ['bash', 'glibc-common'] }),
    lockedPackage('glibc-common 2.34-1', { dependencies: ['glibc'] }),
    lockedPackage('libvirt-client 10.10.0-3.el9', { dependencies: ['libvirt-libs'] }),
    lockedPackage('libvirt-libs 10.10.0-3.el9', { dependencies: ['glibc'] }),
    lockedPackage('orphan 1-1', { dependencies: ['setup'] }),
    lockedPackage('setup 1-1'),
  ],
);

describe('whyPackage', () => {
  test('gives the shortest chain from a requested package', () => {
    expect(whyPackage(WORLD, 'glibc-common')).toMatchObject({ requested: [], chains: [['bash', 'glibc', 'glibc-common']] });
  });

  test('gives one chain for each requested package that is as near', () => {
    expect(whyPackage(WORLD, 'setup')!.chains).toEqual([
      ['bash', 'setup'],
      ['orphan', 'setup'],
    ]);
  });

  test('gives every chain without repetition with `all`, shorter ones first', () => {
    expect(whyPackage(WORLD, 'glibc', { all: true })).toMatchObject({
      chains: [
        ['bash', 'glibc'],
        ['libvirt-client', 'libvirt-libs', 'glibc'],
      ],
      truncated: false,
    });
  });

  test('says so when there are more chains than wanted', () => {
    expect(whyPackage(WORLD, 'glibc', { all: true, limit: 1 })).toMatchObject({ chains: [['bash', 'glibc']], truncated: true });
  });

  test('recognises a package that a pin asks for', () => {
    expect(whyPackage(WORLD, 'libvirt-client')!.requested).toEqual(['libvirt-client-0:10.10.0-3.el9']);
  });

  test('knows nothing of a package that is not locked', () => {
    expect(whyPackage(WORLD, 'nope')).toBeUndefined();
  });

  test('ends in a dense graph', () => {
    const names = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const dense = lock(
      'a-x86_64',
      ['p0'],
      names.map((name) => lockedPackage(`${name} 1-1`, { dependencies: names })),
    );
    expect(whyPackage(dense, 'p59', { all: true, limit: 10 })).toMatchObject({ truncated: true });
  });
});

describe('renderWhy', () => {
  test('shows places with the same answer once, and relations where they are known', () => {
    const answers = [WORLD, { ...WORLD, architecture: 's390x' }].map((lockfile) => whyPackage(lockfile, 'libvirt-libs')!);
    const relation = (from: string, to: string) => (from === 'libvirt-client' ? `${to} = 10.10.0-3.el9` : undefined);
    expect(renderWhy(answers, relation)).toBe('a-x86_64, a-s390x\n  libvirt-client -> libvirt-libs (libvirt-libs = 10.10.0-3.el9)\n');
  });

  test('names many places as shortly as is exact', () => {
    const sets = ['a', 'b', 'c'].flatMap((name) =>
      ['x86_64', 's390x'].map((arch) => ({ ...WORLD, package_set: name, architecture: arch })),
    );
    const answers = sets.map((lockfile) => whyPackage(lockfile, 'bash')!);
    expect(renderWhy(answers)).toBe('all 6 locks\n  bash: requested as bash\n');
    expect(renderWhy(answers.slice(0, 4), () => undefined, sets)).toBe('a, b\n  bash: requested as bash\n');
  });

  test('says what a path, a request or schema 1.0 is the reason for', () => {
    const text = (name: string, lockfile = WORLD) => renderWhy([whyPackage(lockfile, name)!]);
    expect(text('orphan')).toBe('a-x86_64\n  orphan: requested by a path, capability or group\n');
    expect(text('bash')).toBe('a-x86_64\n  bash: requested as bash\n');
    expect(text('bash', oldLock(WORLD))).toBe('a-x86_64\n  locked, but the lockfile does not have the reason (schema 1.0)\n');
  });
});

describe('dependencyTree', () => {
  test('expands each package once, so that cycles end', () => {
    expect(`\n${renderTree(dependencyTree(WORLD))}`).toMatchInlineSnapshot(`
      "
      bash 5.1-1
      ├── glibc 2.34-1
      │   ├── bash 5.1-1 (*)
      │   └── glibc-common 2.34-1
      │       └── glibc 2.34-1 (*)
      └── setup 1-1
      libvirt-client 10.10.0-3.el9
      └── libvirt-libs 10.10.0-3.el9
          └── glibc 2.34-1 (*)
      orphan 1-1
      └── setup 1-1
      "
    `);
  });

  test('stops at a depth and says so', () => {
    expect(`\n${renderTree(dependencyTree(WORLD, { roots: ['libvirt-client'], depth: 1 }))}`).toMatchInlineSnapshot(`
      "
      libvirt-client 10.10.0-3.el9
      └── libvirt-libs 10.10.0-3.el9 ...
      "
    `);
  });

  test('goes from a package to what needs it when inverted', () => {
    expect(`\n${renderTree(dependencyTree(WORLD, { roots: ['setup'], invert: true }))}`).toMatchInlineSnapshot(`
      "
      setup 1-1
      ├── bash 5.1-1
      │   └── glibc 2.34-1
      │       ├── bash 5.1-1 (*)
      │       ├── glibc-common 2.34-1
      │       │   └── glibc 2.34-1 (*)
      │       └── libvirt-libs 10.10.0-3.el9
      │           └── libvirt-client 10.10.0-3.el9
      └── orphan 1-1
      "
    `);
  });

  test('survives a chain that is deeper than the stack', () => {
    const packages = Array.from({ length: 20_000 }, (_, i) => lockedPackage(`p${i} 1-1`, { dependencies: [`p${i + 1}`] }));
    expect(dependencyTree(lock('a-x86_64', ['p0'], packages), { roots: ['p0'] })).toHaveLength(1);
  });

  test('can be drawn by Graphviz', () => {
    expect(`\n${renderDot(dependencyTree(WORLD, { roots: ['libvirt-client'], depth: 1 }), 'a "b"')}`).toMatchInlineSnapshot(`
      "
      digraph "a \\"b\\"" {
        rankdir=LR;
        node [shape=box];
        "libvirt-client" [label="libvirt-client\\n10.10.0-3.el9"];
        "libvirt-libs" [label="libvirt-libs\\n10.10.0-3.el9"];
        "libvirt-client" -> "libvirt-libs";
      }
      "
    `);
  });

  test('can be drawn by Mermaid', () => {
    expect(
      `\n${renderMermaid([{ title: 'a-x86_64', roots: dependencyTree(WORLD, { roots: ['libvirt-client'], depth: 1 }) }])}`,
    ).toMatchInlineSnapshot(`
      "
      flowchart LR
        p0["libvirt-client<br>10.10.0-3.el9"]
        p1["libvirt-libs<br>10.10.0-3.el9"]
        p0 --> p1
      "
    `);
  });

  test('several locks are parts of one flowchart: Mermaid draws one a document', () => {
    const roots = dependencyTree(WORLD, { roots: ['libvirt-client'], depth: 0 });
    const text = renderMermaid(['a-x86_64', 'a-s390x'].map((title) => ({ title, roots })));
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      flowchart LR
      subgraph g0["a-x86_64"]
        g0p0["libvirt-client<br>10.10.0-3.el9"]
      end
      subgraph g1["a-s390x"]
        g1p0["libvirt-client<br>10.10.0-3.el9"]
      end
      "
    `);
  });
});
