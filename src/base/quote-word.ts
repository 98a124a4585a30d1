/** A word of a shell, quoted so that the shell changes nothing in it. */
export const quoteWord = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
