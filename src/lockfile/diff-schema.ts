export const DIFF_SCHEMA = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'diff.schema.json', type: 'object' } as const;
