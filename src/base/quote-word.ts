/** Quotes a word so that a shell does not change it. */
export const quoteWord = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
