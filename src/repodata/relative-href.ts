/**
 * Why a location out of metadata may not be used, or undefined when it may: it has to name a file inside its repository.
 * Escapes are looked through, because a server resolves `%2e%2e/` as `../`.
 */
export function hrefMistake(href: string): string | undefined {
  if (href === '') return 'is empty';
  if (href.length > 4096) return 'is longer than 4096 characters';
  if (/[\u0000-\u001f\u007f]/.test(href)) return 'has control characters in it';
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return 'is a URL of its own and not relative to the repository';
  const plain = unescapePath(href);
  if (/[\u0000-\u001f\u007f]/.test(plain)) return 'has escaped control characters in it';
  if (plain.includes('\\')) return 'has a backslash in it';
  if (plain.startsWith('/')) return 'is absolute and not relative to the repository';
  if (plain.split('/').includes('..')) return 'leads out of the repository';
  return undefined;
}

function unescapePath(href: string): string {
  return href.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
