import { expect, test } from 'vitest';
import { composeManifest, mergeTargets } from '../../src/imports/compose-manifest.ts';
import type { Imported } from '../../src/imports/imported.ts';
import { manifestText } from '../../src/imports/manifest-text.ts';
import { readBazel } from '../../src/imports/read-bazel.ts';

const read = (name: string, text: string): Imported => readBazel({ name, text, value: undefined, arch: undefined })!;
const sum = 'a'.repeat(64);

const WORKSPACE = `
load("@bazeldnf//bazeldnf:deps.bzl", "bazeldnf_dependencies", "rpm")
http_archive(name = "rules_go", urls = ["https://x.test/rpm.zip"])
rpm(
    name = "acl-0__2.3.1-4.el9.x86_64",
    sha256 = "${sum}",
    urls = [
        "http://m.test/9-stream/BaseOS/x86_64/os/Packages/acl-2.3.1-4.el9.x86_64.rpm",
        "https://storage.test/builddeps/${sum}",
    ],
)
rpm(  # a comment with ) and "
    name = "acl-0__2.4.0-2.el10.x86_64",
    sha256 = "${sum}",
    urls = ["http://m.test/10-stream/BaseOS/x86_64/os/Packages/acl-2.4.0-2.el10.x86_64.rpm"],
)
`;
const BUILD = `
rpmtree(
    name = "tools_x86_64_cs9",
    rpms = [
        "@acl-0__2.3.1-4.el9.x86_64//rpm",
        "@libstdc__plus____plus__-0__11-1.el9.x86_64//rpm",
    ],
    symlinks = {"/usr/bin/ld": "ld.bfd"},
    capabilities = {"/usr/bin/ping": ["cap_net_raw", "cap_net_admin"]},
    include_dir = "/usr/include",
    visibility = ["//visibility:public"],
)
`;

test('a tree becomes a set with its links and capabilities; what is no part of a set is said', () => {
  const build = read('rpm/BUILD.bazel', BUILD);
  const [target] = build.targets!;
  expect(target).toMatchObject({
    set: 'tools_cs9',
    architecture: 'x86_64',
    specs: ['acl', 'libstdc++'],
    isClosure: true,
    settings: { symlinks: { '/usr/bin/ld': 'ld.bfd' }, capabilities: { '/usr/bin/ping': 'cap_net_admin,cap_net_raw=ep' } },
    lost: expect.arrayContaining(['`include_dir` of the rpmtree']),
  });
});

test('rules under another name count, and packages of other rules are named', () => {
  const text = WORKSPACE.replace('"rpm")', 'r = "rpm")')
    .replaceAll('\nrpm(', '\nr(')
    .concat('# http_file(urls = ["https://x.test/old-1-1.el9.x86_64.rpm"])\n')
    .concat('http_file(name = "z", urls = ["https://x.test/z-1-1.el9.x86_64.rpm"])\n');
  const imported = read('WORKSPACE', text);
  expect(imported.targets).toEqual(read('WORKSPACE', WORKSPACE).targets);
  expect(imported.lost).toEqual(['packages that no `rpm` rule of WORKSPACE has: `z-1-1.el9.x86_64.rpm`']);
});

test('rules give repositories and fallbacks, and tell from which repositories a tree is', () => {
  const workspace = read('WORKSPACE', WORKSPACE);
  expect(workspace.fallbacks).toEqual(['https://storage.test/builddeps/{sha256}']);
  const both = [workspace, read('BUILD.bazel', BUILD)];
  const targets = mergeTargets(both);
  expect(targets.map(({ set, places }) => [set, places])).toEqual([['tools_cs9', ['http://m.test/9-stream/BaseOS/x86_64/os/']]]);
  const text = manifestText(composeManifest(both, targets));
  expect(text).toContain('mirror: http://m.test\n');
  expect(text).toContain('baseurl: $mirror/9-stream/BaseOS/$basearch/os/');
  // The other stream is not for this set.
  expect(text).toMatch(/^ {2}tools_cs9:\n(?: {4}.*\n)*? {4}repositories: \[baseos\]$/m);
  // Without a tree the rules are one list.
  expect(mergeTargets([workspace])).toMatchObject([{ set: 'workspace', architecture: 'x86_64', specs: ['acl'] }]);
});

test('rules that are computed are named with their lines, and i686 packages belong to the repository that they are in', () => {
  const base = 'https://m.test/9-stream/BaseOS/x86_64/os/Packages';
  const { lost, repositories } = read(
    'WORKSPACE',
    `[rpm(name = n, urls = [B + n]) for n in L]
rpm(name = "acl-0__1-1.x86_64", sha256 = "aa", urls = [B + "acl"])
rpm(name = "glibc-0__2-1.i686", urls = ["${base}/glibc-2-1.i686.rpm"])
`,
  );
  expect(lost).toEqual([
    '1 `rpm` rule of WORKSPACE, whose package cannot be read from the name or URL: line 1',
    'the URLs of 2 `rpm` rules of WORKSPACE, which are not written out: line 1, line 2',
  ]);
  expect(repositories).toMatchObject([{ architecture: 'x86_64', definition: { id: 'baseos' } }]);
});

test('bazeldnf.config of MODULE.bazel has packages, architectures and what to leave out', () => {
  const module = read(
    'MODULE.bazel',
    'bazeldnf = use_extension("@bazeldnf//bazeldnf:extensions.bzl", "bazeldnf")\nbazeldnf.config(name = "tools", architectures = ["x86_64", "i686"],\n excludes = ["^glibc-all"], lock_file = "//:l.json", repofile = "//:repo.yaml", rpms = ["bash"], nobest = True)\nbazeldnf.config(lock_file = "//:other.json")\n',
  );
  expect(module.targets).toMatchObject([{ set: 'tools', architecture: 'x86_64', specs: ['bash'], ignore: [{ pattern: '/^glibc-all/' }] }]);
  expect(module.repositoryFiles).toEqual(['//:repo.yaml']);
  expect(module.lost).toEqual([expect.stringContaining('//:other.json')]);
});

test('a file that never ends is read in one pass', () => {
  for (const text of [
    'rpm('.repeat(100_000),
    `rpm(name = "${'\\'.repeat(100_000)}`,
    `rpm(urls = [${'['.repeat(100_000)}`,
    '"'.repeat(100_001),
  ]) {
    expect(readBazel({ name: 'WORKSPACE', text, value: undefined, arch: undefined })).toBeUndefined();
  }
});
