import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockfilesDirectory, manifestOption, manifestPath } from '../../src/project/project-paths.ts';
import type { Context } from '../../src/run/context.ts';

function folderWith(...names: readonly string[]): Context {
  const cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-paths-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const name of names) writeFileSync(join(cwd, name), '');
  return { cwd } as Context;
}

test('the manifest is the one that is named, the one that is there, or rpm-packages.yaml', () => {
  const context = folderWith('rpm-packages.json', 'rpms.in.yaml');
  expect(manifestPath({ manifest: 'own.yaml' }, context)).toBe(join(context.cwd, 'own.yaml'));
  expect(manifestPath({}, context)).toBe(join(context.cwd, 'rpm-packages.json'));
  const empty = folderWith();
  expect(manifestPath({}, empty)).toBe(join(empty.cwd, 'rpm-packages.yaml'));
});

test('lockfiles are in rpm-lockfiles, or in the one file beside rpms.in.yaml', () => {
  const context = folderWith('rpms.in.yaml');
  expect(lockfilesDirectory({}, context)).toBe(join(context.cwd, 'rpms.lock.yaml'));
  expect(lockfilesDirectory({ manifest: 'a/rpms.in.yaml' }, context)).toBe(join(context.cwd, 'a/rpms.lock.yaml'));
  expect(lockfilesDirectory({ manifest: 'own.yaml' }, context)).toBe(join(context.cwd, 'rpm-lockfiles'));
  expect(lockfilesDirectory({ lockfiles: 'locks' }, context)).toBe(join(context.cwd, 'locks'));
});

test('a command to copy names the manifest that was given, as a shell reads it', () => {
  expect(manifestOption({})).toBe('');
  expect(manifestOption({ manifest: 'images/rpm-packages.yaml' })).toBe(' --manifest images/rpm-packages.yaml');
  expect(manifestOption({ manifest: "my images/it's.yaml" })).toBe(" --manifest 'my images/it'\\''s.yaml'");
});
