/** The parts of a git remote's URL. */
export interface RemotePlace {
  /** `https:`, `http:`, `ssh:`, `file:`. */
  readonly protocol: string;
  /** With its port; empty for a directory. */
  readonly host: string;
  /** Without `.git`: `owner/name`, or longer with the groups of GitLab. */
  readonly path: string;
}

/** Parses URLs, `user@host:path` and directories. */
export function parseRemoteUrl(url: string): RemotePlace {
  const scp = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(url);
  if (scp !== null && !/^[a-z]:[\\/]/i.test(url)) return { protocol: 'ssh:', host: scp[1]!, path: bare(scp[2]!) };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || !URL.canParse(url)) return { protocol: 'file:', host: '', path: bare(url) };
  const { protocol, host, pathname } = new URL(url);
  return { protocol, host: protocol === 'file:' ? '' : host, path: bare(decodeURIComponent(pathname)) };
}

const bare = (path: string): string =>
  path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
