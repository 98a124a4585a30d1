import fc from 'fast-check';

/** Texts made of what decides comparisons: short numbers with zeros, letters, separators, tildes, carets. */
export const versionText = fc
  .array(fc.constantFrom('0', '1', '2', '10', '01', '9', 'a', 'b', 'rc', 'Z', '.', '.', '_', '+', '~', '^', 'é'), { maxLength: 8 })
  .map((parts) => parts.join(''));
