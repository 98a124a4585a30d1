import { readFile } from 'node:fs/promises';
import { RpmDepsError } from 'rpm-deps';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { ajv, mistakeText, relevant } from './json-schema.ts';

/** The configuration file of the operator; every key is optional. docs/service.md explains them. */
export interface ConfigFile {
  readonly listen?: string;
  readonly public_url?: string;
  /** Scopes of requests without a token. */
  readonly anonymous?: readonly Scope[];
  readonly solver_threads?: number;
  readonly refresh_minutes?: number;
  readonly limits?: {
    readonly body_bytes?: number;
    readonly requests_a_minute?: number;
    readonly concurrent?: number;
    readonly solve_seconds?: number;
    readonly job_minutes?: number;
    readonly specs?: number;
    readonly streams?: number;
  };
  readonly jobs?: { readonly concurrency?: number; readonly attempts?: number; readonly drain_seconds?: number };
  readonly network?: { readonly origins?: readonly string[]; readonly public_hosts?: boolean };
  /** Allowed prefixes of git URLs of projects. */
  readonly git?: readonly string[];
  /** Secrets by name; projects refer to the names. */
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly webhooks?: { readonly secret?: string };
  /** Logins to the pages with OpenID Connect, besides tokens. */
  readonly login?: {
    readonly issuer: string;
    readonly client_id: string;
    /** Name of the client's secret. */
    readonly credentials?: string;
    /** Scopes of all users whom the provider accepts; default read and resolve. */
    readonly scopes?: readonly Scope[];
    /** Claim with a user's groups, and the additional scopes of each group. */
    readonly claim?: string;
    readonly grants?: Readonly<Record<string, readonly Scope[]>>;
  };
  /** Archive of locked RPMs: a directory, or a server that accepts PUT, with the name of its token. */
  readonly archive?: { readonly to: string; readonly credentials?: string };
}

export interface Credential {
  readonly file?: string;
  readonly env?: string;
  /** Number or client id of a GitHub App: the secret is its private key. */
  readonly github_app?: string | number;
}

export type Scope = 'read' | 'resolve' | 'operate' | 'admin';
export const SCOPES: readonly Scope[] = ['read', 'resolve', 'operate', 'admin'];

const text = { type: 'string', minLength: 1 };
const count = (maximum: number) => ({ type: 'integer', minimum: 1, maximum });
const closed = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const appId = { anyOf: [text, { type: 'integer', minimum: 1 }] };
const scopes = { type: 'array', items: { enum: SCOPES } };

const CONFIG_SCHEMA = closed({
  listen: text,
  public_url: {
    type: 'string',
    pattern: '^https?://[^\\s/?#@]+/*$',
    description: 'a URL without a path, such as `https://rpm.example.com`',
  },
  anonymous: scopes,
  solver_threads: count(64),
  refresh_minutes: count(10_080),
  limits: closed({
    body_bytes: count(64 << 20),
    requests_a_minute: count(1_000_000),
    concurrent: count(1000),
    solve_seconds: count(600),
    job_minutes: count(1440),
    specs: count(10_000),
    streams: count(10_000),
  }),
  jobs: closed({ concurrency: count(64), attempts: count(20), drain_seconds: count(600) }),
  network: closed({
    origins: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^(https?|file)://',
        description: 'a server such as `https://mirror.example.com`, or a folder such as `file:///srv/rpms`',
      },
    },
    public_hosts: { type: 'boolean' },
  }),
  git: {
    type: 'array',
    items: {
      type: 'string',
      pattern: '^(https?|ssh|git|file)://|^/',
      description: 'the beginning of a URL of git, such as `https://github.com/kubevirt/`',
    },
  },
  credentials: {
    type: 'object',
    additionalProperties: {
      ...closed({ file: text, env: text, github_app: appId }),
      oneOf: [
        { properties: { file: true }, required: ['file'] },
        { properties: { env: true }, required: ['env'] },
      ],
      description: 'either `{file: PATH}` or `{env: VARIABLE}`',
    },
  },
  webhooks: closed({ secret: text }),
  login: closed(
    {
      issuer: {
        type: 'string',
        pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])[:/])',
        description: 'an https URL, such as `https://sso.example.com/realms/build`',
      },
      client_id: text,
      credentials: text,
      scopes,
      claim: text,
      grants: { type: 'object', additionalProperties: scopes },
    },
    ['issuer', 'client_id'],
  ),
  archive: closed(
    {
      to: {
        type: 'string',
        pattern: '^(https?|file)://|^/',
        description: 'an absolute path or a URL, such as `https://rpms.example.com/sha256`',
      },
      credentials: text,
    },
    ['to'],
  ),
});

export async function readConfigFile(path: string | undefined): Promise<ConfigFile> {
  if (path === undefined) return {};
  const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'it does not exist' : cause.message;
    throw new RpmDepsError('USAGE', `cannot read the configuration \`${path}\`: ${why}`, {
      hint: 'check the path after --config',
      cause,
    });
  });
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const wrong = (line: number, message: string): never => {
    throw new RpmDepsError('USAGE', `the configuration \`${path}\` has a mistake`, {
      details: [`${path}:${line}: ${message}`],
      hint: 'docs/service.md lists the keys',
    });
  };
  const [broken] = document.errors;
  if (broken?.code === 'MULTIPLE_DOCS') return wrong(broken.linePos?.[0].line ?? 1, 'a second YAML document begins here');
  if (broken !== undefined) return wrong(broken.linePos?.[0].line ?? 1, broken.message.split(/ at line |\n/)[0]!);
  const value = contentOf(document);
  if (value === undefined) return wrong(1, 'aliases (`*name`) are not allowed');
  const validate = ajv().compile<ConfigFile>(CONFIG_SCHEMA);
  if (validate(value)) {
    if (value.login === undefined || value.public_url !== undefined) return value;
    return wrong(
      lineOf(document, ['login'], lines),
      '`login` needs `public_url`, to which the provider sends people: `public_url: https://rpm.example.com`',
    );
  }
  const [mistake] = relevant(validate.errors ?? []);
  const { instancePath, params } = mistake!;
  const keys = instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra: unknown = params['additionalProperty'];
  const place = typeof extra === 'string' ? [...keys, extra] : keys;
  const name = keys.length === 0 ? '' : `\`${keys.join('.')}\`: `;
  return wrong(lineOf(document, place, lines), `${name}${mistakeText(mistake!)}`);
}

/** undefined if the document has aliases: a few of them can expand to gigabytes. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Line of a key, or of an item of a list. */
function lineOf({ contents }: Document, path: readonly string[], lines: LineCounter): number {
  let node: unknown = contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (pair === undefined) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}
