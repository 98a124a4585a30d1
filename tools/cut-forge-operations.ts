/**
 * Writes test/forge/operations.json: the published API schemas of the forge calls that rpm-deps makes, reduced to a small file, so that test
 * servers can validate requests. Made from the npm packages `@octokit/openapi`, `gitea-js` and `@gitbeaker/core` (all MIT), unpacked:
 *   tsx tools/cut-forge-operations.ts OCTOKIT_OPENAPI_DIR GITEA_JS_DIR GITBEAKER_CORE_DIR
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Schema = Record<string, unknown>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly statuses: readonly string[];
  readonly query: Schema;
  readonly body: Schema | null;
}

const REPO = '/repos/{owner}/{repo}';
const GITHUB: readonly (readonly [string, string])[] = [
  ['get', REPO],
  ['get', `${REPO}/pulls`],
  ['post', `${REPO}/pulls`],
  ['patch', `${REPO}/pulls/{pull_number}`],
  ['put', `${REPO}/pulls/{pull_number}/merge`],
  ['get', `${REPO}/pulls/{pull_number}/reviews`],
  ['post', `${REPO}/pulls/{pull_number}/requested_reviewers`],
  ['post', `${REPO}/issues/{issue_number}/labels`],
  ['delete', `${REPO}/issues/{issue_number}/labels/{name}`],
  ['get', `${REPO}/issues`],
  ['post', `${REPO}/issues`],
  ['patch', `${REPO}/issues/{issue_number}`],
  ['get', `${REPO}/issues/{issue_number}/comments`],
  ['post', `${REPO}/issues/{issue_number}/comments`],
  ['patch', `${REPO}/issues/comments/{comment_id}`],
  ['get', `${REPO}/rules/branches/{branch}`],
  ['get', `${REPO}/branches/{branch}`],
  ['get', `${REPO}/commits/{ref}/check-runs`],
  ['post', `${REPO}/check-runs`],
  ['patch', `${REPO}/check-runs/{check_run_id}`],
  ['get', `${REPO}/commits/{ref}/statuses`],
  ['post', `${REPO}/statuses/{sha}`],
  ['get', `${REPO}/installation`],
  ['post', '/app/installations/{installation_id}/access_tokens'],
];
/** Checks that GitHub does not document: it refuses a pull request without a title, and an invalid digest. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = { [`post ${REPO}/pulls`]: ['title', 'head', 'base'] };
const SHA: Schema = { type: 'string', pattern: '^[0-9a-f]{40}$' };

const GITEA: readonly (readonly [string, string, string])[] = [
  ['post', `${REPO}/pulls`, 'CreatePullRequestOption'],
  ['patch', `${REPO}/pulls/{index}`, 'EditPullRequestOption'],
  ['post', `${REPO}/pulls/{index}/merge`, 'MergePullRequestOption'],
  ['post', `${REPO}/pulls/{index}/requested_reviewers`, 'PullReviewRequestOptions'],
  ['post', `${REPO}/issues`, 'CreateIssueOption'],
  ['patch', `${REPO}/issues/{index}`, 'EditIssueOption'],
  ['post', `${REPO}/issues/{index}/comments`, 'CreateIssueCommentOption'],
  ['patch', `${REPO}/issues/comments/{id}`, 'EditIssueCommentOption'],
  ['post', `${REPO}/issues/{index}/labels`, 'IssueLabelsOption'],
  ['post', `${REPO}/labels`, 'CreateLabelOption'],
  ['post', `${REPO}/statuses/{sha}`, 'CreateStatusOption'],
];
const GITLAB: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['post', '/projects/{id}/merge_requests', 'EditMergeRequestOptions', ['source_branch', 'target_branch', 'title']],
  ['put', '/projects/{id}/merge_requests/{iid}', 'EditMergeRequestOptions', []],
  ['put', '/projects/{id}/merge_requests/{iid}/merge', 'AcceptMergeRequestOptions', []],
  ['post', '/projects/{id}/issues', 'CreateIssueOptions', ['title']],
  ['put', '/projects/{id}/issues/{iid}', 'EditIssueOptions', []],
  ['post', '/projects/{id}/statuses/{sha}', 'EditPipelineStatusOptions', ['state']],
];
/** Arguments of their functions besides the options, and arguments that are newer than the package. */
const GITLAB_MORE: Readonly<Record<string, Schema>> = {
  'post /projects/{id}/merge_requests': {
    source_branch: { type: 'string' },
    target_branch: { type: 'string' },
    target_project_id: { type: 'number' },
  },
  'post /projects/{id}/issues': { title: { type: 'string' } },
  'post /projects/{id}/statuses/{sha}': { state: { enum: ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] } },
  'put /projects/{id}/merge_requests/{iid}/merge': { auto_merge: { type: 'boolean' } },
};

function githubOperations(directory: string): Operation[] {
  const description = JSON.parse(readFileSync(join(directory, 'generated/api.github.com.deref.json'), 'utf8'));
  return GITHUB.map(([method, path]) => {
    const operation = description.paths[path][method];
    const parameters = (operation.parameters ?? []).filter((parameter: Schema) => parameter['in'] === 'query');
    const body = operation.requestBody?.content?.['application/json']?.schema;
    const strict = body === undefined ? null : tightened(cleaned(body));
    const required = REQUIRED[`${method} ${path}`];
    if (strict !== null && required !== undefined) strict['required'] = required;
    const sha = (strict?.['properties'] as Schema | undefined)?.['sha'];
    if (sha !== undefined) (strict!['properties'] as Schema)['sha'] = SHA;
    return {
      method: method.toUpperCase(),
      path,
      statuses: Object.keys(operation.responses),
      query: Object.fromEntries(parameters.map((parameter: Schema) => [parameter['name'], cleaned(parameter['schema'])])),
      body: strict,
    };
  });
}

const KEPT = [
  'type',
  'enum',
  'properties',
  'items',
  'required',
  'oneOf',
  'anyOf',
  'allOf',
  'minItems',
  'maxItems',
  'nullable',
  'minLength',
];

/** Removes texts and examples, and converts `nullable` to JSON Schema. */
function cleaned(value: unknown): Schema {
  const schema = value as Schema;
  const kept: Schema = {};
  for (const key of KEPT) {
    const part = schema[key];
    if (part === undefined) continue;
    if (key === 'properties') kept[key] = Object.fromEntries(Object.entries(part as Schema).map(([name, item]) => [name, cleaned(item)]));
    else if (key === 'items') kept[key] = cleaned(part);
    else if (Array.isArray(part) && /^(?:one|any|all)Of$/.test(key)) kept[key] = part.map(cleaned);
    else if (key !== 'nullable') kept[key] = part;
  }
  if (schema['nullable'] === true) {
    if (typeof kept['type'] === 'string') kept['type'] = [kept['type'], 'null'];
    if (Array.isArray(kept['enum'])) kept['enum'] = [...kept['enum'], null];
  }
  return kept;
}

/** Refuses undescribed keys, which are mistakes of rpm-deps: GitHub itself would ignore them. */
function tightened(schema: Schema): Schema {
  return schema['properties'] === undefined ? schema : { ...schema, additionalProperties: false };
}

/** Fields of an interface or a type in a declaration file, by a simple pattern. */
function fieldsOf(text: string, start: RegExp, rename: (name: string) => string): Schema {
  const from = start.exec(text);
  if (from === null) throw new Error(`not found: ${start}`);
  const block = text.slice(from.index + from[0].length, text.indexOf('\n}', from.index));
  const fields = [...block.matchAll(/^ {4}(\w+)(\?)?: (.+);$/gm)].map((match) => [rename(match[1]!), schemaOf(match[3]!)] as const);
  return Object.fromEntries(fields);
}

function schemaOf(type: string): Schema {
  if (/^string(?: \| string\[\])?$/.test(type)) return { type: type === 'string' ? 'string' : ['string', 'array'] };
  if (type === 'number' || type === 'boolean') return { type };
  const list = /^(string|number)\[\]$/.exec(type);
  if (list !== null) return { type: 'array', items: { type: list[1] } };
  const words = [...type.matchAll(/'([^']+)'/g)].map((match) => match[1]);
  return words.length > 0 ? { enum: words } : {};
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

function giteaOperations(directory: string): Operation[] {
  const text = readFileSync(join(directory, 'dist/index.d.ts'), 'utf8');
  return GITEA.map(([method, path, name]) => {
    const properties = fieldsOf(text, new RegExp(`interface ${name} \\{`), (field) => field);
    return { method: method.toUpperCase(), path, statuses: [], query: {}, body: closed(properties) };
  });
}

function gitlabOperations(directory: string): Operation[] {
  const text = readFileSync(join(directory, 'dist/index.d.ts'), 'utf8');
  return GITLAB.map(([method, path, name, required]) => {
    const properties = fieldsOf(text, new RegExp(`type ${name} = (?:[^{;]* & )?\\{`), snakeCase);
    const more = GITLAB_MORE[`${method} ${path}`] ?? {};
    return { method: method.toUpperCase(), path, statuses: [], query: {}, body: closed({ ...properties, ...more }, required) };
  });
}

const [octokit = '', gitea = '', gitbeaker = ''] = process.argv.slice(2);
const made = {
  notice: 'Cut out of @octokit/openapi 23.0.2, gitea-js 1.23.0 and @gitbeaker/core 43.8.0 (MIT) by tools/cut-forge-operations.ts.',
  github: githubOperations(octokit),
  gitea: giteaOperations(gitea),
  gitlab: gitlabOperations(gitbeaker),
};
writeFileSync(new URL('../test/forge/operations.json', import.meta.url), `${JSON.stringify(made)}\n`);
