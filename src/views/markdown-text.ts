import { shortPrintable } from '../base/printable.ts';

/** Text as code, so that it contains no markup, mentions or links. */
export const codeSpan = (text: string): string => `\`${shortPrintable(text).replaceAll('`', "'")}\``;

/**
 * Escapes plain text, on one line. An invisible character breaks up `@`, `#`, `GH-` and the colon of URLs: metadata must not mention
 * people, close issues or create references to issues.
 */
export const escapeMarkdown = (text: string): string =>
  shortPrintable(text, 2000)
    .replace(/[\\`*[\]<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) =>
      character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
    )
    // Markers of lists, quotations and headings.
    .replace(/^(\s*)([-+>#]|\d+[.)])(?=\s)/, (_, blanks: string, mark: string) => `${blanks}${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replace(/[@#](?=\w)|gh-(?=\d)|https?:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
