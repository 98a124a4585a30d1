/** Whether an author may be the account of the token, as far as that is known. The APIs of GitHub write bots with and without `[bot]`. */
export const isSameAccount = (author: string, login: string | undefined): boolean => login === undefined || bare(author) === bare(login);

const bare = (name: string): string => name.replace(/\[bot\]$/, '').toLowerCase();
