import { pathToFileURL } from 'node:url';
import { isUrl } from '../base/urls.ts';

/** What a user may write for a mirror: a URL, or a folder of this machine. */
export function toUrl(text: string, cwd: string): string {
  if (isUrl(text)) return text;
  return pathToFileURL(text.startsWith('/') ? text : `${cwd}/${text}`).href;
}
