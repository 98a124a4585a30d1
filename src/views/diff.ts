import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { diffShape } from './diff-shape.ts';
import { diffLineStyle } from './diff-style.ts';
import { renderDiffText } from './diff-text.ts';
import { defineView } from './view.ts';

/** The output of `diff`, except the Markdown in diff-markdown.ts. */
export const diffView = defineView({
  command: 'diff',
  about: 'What changed between two states of the lockfiles',
  schema: 1,
  shape: diffShape,
  json: (diff: LockfileDiff) => diff,
  text: renderDiffText,
  styleOf: diffLineStyle,
});
