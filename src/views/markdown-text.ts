import { shortPrintable } from '../base/printable.ts';

/** Text as code, so that nothing in it is markup, a mention or a link. */
export const codeSpan = (text: string): string => `\`${shortPrintable(text).replaceAll('`', "'")}\``;

/**
 * Text as text, on one line. `@`, `#`, `GH-` and the colon of addresses are broken up by an invisible character: metadata must not call
 * people, close issues or be mentioned in those of others.
 */
export const escapeMarkdown = (text: string): string =>
  shortPrintable(text, 2000)
    .replace(/[\\`*[\]<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) =>
      character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
    )
    // What would begin a list, a quotation or a heading.
    .replace(/^(\s*)([-+>#]|\d+[.)])(?=\s)/, (_, blanks: string, mark: string) => `${blanks}${mark.slice(0, -1)}\\${mark.slice(-1)}`)
    .replace(/[@#](?=\w)|gh-(?=\d)|https?:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
