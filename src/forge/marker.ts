/**
 * A hidden line in texts of the bot, by which the bot recognizes them: `<!-- rpm-deps:KEY name=value ... -->`. Keys and values contain only
 * letters, digits and `._/@:+-`, so that untrusted text can neither end the comment nor imitate another marker.
 */
export interface Marker {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The line to put into a text; characters that a marker cannot contain are replaced. */
export function renderMarker({ key, values }: Marker): string {
  const rest = Object.entries(values).map(([name, value]) => ` ${safe(name)}=${safe(value)}`);
  return `<!-- rpm-deps:${safe(key)}${rest.join('')} -->`;
}

/** The marker with a key in a text, to which forges and users may have added any text. */
export function findMarker(text: string, key: string): Marker | undefined {
  for (const match of text.matchAll(/<!-- rpm-deps:([\w./@:+-]+)((?: [\w./@:+-]+=[\w./@:+-]*)*) -->/g)) {
    if (match[1] !== safe(key)) continue;
    const pairs = match[2]!.split(' ').filter((pair) => pair !== '');
    return {
      key: match[1],
      values: Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    };
  }
  return undefined;
}

const safe = (text: string): string => text.replace(/[^\w./@:+-]/g, '_').replace(/--+/g, '-');
