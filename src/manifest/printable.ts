/** Text from outside that is fit for a terminal: control characters escaped, cut to a sensible length. */
export function printable(text: string, limit = 200): string {
  const escaped = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeCharacter);
  return escaped.length > limit ? `${escaped.slice(0, limit)}...` : escaped;
}

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
