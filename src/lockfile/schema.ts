/**
 * JSON Schema of a lockfile, 1.0, 1.1 and 1.2. Other keys are allowed, as in 1.0. Values later become paths or arguments, so the patterns
 * forbid separators, leading dots and dashes, control characters and lone surrogates.
 * lockfiles/schemas/lockfile.schema.json and lockfile-validator.generated.ts are made from this by `npm run schemas`.
 */
const unprintable = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff';
const plainText = { type: 'string', pattern: `^[^${unprintable}]*$` } as const;
const nonEmptyText = { type: 'string', pattern: `^[^${unprintable}]+$` } as const;
const word = { type: 'string', pattern: '^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()-]*$' } as const;
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const stringList = { type: 'array', items: nonEmptyText } as const;

const place = `^(?=.{1,4096}$)(?:(?:\\.\\./)*(?!/)(?!.*(?:^|/)\\.\\.?(?:/|$))(?![A-Za-z][A-Za-z0-9+.-]*://)|(?:https?|file)://(?![^/?#]*@)(?!.*/\\.\\.?(?:/|$)))[^${unprintable}\\\\]+$`;

const repository = {
  type: 'object',
  properties: {
    id: nonEmptyText,
    baseurl: plainText,
    list: { enum: ['metalink', 'mirrorlist'], description: 'Kind of list, if `baseurl` is the URL of a list of mirrors' },
    revision: plainText,
    repomd_sha256: sha256,
    gpgkey_fingerprints: { type: 'array', items: { type: 'string', pattern: '^[0-9A-F]{32,64}$' } },
    modules: {
      type: 'object',
      properties: { location: { type: 'string', pattern: place }, sha256, size: { type: 'integer', minimum: 0 } },
      required: ['location', 'sha256'],
      description: 'Its modules.yaml, if a locked package is of a module',
    },
  },
  required: ['id', 'baseurl', 'revision', 'repomd_sha256'],
} as const;

const digest = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } as const;

const base = {
  type: 'object',
  properties: {
    image: nonEmptyText,
    digest,
    architecture_digest: digest,
    containerfile: nonEmptyText,
    rpmdb: nonEmptyText,
    installed_digest: digest,
    removed: stringList,
  },
  required: ['installed_digest'],
  description: 'The base under the packages (schema 1.2)',
} as const;

const lockedPackage = {
  type: 'object',
  properties: {
    name: word,
    epoch: { type: 'string', pattern: '^[0-9]{1,10}$' },
    version: word,
    release: word,
    arch: { type: 'string', pattern: '^[A-Za-z0-9_]+$' },
    sha256,
    digest: {
      type: 'string',
      pattern: '^(?:md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha224:[0-9a-f]{56}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$',
      description: 'Checksum in the metadata of its repository, if that is not sha256',
    },
    filename: { type: 'string', pattern: '^[A-Za-z0-9_+~^%{][A-Za-z0-9._+~^%{}()@:-]*\\.rpm$' },
    repository: nonEmptyText,
    location: {
      type: 'string',
      pattern: place,
      description: 'Path below the base URL of the repository, beside it (`../`), or a URL of its own (both: schema 1.2)',
    },
    size: { type: 'integer', minimum: 0 },
    source: plainText,
    dependencies: stringList,
    replaces: { ...stringList, description: 'Packages of the base that it replaces (schema 1.2)' },
  },
  required: ['name', 'epoch', 'version', 'release', 'arch', 'sha256', 'filename'],
} as const;

export const LOCKFILE_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'lockfile.schema.json',
  title: 'rpm-deps lockfile (rpm-lockfiles/<set>-<arch>.lock.json)',
  type: 'object',
  properties: {
    schema_version: { enum: ['1.0', '1.1', '1.2'] },
    architecture: { type: 'string', pattern: '^[A-Za-z0-9_]+$' },
    package_set: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9._+-]*$' },
    generated: { type: 'string', pattern: '^[0-9TZ:.+-]*$', description: 'Newest timestamp in the metadata used, ISO 8601' },
    generator: plainText,
    manifest_digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
    requested: stringList,
    answered_by: {
      type: 'object',
      additionalProperties: stringList,
      description: 'Packages that match a requested spec without their name: a path, a capability, a group, or an obsoleted name',
    },
    ignored: stringList,
    repositories: { type: 'array', items: repository },
    base,
    packages: { type: 'array', items: lockedPackage },
    sources: { type: 'array', items: lockedPackage, description: 'Source RPMs of the packages, each once (schema 1.2)' },
    source_repositories: {
      type: 'array',
      items: repository,
      description: 'Repositories of source RPMs that are not in `repositories` (schema 1.2)',
    },
  },
  required: ['schema_version', 'architecture', 'package_set', 'packages'],
  if: { properties: { schema_version: { enum: ['1.1', '1.2'] } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['generated', 'generator', 'manifest_digest', 'requested', 'ignored', 'repositories'] },
} as const;
