import { printable } from '../manifest/printable.ts';

/** Text as code, so that nothing in it is markup, a mention or a link. */
export const codeSpan = (text: string): string => `\`${printable(text).replaceAll('`', "'")}\``;

/** Text as text. `@` and `#` are broken up by an invisible character: metadata must not call people or close issues. */
export const escapeMarkdown = (text: string): string =>
  printable(text, 2000)
    .replace(/[\\`*[\]<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) =>
      character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
    )
    .replace(/[@#](?=\w)/g, '$&\u200b');
