import { BOT_SCHEMA } from './bot-schema.ts';
import { IMAGE_PROPERTIES } from './image-settings.ts';

/**
 * JSON Schema of the manifest. If a value can be written in two ways (`name` or `{ name, architectures }`), the schema uses a union of types
 * instead of `anyOf`: keywords of the other type do not apply, so a mistake gives one message instead of one for each branch.
 * `npm run schemas` generates lockfiles/schemas/manifest.schema.json and manifest-validator.generated.ts from this.
 */
const stringList = { type: 'array', items: { type: 'string', pattern: '\\S' } } as const;
const stringOrList = { type: ['string', 'array'], pattern: '\\S', items: { type: 'string', pattern: '\\S' }, minItems: 1 } as const;
const architectures = { ...stringList, minItems: 1, description: 'RPM names; amd64 and arm64 are accepted as aliases' } as const;

const packageSpec = {
  description: 'A spec as in dnf: a name, a pinned version, a glob, a path, a capability or @group; ${NAME} is replaced by a version',
  type: ['string', 'object'],
  pattern: '\\S',
  properties: {
    name: { type: 'string', pattern: '\\S', description: 'The package spec' },
    architectures: { ...architectures, description: 'Only on these architectures' },
  },
  required: ['name'],
  additionalProperties: false,
} as const;

const options = {
  type: 'object',
  properties: {
    weak_dependencies: { type: 'boolean', description: 'Install weak dependencies too (default: false)' },
    best: { type: 'boolean', description: 'Fail if the newest version cannot be installed (default: false)' },
  },
  additionalProperties: false,
} as const;

const scopedModule = {
  type: ['string', 'object'],
  pattern: '\\S',
  properties: { name: { type: 'string', pattern: '\\S' }, architectures: { ...architectures, description: 'Only on these architectures' } },
  required: ['name'],
  additionalProperties: false,
} as const;

const modules = {
  type: 'object',
  properties: {
    enable: { type: 'array', items: scopedModule, description: 'Module streams, such as nodejs:20' },
    disable: { type: 'array', items: scopedModule, description: 'Modules whose packages must not be used' },
  },
  additionalProperties: false,
} as const;

const accessText = { type: 'string', pattern: '\\S' } as const;

const repository = {
  type: 'object',
  properties: {
    id: {
      type: 'string',
      pattern: '^[A-Za-z0-9_$][A-Za-z0-9_.:+${}-]*$',
      description: 'With $basearch, $releasever and variables of its own',
    },
    name: { type: 'string', description: 'For people; not used' },
    baseurl: { ...stringOrList, description: 'With $mirror, $basearch and $releasever' },
    metalink: { type: 'string', pattern: '\\S' },
    mirrorlist: { type: 'string', pattern: '\\S' },
    gpgkey: { ...stringOrList, description: 'URLs of the keys that may sign its packages' },
    gpgcheck: { type: 'boolean', description: 'Check signatures of packages (default: true if gpgkey is set)' },
    repo_gpgcheck: { type: 'boolean', description: 'Check the signature of repomd.xml (default: false)' },
    architectures: { ...architectures, description: 'Only for these architectures (default: all)' },
    priority: { type: 'integer', minimum: -99999, maximum: 99999, description: 'Lower values are preferred (default: 99)' },
    cost: {
      type: 'integer',
      minimum: 0,
      maximum: 1000000,
      description: 'Lower values are preferred among packages that are otherwise equal (default: 1000)',
    },
    exclude: { ...stringList, description: 'Globs on name or NEVRA: packages of this repository that are not used' },
    excludepkgs: { ...stringList, description: 'The same, under the name that dnf uses' },
    includepkgs: { ...stringList, description: 'Globs on name or NEVRA: only these packages of this repository are used' },
    module_hotfixes: { type: 'boolean', description: 'Packages of modules are not filtered in this repository (default: false)' },
    allow_weak_checksums: { type: 'boolean', description: 'Read metadata that has only MD5 or SHA-1 checksums (default: false)' },
    enabled: { type: 'boolean', description: 'Default true' },
    skip_if_unavailable: { type: 'boolean', description: 'Continue without it if it cannot be read (default: false)' },
    sslclientcert: { ...accessText, description: 'File with the client certificate (PEM)' },
    sslclientkey: { ...accessText, description: 'File with its key (PEM); default: the file of the certificate' },
    sslcacert: { ...accessText, description: 'File with CA certificates for the server (PEM)' },
    sslverify: { type: 'boolean', description: 'Check the certificate of the server (default: true)' },
    username: accessText,
    password: { ...accessText, description: 'Use $NAME, the value of the environment variable DNF_VAR_NAME' },
    proxy: { type: 'string', description: 'URL of a proxy; empty or _none_ for none' },
    proxy_username: accessText,
    proxy_password: accessText,
  },
  required: ['id'],
  additionalProperties: false,
} as const;

const base = {
  type: 'object',
  properties: {
    image: { type: 'string', pattern: '\\S', description: 'registry/name:tag or registry/name@sha256:...' },
    containerfile: {
      type: 'string',
      pattern: '\\S',
      description: 'A Containerfile, relative to the manifest; the base is the image that its stage starts from',
    },
    stage: { type: ['string', 'integer'], minimum: 0, description: 'Name or number (from 0) of a stage; default the last' },
    args: { type: 'object', additionalProperties: { type: ['string', 'number'] }, description: 'Build arguments that FROM needs' },
    rpmdb: { type: 'string', pattern: '\\S', description: 'A folder: a root file system, or its rpm database' },
    packages: { ...stringList, description: 'name-epoch:version-release.arch, each found in the repositories' },
  },
  additionalProperties: false,
  description: 'The installed packages: exactly one of image, containerfile, rpmdb, packages',
} as const;

const allOrSpecs = { type: ['boolean', 'array'], items: packageSpec } as const;

const releasever = { type: 'string', pattern: '^[A-Za-z0-9._-]+$' } as const;

const packageSet = {
  type: 'object',
  properties: {
    architectures: { ...architectures, description: 'Default: all of the manifest' },
    groups: stringList,
    packages: { type: 'array', items: packageSpec },
    ignore: { ...stringList, description: 'Globs on the name, or /regex/ on name-epoch:version-release.arch: left out of the lock' },
    exclude: { ...stringList, description: 'Globs on name or NEVRA: never used by the solver' },
    repositories: { ...stringList, minItems: 1, description: 'Ids of the only repositories that the set uses (default: all)' },
    releasever: {
      type: ['string', 'array'],
      pattern: releasever.pattern,
      items: releasever,
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description: '$releasever in the URLs of the repositories of this set; with a list it is a set for each, named NAME-RELEASEVER',
    },
    options,
    modules,
    ...IMAGE_PROPERTIES,
    base,
    upgrade: { ...allOrSpecs, description: 'Installed packages to upgrade: names, or true for all' },
    distro_sync: {
      ...allOrSpecs,
      description: 'Installed packages to move to the version of the repositories, also an older one: names, or true for all',
    },
    reinstall: { type: 'array', items: packageSpec, description: 'Installed packages to lock again in the installed version' },
    remove: { type: 'array', items: packageSpec, description: 'Installed packages that are removed' },
    allow_erasing: { type: 'boolean', description: 'Allow removing installed packages that conflict (default: false)' },
    assume_provides: { ...stringList, description: 'Names or capabilities that count as installed' },
    match_base_versions: {
      ...stringList,
      description: 'Globs: packages that get the version of an installed package of the same name or source',
    },
    sources: {
      type: ['boolean', 'string', 'array'],
      pattern: '^required$',
      items: { type: 'string', pattern: '\\S' },
      description: 'Lock source RPMs: true, ids of their repositories, or required (a missing one is an error)',
    },
    packages_from_containerfile: {
      type: 'object',
      properties: {
        containerfile: { type: 'string', pattern: '\\S' },
        stage: { type: ['string', 'integer'] },
        args: { type: 'object', additionalProperties: { type: ['string', 'number'] }, description: 'Build arguments' },
        exclude: stringList,
      },
      required: ['containerfile'],
      additionalProperties: false,
      description: 'Packages that RUN instructions of a Containerfile install with dnf, microdnf or yum',
    },
  },
  additionalProperties: false,
} as const;

const hold = {
  type: 'object',
  properties: {
    package: { type: 'string', pattern: '\\S', description: 'Glob on the package name' },
    version: { type: 'string', pattern: '\\S', description: 'Glob on version, version-release or epoch:version-release' },
    reason: { type: 'string', pattern: '\\S' },
    until: { type: 'string', description: 'YYYY-MM-DD; without it the hold has no end' },
    issue: { type: 'string', pattern: '\\S' },
  },
  required: ['package', 'version', 'reason'],
  additionalProperties: false,
} as const;

export const MANIFEST_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'manifest.schema.json',
  title: 'rpm-deps manifest (rpm-packages.yaml)',
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'For editors; not used' },
    schema_version: { type: 'string', description: '"1.0"' },
    include: { ...stringOrList, description: 'Other manifests, relative to the folder of this one; entries of this one override theirs' },
    architectures,
    mirror: { type: 'string', pattern: '\\S', description: '$mirror in a URL; --mirror and RPM_DEPS_MIRROR override it' },
    releasever: { ...releasever, description: '$releasever in a URL (default: 9-stream)' },
    variables: {
      type: 'object',
      additionalProperties: {
        type: ['string', 'number', 'object'],
        pattern: '^[^\\s$]*$',
        properties: {
          value: { type: ['string', 'number'], pattern: '^[^\\s$]*$' },
          list: { type: 'string', pattern: '\\S', description: 'Newer values for `bump`: a page with links, a folder, or a file' },
          pattern: { type: 'string', pattern: '\\S', description: 'Glob on the values (default: all)' },
        },
        required: ['value', 'list'],
        additionalProperties: false,
      },
      description: 'Values of $NAME in URLs and ids of repositories, as in /etc/dnf/vars',
    },
    repositories: { type: 'array', items: repository, minItems: 1, description: 'Earlier ones are preferred at equal priority' },
    repofiles: {
      type: 'array',
      items: {
        type: ['string', 'object'],
        pattern: '\\S',
        properties: { location: { type: 'string', pattern: '\\S' } },
        required: ['location'],
        additionalProperties: false,
      },
      description: '.repo files of dnf, from the folder of the manifest; their repositories follow those of `repositories`',
    },
    versions: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '\\S' },
      description: 'Pins: value of each ${NAME}; the environment variable RPM_DEPS_VERSION_NAME overrides it',
    },
    groups: { type: 'object', additionalProperties: { type: 'array', items: packageSpec } },
    sets: { type: 'object', additionalProperties: packageSet, minProperties: 1 },
    options,
    modules,
    holds: { type: 'array', items: hold, description: 'Packages that must not be updated before the date' },
    cross_architecture: {
      type: 'object',
      properties: { same_version: { ...stringList, description: 'Globs: one version on all architectures of a set' } },
      additionalProperties: false,
    },
    bot: BOT_SCHEMA,
    fallbacks: {
      ...stringList,
      description: 'URL templates with {sha256} or {filename}, for RPMs that the mirror no longer has',
    },
  },
  required: ['sets'],
  additionalProperties: false,
} as const;
