import { isUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { urlOfPackage } from '../lockfile/rpms-lock.ts';
import { bazelIds } from './bazel-ids.ts';

/**
 * `rpm` rules for WORKSPACE and `rpmtree` rules for BUILD.bazel, in bazeldnf's format: one rule per file, and one tree with all packages for each
 * set and architecture.
 */
export function renderRpmtree(locks: readonly Lockfile[], fallbacks: readonly string[]): string {
  const ids = bazelIds(locks, { short: false });
  const rules = new Map<string, string[]>();
  for (const lock of locks) {
    for (const locked of lock.packages) {
      const id = ids.get(locked.sha256)!;
      if (!rules.has(id)) rules.set(id, rpmRule(id, locked, urlsOf(locked, lock, fallbacks)));
    }
  }
  const trees = locks.map((lock) => treeRule(lock, ids)).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    '# WORKSPACE',
    'load("@bazeldnf//bazeldnf:defs.bzl", "rpm")',
    ...[...rules].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, rule]) => ['', ...rule]),
    '',
    '# BUILD.bazel',
    'load("@bazeldnf//bazeldnf:defs.bzl", "rpmtree")',
    ...trees.flatMap(([, rule]) => ['', ...rule]),
  ];
  return `${lines.join('\n')}\n`;
}

function urlsOf(locked: LockedPackage, lock: Lockfile, fallbacks: readonly string[]): string[] {
  const own = urlOfPackage(locked, lock);
  return [...new Set([...(own !== undefined && isUrl(own) ? [own] : []), ...fallbackUrls(fallbacks, locked)])];
}

const rpmRule = (id: string, { sha256 }: LockedPackage, urls: readonly string[]): string[] => [
  'rpm(',
  `    name = ${JSON.stringify(id)},`,
  `    sha256 = ${JSON.stringify(sha256)},`,
  '    urls = [',
  ...urls.map((url) => `        ${JSON.stringify(url)},`),
  '    ],',
  ')',
];

function treeRule({ package_set: set, architecture, packages }: Lockfile, ids: ReadonlyMap<string, string>): readonly [string, string[]] {
  const name = `${set}_${architecture}`;
  const labels = [...new Set(packages.map(({ sha256 }) => `@${ids.get(sha256)!}//rpm`))].sort();
  return [
    name,
    [
      'rpmtree(',
      `    name = ${JSON.stringify(name)},`,
      '    rpms = [',
      ...labels.map((label) => `        ${JSON.stringify(label)},`),
      '    ],',
      '    visibility = ["//visibility:public"],',
      ')',
    ],
  ];
}
