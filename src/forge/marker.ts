/**
 * A hidden line in texts that the bot writes, by which it finds them again: `<!-- rpm-deps:KEY name=value ... -->`. Keys and values are
 * letters, digits and `._/@:+-`, so that nothing from outside can end the comment or look like another marker.
 */
export interface Marker {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

export function renderMarker({ key, values }: Marker): string {
  const rest = Object.entries(values).map(([name, value]) => ` ${safe(name)}=${safe(value)}`);
  return `<!-- rpm-deps:${safe(key)}${rest.join('')} -->`;
}

/** The marker with a key in a text; forges and people may have put anything around it. */
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
