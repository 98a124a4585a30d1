/** JSON Schema of what `diff --format json` prints; the type is LockfileDiff. */
const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const count = { type: 'integer', minimum: 0 } as const;
const bytesOrNull = { type: ['integer', 'null'] } as const;
const texts = { type: 'array', items: text } as const;

const object = <P extends Readonly<Record<string, object>>>(properties: P, optional: readonly (keyof P & string)[] = []) =>
  ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
  }) as const;

const lockName = object({ package_set: text, architecture: text });
const lockSummary = object({ package_set: text, architecture: text, packages: count });
const locks = { type: 'array', items: lockName } as const;

const reason = object(
  {
    package: text,
    locks,
    kind: { enum: ['requested', 'required', 'no_longer_requested', 'replaced', 'no_longer_required', 'removed_with', 'ignored'] },
    specs: texts,
    chain: { ...texts, description: 'From a requested package to this one' },
    by: texts,
    packages: texts,
  },
  ['specs', 'chain', 'by', 'packages'],
);

const changedPackage = object(
  {
    name: text,
    architectures: texts,
    before: textOrNull,
    after: textOrNull,
    checksums: {
      type: 'array',
      items: object({ architecture: text, before: text, after: text }),
      description: 'sha256, of changed_checksum',
    },
  },
  ['checksums'],
);

const change = object({
  kind: { enum: ['upgraded', 'downgraded', 'added', 'removed', 'changed_checksum', 'changed_repository'] },
  before: { ...textOrNull, description: '[epoch:]version-release, or a repository for changed_repository' },
  after: textOrNull,
  packages: { type: 'array', items: changedPackage },
  locks,
  size_delta: bytesOrNull,
  reasons: { type: 'array', items: reason },
});

const source = object(
  {
    source: text,
    source_known: { type: 'boolean' },
    changes: { type: 'array', items: change, minItems: 1 },
    changelog: { type: 'array', items: object({ date: text, author: text, text }) },
    advisories: { type: 'array', items: object({ id: text, severity: text, cves: texts, title: text }) },
  },
  ['changelog', 'advisories'],
);

export const DIFF_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'diff.schema.json',
  title: 'rpm-deps diff --format json',
  ...object({
    schema_version: { const: '1.0' },
    summary: object({
      locks_before: count,
      locks_after: count,
      locks_changed: count,
      upgraded: count,
      downgraded: count,
      added: count,
      removed: count,
      changed_checksum: count,
      changed_repository: count,
      packages: count,
      size_before: bytesOrNull,
      size_after: bytesOrNull,
      download: bytesOrNull,
    }),
    locks,
    added_locks: { type: 'array', items: lockSummary },
    removed_locks: { type: 'array', items: lockSummary },
    renamed_locks: { type: 'array', items: object({ package_set: text, architecture: text, from: text }) },
    sources: { type: 'array', items: source },
    requests: { type: 'array', items: object({ added: texts, removed: texts, locks }) },
    holds: { type: 'array', items: object({ package: text, version: text, reason: text, until: textOrNull, issue: textOrNull }) },
  }),
} as const;
