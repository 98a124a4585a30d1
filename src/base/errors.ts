/** Codes of all errors that users can see. `docs/errors.md` has a section for each; a test compares the two. */
export const ERROR_CODES = {
  CHECK_FAILED: { exit: 1, status: 409, meaning: 'A check failed, differences were found, or nothing matches' },
  USAGE: { exit: 2, status: 400, meaning: 'The command line or the request is invalid' },
  MANIFEST_MISSING: { exit: 2, status: 400, meaning: 'The manifest was not found' },
  MANIFEST_INVALID: { exit: 2, status: 400, meaning: 'The manifest has mistakes' },
  LOCKFILE_INVALID: { exit: 2, status: 400, meaning: 'A lockfile cannot be read or is not a lockfile' },
  LOCKFILE_MISSING: { exit: 2, status: 404, meaning: 'No lockfile was found' },
  GIT: { exit: 2, status: 400, meaning: 'git failed: not a repository, or an unknown revision' },
  CACHE_SHARED: { exit: 2, status: 500, meaning: 'Other users may write to the cache directory' },
  WRITE_FAILED: { exit: 2, status: 500, meaning: 'A file could not be written: permissions, a full disk, or it already exists' },
  INTERRUPTED: { exit: 130, status: 499, meaning: 'Stopped by a signal before anything was written' },
  UNSOLVABLE: { exit: 3, status: 409, meaning: 'No set of packages satisfies the request' },
  SOLVER_BUDGET: { exit: 3, status: 504, meaning: 'The solver stopped at its limit of steps or seconds' },
  NO_SUCH_PACKAGE: { exit: 2, status: 409, meaning: 'Nothing in the repositories matches a requested package' },
  PIN_GONE: { exit: 6, status: 409, meaning: 'A pinned version is no longer in any repository' },
  SOURCE_MISSING: { exit: 6, status: 409, meaning: 'The source RPM of a locked package is in no repository, and the set requires it' },
  MIRROR_BEHIND: { exit: 4, status: 409, meaning: 'A repository has older metadata than the lockfile was made from' },
  DOWNGRADE: { exit: 4, status: 409, meaning: 'A locked package would be downgraded, and nothing requests that' },
  NETWORK: { exit: 4, status: 502, meaning: 'A server cannot be reached or sent an invalid answer' },
  OFFLINE: { exit: 4, status: 503, meaning: 'A file is not in the cache, and --offline prevents downloading it' },
  HOST_REFUSED: { exit: 4, status: 403, meaning: 'The configuration does not allow contacting this server' },
  METADATA_INVALID: { exit: 4, status: 502, meaning: 'The metadata of a repository is invalid' },
  DIGEST_MISMATCH: { exit: 5, status: 502, meaning: 'A file does not have the expected checksum or size' },
  RPM_INVALID: { exit: 5, status: 502, meaning: 'A file is not a valid RPM package' },
  WRONG_PACKAGE: { exit: 5, status: 502, meaning: 'A file is a different package from the one in the lockfile' },
  SIGNATURE: { exit: 5, status: 502, meaning: 'A signature is missing or invalid, or its key is unknown or expired' },
  RPMDB_INVALID: { exit: 4, status: 502, meaning: 'The rpm database of a base image is missing, damaged, or there are two' },
  IMAGE_NOT_FOUND: { exit: 4, status: 404, meaning: 'A base image does not exist, needs a login, or has no variant for the architecture' },
  PODMAN: { exit: 4, status: 502, meaning: 'podman (or docker) is missing or failed' },
  LOCK_STALE: { exit: 1, status: 409, meaning: 'A lockfile is older than `max_age` allows' },
  FORGE: { exit: 4, status: 502, meaning: 'A forge cannot be reached, or a request to it failed' },
  FORGE_LIMIT: { exit: 4, status: 503, meaning: 'The rate limit of a forge is used up' },
  FORGE_DENIED: { exit: 2, status: 403, meaning: 'A forge denies access: the token, its rights, or the state of the repository' },
  UNAUTHORIZED: { exit: 2, status: 401, meaning: 'The request has no valid token' },
  FORBIDDEN: { exit: 2, status: 403, meaning: 'The token does not have the required scope' },
  NOT_FOUND: { exit: 2, status: 404, meaning: 'The service has no resource of that name' },
  CONFLICT: { exit: 2, status: 409, meaning: 'The request conflicts with existing data' },
  TOO_LARGE: { exit: 2, status: 413, meaning: 'The request is larger than the service allows' },
  TOO_MANY: { exit: 4, status: 429, meaning: 'Too many requests in a short time' },
  LIMIT: { exit: 4, status: 503, meaning: 'The request needs more time or work than the service allows' },
  DATABASE: { exit: 4, status: 503, meaning: 'The database of the service cannot be used' },
  SERVICE_MISSING: { exit: 2, status: 500, meaning: 'The package rpm-deps-service is not installed' },
  INTERNAL: { exit: 70, status: 500, meaning: 'A bug in rpm-deps' },
} as const satisfies Record<string, { exit: number; status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An error for users. `message` names the subject (file, URL, package); `hint` says how to fix it;
 * `details` are additional lines; `data` are additional fields for `--json`.
 */
export class RpmDepsError extends Error {
  override readonly name: string = 'RpmDepsError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; data?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.data = options.data;
  }
}
