import { readFile } from 'node:fs/promises';
import { RpmDepsError } from 'rpm-deps';
import { parse, YAMLParseError } from 'yaml';
import { ajv, mistakesOf } from './json-schema.ts';

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
  /** Where projects may be cloned from: prefixes of git URLs. */
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
    /** Of everybody whom the provider lets in; default read and resolve. */
    readonly scopes?: readonly Scope[];
    /** Claim that names the groups of a person, and what each group may do besides. */
    readonly claim?: string;
    readonly grants?: Readonly<Record<string, readonly Scope[]>>;
  };
  /** Where locked RPMs are kept: a directory, or a server that takes PUT, with the name of its token. */
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
  public_url: { type: 'string', pattern: '^https?://' },
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
    origins: { type: 'array', items: { type: 'string', pattern: '^(https?|file)://' } },
    public_hosts: { type: 'boolean' },
  }),
  git: { type: 'array', items: { type: 'string', pattern: '^(https?|ssh|git|file)://|^/' } },
  credentials: {
    type: 'object',
    additionalProperties: {
      oneOf: [closed({ file: text, github_app: appId }, ['file']), closed({ env: text, github_app: appId }, ['env'])],
    },
  },
  webhooks: closed({ secret: text }),
  login: closed(
    {
      issuer: { type: 'string', pattern: '^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])[:/])' },
      client_id: text,
      credentials: text,
      scopes,
      claim: text,
      grants: { type: 'object', additionalProperties: scopes },
    },
    ['issuer', 'client_id'],
  ),
  archive: closed({ to: { type: 'string', pattern: '^(https?|file)://|^/' }, credentials: text }, ['to']),
});

export async function readConfigFile(path: string | undefined): Promise<ConfigFile> {
  if (path === undefined) return {};
  const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('USAGE', `cannot read the configuration \`${path}\`: ${cause.code ?? cause.message}`, { cause });
  });
  const value = parseYaml(content, path);
  const validate = ajv().compile<ConfigFile>(CONFIG_SCHEMA);
  if (validate(value)) {
    if (value.login === undefined || value.public_url !== undefined) return value;
    throw new RpmDepsError('USAGE', `the configuration \`${path}\` has \`login\` without \`public_url\``, {
      hint: 'the provider redirects people to that URL: `public_url: https://rpm.example.com`',
    });
  }
  throw new RpmDepsError('USAGE', `the configuration \`${path}\` has mistakes`, {
    details: mistakesOf(validate.errors ?? [], ''),
    hint: 'docs/service.md lists the keys',
  });
}

function parseYaml(content: string, path: string): unknown {
  try {
    return parse(content, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new RpmDepsError('USAGE', `the configuration \`${path}\` is not valid YAML: ${error.message.split('\n')[0]}`, { cause: error });
  }
}
