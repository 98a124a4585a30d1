const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EAGAIN: 'nothing is written to it',
  ELOOP: 'its symbolic links lead to each other',
};

/** Why a file or folder cannot be read, from the error code of the system. */
export const readProblem = ({ code, message }: { readonly code?: string | undefined; readonly message?: string }): string =>
  PROBLEMS[code ?? ''] ?? code ?? message ?? 'unknown error';
