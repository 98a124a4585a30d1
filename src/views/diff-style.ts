/** Colours of the lines of a diff: downgrades, lost packages and files that are not what they were stand out. */
export function diffLineStyle(line: string, heading: string): 'red' | 'yellow' | undefined {
  if (heading.startsWith('THE SAME VERSION') || heading === 'Removed' || heading === 'Removed locks') return 'red';
  return heading === 'Downgraded' || line.includes(' (a downgrade)') ? 'yellow' : undefined;
}
