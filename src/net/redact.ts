/** A URL as it may be shown: without user, password and the values of its query. */
export function redact(url: string): string {
  return withoutLogin(url).replace(/\?.*$/s, '?...');
}

/** A URL as it may be written down: without user and password. */
export function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#\\]*@/i, '$1');
}

/** A URL as it may be kept: what opens it, in its login or its query, is left out. */
export function withoutSecrets(url: string): string {
  return withoutLogin(url).replace(/[?#].*$/s, '');
}
