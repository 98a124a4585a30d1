/** A URL as it may be shown: without user, password and the values of its query. */
export function redact(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/s, '?...');
}
