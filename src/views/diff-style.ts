/** Colours of the lines of a diff, to highlight downgrades, lost packages and changed files. */
export function diffLineStyle(line: string, heading: string): 'red' | 'yellow' | undefined {
  if (heading.startsWith('THE SAME VERSION') || heading === 'Removed' || heading === 'Removed locks') return 'red';
  return heading === 'Downgraded' || line.includes(' (a downgrade)') ? 'yellow' : undefined;
}
