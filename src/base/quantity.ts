/** `1 lock`, `24 locks`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Human-readable bytes: `71 kB`, `12.3 MB`; powers of 1000. */
export function sizeText(bytes: number): string {
  const absolute = Math.abs(bytes);
  if (absolute < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (Math.abs(value) >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

/** With its sign; empty if unknown or 0. */
export const sizeDeltaText = (bytes: number | null): string =>
  bytes === null || bytes === 0 ? '' : bytes > 0 ? `+${sizeText(bytes)}` : sizeText(bytes);
