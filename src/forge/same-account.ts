/** Whether an author may be the account of the token, if known. GitHub's APIs return names of bots with and without `[bot]`. */
export const isSameAccount = (author: string, login: string | undefined): boolean => login === undefined || bare(author) === bare(login);

const bare = (name: string): string => name.replace(/\[bot\]$/, '').toLowerCase();
