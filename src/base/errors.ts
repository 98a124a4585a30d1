/** The one table of everything that can go wrong for a user. `docs/errors.md` is held to it by a test. */
export const ERROR_CODES = {
  NEGATIVE: { exit: 1, status: 409, meaning: 'The answer is no: a check, a verification or a comparison failed' },
  USAGE: { exit: 2, status: 400, meaning: 'The command line or the request is not understood' },
  MANIFEST_MISSING: { exit: 2, status: 400, meaning: 'There is no manifest where one was looked for' },
  MANIFEST_INVALID: { exit: 2, status: 400, meaning: 'The manifest has mistakes' },
  LOCKFILE_INVALID: { exit: 2, status: 400, meaning: 'A lockfile cannot be read or is not a lockfile' },
  LOCKFILE_MISSING: { exit: 2, status: 404, meaning: 'There is no lockfile where one was looked for' },
  GIT: { exit: 2, status: 400, meaning: 'git cannot answer: not a repository, or an unknown revision' },
  WRITE_FAILED: { exit: 2, status: 500, meaning: 'A file could not be written: permissions, or a full disk' },
  INTERRUPTED: { exit: 130, status: 499, meaning: 'Stopped by a signal before anything was written' },
  UNSOLVABLE: { exit: 3, status: 409, meaning: 'No set of packages satisfies the request' },
  SOLVER_BUDGET: { exit: 3, status: 504, meaning: 'No answer was found within the steps or seconds that a solve may take' },
  NO_SUCH_PACKAGE: { exit: 2, status: 409, meaning: 'Nothing in the repositories matches a requested package' },
  PIN_GONE: { exit: 6, status: 409, meaning: 'A pinned version is in no repository any more' },
  MIRROR_BEHIND: { exit: 4, status: 409, meaning: 'A repository has older metadata than the lockfile was made from' },
  DOWNGRADE: { exit: 4, status: 409, meaning: 'A locked package would go to an older version that nobody asked for' },
  NETWORK: { exit: 4, status: 502, meaning: 'A server could not be reached or did not answer properly' },
  OFFLINE: { exit: 4, status: 503, meaning: 'Something is needed that is not in the cache, and --offline forbids to get it' },
  HOST_REFUSED: { exit: 4, status: 403, meaning: 'The configuration does not allow contacting this server' },
  METADATA_INVALID: { exit: 4, status: 502, meaning: 'A repository answered with something that is not valid metadata' },
  DIGEST_MISMATCH: { exit: 5, status: 502, meaning: 'A file does not have the promised checksum or size' },
  RPM_INVALID: { exit: 5, status: 502, meaning: 'A file that should be an RPM is none, or is damaged' },
  WRONG_PACKAGE: { exit: 5, status: 502, meaning: 'A file is another package than the lockfile names' },
  SIGNATURE: { exit: 5, status: 502, meaning: 'A signature is missing, wrong, or made by an unknown or expired key' },
  RPMDB_INVALID: { exit: 4, status: 502, meaning: 'The rpm database of a base image is missing, damaged, or there are two' },
  IMAGE_NOT_FOUND: { exit: 4, status: 404, meaning: 'A base image does not exist, needs a login, or has no variant for the architecture' },
  PODMAN: { exit: 4, status: 502, meaning: 'podman (or docker) is missing or failed' },
  LOCK_STALE: { exit: 1, status: 409, meaning: 'A lockfile is older than `max_age` allows' },
  FORGE: { exit: 4, status: 502, meaning: 'A forge could not be reached or did not do what was asked' },
  FORGE_LIMIT: { exit: 4, status: 503, meaning: 'A forge asks to wait longer than rpm-deps does' },
  FORGE_DENIED: { exit: 2, status: 403, meaning: 'A forge refuses: the token, its rights, or the state of the repository' },
  UNAUTHORIZED: { exit: 2, status: 401, meaning: 'The service needs a token that is valid' },
  FORBIDDEN: { exit: 2, status: 403, meaning: 'The token does not have the scope that this needs' },
  NOT_FOUND: { exit: 2, status: 404, meaning: 'The service has nothing of that name' },
  CONFLICT: { exit: 2, status: 409, meaning: 'The request contradicts what the service has' },
  TOO_LARGE: { exit: 2, status: 413, meaning: 'The request is larger than the service allows' },
  TOO_MANY: { exit: 4, status: 429, meaning: 'Too many requests in a short time' },
  LIMIT: { exit: 4, status: 503, meaning: 'The request needs more time or work than the service allows' },
  DATABASE: { exit: 4, status: 503, meaning: 'The database of the service cannot be used' },
  SERVICE_MISSING: { exit: 2, status: 500, meaning: 'The package rpm-deps-service is not installed' },
  INTERNAL: { exit: 70, status: 500, meaning: 'A bug in rpm-deps' },
} as const satisfies Record<string, { exit: number; status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An error that a user can meet. `message` names the thing (file, URL, package); `hint` says what to do about it;
 * `details` are further lines for a person; `data` is what `--json` prints beside the message.
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
