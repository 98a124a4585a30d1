/** Splits a list at commas and white space: `amd64, arm64`. */
export const splitList = (text: string): string[] => text.split(/[\s,]+/).filter((item) => item !== '');
