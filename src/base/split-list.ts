/** The items of a list in a text, with commas or white space between: `amd64, arm64`. */
export const splitList = (text: string): string[] => text.split(/[\s,]+/).filter((item) => item !== '');
