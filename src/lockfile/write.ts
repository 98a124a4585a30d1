import type { LockedBase, LockedFile, LockedPackage, LockedRepository, Lockfile } from './lockfile.ts';

/**
 * The format of lockfiles is defined only here: order of keys, order of packages, line breaks. Two-space indentation and a
 * final newline; a list of texts stays on one line while that is at most 120 characters long.
 */
export function renderLockfile(lockfile: Lockfile): string {
  const fields = [
    ...textField('schema_version', lockfile.schema_version),
    ...textField('architecture', lockfile.architecture),
    ...textField('package_set', lockfile.package_set),
    ...textField('generated', lockfile.generated),
    ...textField('generator', lockfile.generator),
    ...textField('manifest_digest', lockfile.manifest_digest),
    ...listField('requested', lockfile.requested, '  '),
    ...listsField('answered_by', lockfile.answered_by),
    ...listField('ignored', lockfile.ignored, '  '),
    ...objectsField('repositories', lockfile.repositories?.map(repositoryFields)),
    ...objectField('base', lockfile.base && baseFields(lockfile.base)),
    ...objectsField('packages', [...lockfile.packages].sort(compareLockedPackages).map(lockedPackageFields)),
    ...objectsField('sources', lockfile.sources && [...lockfile.sources].sort(compareLockedPackages).map(lockedPackageFields)),
    ...objectsField('source_repositories', lockfile.source_repositories?.map(repositoryFields)),
  ];
  return `{\n${fields.map((field) => `  ${field}`).join(',\n')}\n}\n`;
}

/** By name, then architecture, then version (as text: two versions of a package are rare, and any fixed order is enough). */
export function compareLockedPackages(a: LockedPackage, b: LockedPackage): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.arch, b.arch) ||
    Number(a.epoch) - Number(b.epoch) ||
    compareText(a.version, b.version) ||
    compareText(a.release, b.release)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function repositoryFields(repository: LockedRepository): string[] {
  return [
    ...textField('id', repository.id),
    ...textField('baseurl', repository.baseurl),
    ...textField('list', repository.list),
    ...textField('revision', repository.revision),
    ...textField('repomd_sha256', repository.repomd_sha256),
    ...listField('gpgkey_fingerprints', repository.gpgkey_fingerprints, '      '),
    ...(repository.modules === undefined ? [] : [modulesField(repository.modules)]),
  ];
}

function modulesField({ location, sha256, size }: LockedFile): string {
  const fields = [...textField('location', location), ...textField('sha256', sha256), ...(size === undefined ? [] : [`"size": ${size}`])];
  return `"modules": {\n${fields.map((field) => `        ${field}`).join(',\n')}\n      }`;
}

function baseFields(base: LockedBase): string[] {
  return [
    ...textField('image', base.image),
    ...textField('digest', base.digest),
    ...textField('architecture_digest', base.architecture_digest),
    ...textField('containerfile', base.containerfile),
    ...textField('rpmdb', base.rpmdb),
    ...textField('installed_digest', base.installed_digest),
    ...listField('removed', base.removed, '    '),
  ];
}

function lockedPackageFields(locked: LockedPackage): string[] {
  return [
    ...textField('name', locked.name),
    ...textField('epoch', locked.epoch),
    ...textField('version', locked.version),
    ...textField('release', locked.release),
    ...textField('arch', locked.arch),
    ...textField('sha256', locked.sha256),
    ...textField('digest', locked.digest),
    ...textField('filename', locked.filename),
    ...textField('repository', locked.repository),
    ...textField('location', locked.location),
    ...(locked.size === undefined ? [] : [`"size": ${locked.size}`]),
    ...textField('source', locked.source),
    ...listField('dependencies', locked.dependencies, '      '),
    ...listField('replaces', locked.replaces, '      '),
  ];
}

const textField = (key: string, value: string | undefined): string[] => (value === undefined ? [] : [`"${key}": ${JSON.stringify(value)}`]);

const MAX_LINE = 120;

function listField(key: string, values: readonly string[] | undefined, indent: string): string[] {
  if (values === undefined) return [];
  const items = values.map((value) => JSON.stringify(value));
  const line = `"${key}": [${items.join(', ')}]`;
  if (indent.length + line.length <= MAX_LINE) return [line];
  return [`"${key}": [\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`];
}

function listsField(key: string, lists: Readonly<Record<string, readonly string[]>> | undefined): string[] {
  if (lists === undefined) return [];
  const rendered = Object.entries(lists).map(([name, values]) => {
    const items = values.map((value) => JSON.stringify(value));
    const line = `    ${JSON.stringify(name)}: [${items.join(', ')}]`;
    return line.length <= MAX_LINE ? line : `    ${JSON.stringify(name)}: [\n${items.map((item) => `      ${item}`).join(',\n')}\n    ]`;
  });
  return [`"${key}": {\n${rendered.join(',\n')}\n  }`];
}

function objectField(key: string, fields: readonly string[] | undefined): string[] {
  return fields === undefined ? [] : [`"${key}": {\n${fields.map((field) => `    ${field}`).join(',\n')}\n  }`];
}

function objectsField(key: string, objects: readonly string[][] | undefined): string[] {
  if (objects === undefined) return [];
  if (objects.length === 0) return [`"${key}": []`];
  const rendered = objects.map((fields) => `    {\n${fields.map((field) => `      ${field}`).join(',\n')}\n    }`);
  return [`"${key}": [\n${rendered.join(',\n')}\n  ]`];
}
