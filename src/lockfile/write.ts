import type { LockedBase, LockedFile, LockedRepository, Lockfile, Pin } from './lockfile.ts';

/**
 * The one place that knows what a lockfile looks like: order of keys, order of packages, line breaks. Two-space indentation and a
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
    ...objectsField('packages', [...lockfile.packages].sort(comparePins).map(pinFields)),
    ...objectsField('sources', lockfile.sources && [...lockfile.sources].sort(comparePins).map(pinFields)),
    ...objectsField('source_repositories', lockfile.source_repositories?.map(repositoryFields)),
  ];
  return `{\n${fields.map((field) => `  ${field}`).join(',\n')}\n}\n`;
}

/** By name, then architecture, then version (as text: two versions of a package are rare and any fixed order will do). */
export function comparePins(a: Pin, b: Pin): number {
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

function pinFields(pin: Pin): string[] {
  return [
    ...textField('name', pin.name),
    ...textField('epoch', pin.epoch),
    ...textField('version', pin.version),
    ...textField('release', pin.release),
    ...textField('arch', pin.arch),
    ...textField('sha256', pin.sha256),
    ...textField('digest', pin.digest),
    ...textField('filename', pin.filename),
    ...textField('repository', pin.repository),
    ...textField('location', pin.location),
    ...(pin.size === undefined ? [] : [`"size": ${pin.size}`]),
    ...textField('source', pin.source),
    ...listField('dependencies', pin.dependencies, '      '),
    ...listField('replaces', pin.replaces, '      '),
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
