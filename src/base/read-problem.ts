const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EAGAIN: 'nothing is written to it',
  ELOOP: 'its symbolic links lead to each other',
};

/** Why a file or a folder cannot be read, in words where there are some for the code of the system. */
export const readProblem = ({ code, message }: { readonly code?: string | undefined; readonly message?: string }): string =>
  PROBLEMS[code ?? ''] ?? code ?? message ?? 'unknown error';
