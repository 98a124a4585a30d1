import { pathToFileURL } from 'node:url';
import { isUrl } from '../base/urls.ts';

/** Converts a mirror in user input: a URL, or a directory. */
export function toUrl(text: string, cwd: string): string {
  if (isUrl(text)) return text;
  return pathToFileURL(text.startsWith('/') ? text : `${cwd}/${text}`).href;
}
