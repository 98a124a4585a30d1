/**
 * Escapes texts from repositories that a forge would interpret: mentions, keywords that close issues, commands of
 * Prow, quick actions of GitLab at the start of a line, `[skip ci]`, trailers.
 */

/** A line of a commit message, with only characters that no program interprets. */
export const harmlessLine = (text: string): string =>
  text
    .replace(/[^\w .,+:~^%(){}<>=-]/g, '_')
    .replace(/_{3,}/g, '_')
    .replace(/\b((?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? +GH)-(?=\d)/gi, '$1_')
    .slice(0, 200);

/** Final check of Markdown whose words are already escaped: no line begins with a command. */
export const harmlessMarkdown = (text: string): string =>
  text
    .replace(/^([ \t>*-]*)\/(?=[A-Za-z])/gm, '$1\u200b/')
    .replace(/\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?|implement(?:s|ed)?)(:?\s+)(?=\S*[#!]\d|https?:|GH-\d)/gi, '$1\u200b$2');
