/**
 * JSON Schema of `rpms.in.yaml`, the input of rpm-lockfile-prototype (based on its own schema, version 0.30). Unknown keys are
 * mistakes, never ignored.
 */
const text = { type: 'string', pattern: '\\S' } as const;
const textList = { type: 'array', items: text } as const;
const textOrList = { type: ['string', 'array'], pattern: '\\S', items: text } as const;

const scopedName = {
  type: ['string', 'object'],
  pattern: '\\S',
  properties: {
    name: text,
    arches: {
      type: 'object',
      properties: { only: textOrList, not: textOrList },
      additionalProperties: false,
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const;

const containerfile = {
  type: ['string', 'object'],
  pattern: '\\S',
  properties: {
    file: text,
    stageNum: { type: 'integer', minimum: 1 },
    stageName: text,
    imagePattern: text,
    argFile: text,
  },
  required: ['file'],
  additionalProperties: false,
} as const;

export const RPMS_IN_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'rpms-in.schema.json',
  title: 'rpms.in.yaml (rpm-lockfile-prototype)',
  type: 'object',
  properties: {
    contentOrigin: {
      type: 'object',
      properties: {
        repos: {
          type: 'array',
          items: { type: 'object', properties: { repoid: text }, required: ['repoid'] },
        },
        repofiles: {
          type: 'array',
          items: {
            type: ['string', 'object'],
            pattern: '\\S',
            properties: {
              location: text,
              giturl: text,
              gitref: text,
              file: text,
              varsFromImage: text,
              varsFromContainerfile: containerfile,
            },
            additionalProperties: false,
          },
        },
        composes: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: text,
              latest: {
                type: 'object',
                properties: { release_short: text, release_version: text, release_type: text, tag: textOrList },
                additionalProperties: false,
              },
            },
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: false,
          },
        },
      },
      additionalProperties: false,
    },
    packages: { type: 'array', items: scopedName },
    reinstallPackages: { type: 'array', items: scopedName },
    upgradePackages: { type: 'array', items: scopedName },
    moduleEnable: { type: 'array', items: scopedName },
    moduleDisable: { type: 'array', items: scopedName },
    excludePackages: textList,
    assumeProvides: textList,
    matchContextVersions: textList,
    packagesFromContainerfile: containerfile,
    arches: textList,
    context: {
      type: 'object',
      properties: {
        image: text,
        containerfile,
        rpmOstreeTreefile: text,
        localSystem: { type: 'boolean' },
        bare: { type: 'boolean' },
        flatpak: { type: 'boolean' },
      },
      additionalProperties: false,
    },
    allowerasing: { type: 'boolean' },
    noSources: { type: 'boolean' },
    installWeakDeps: { type: 'boolean' },
    zchunk: { type: 'boolean' },
    variables: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: text,
          image: text,
          containerfile,
          inline: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        },
        additionalProperties: false,
      },
    },
  },
  required: ['contentOrigin'],
  additionalProperties: false,
} as const;
