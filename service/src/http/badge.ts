import type { ProjectState } from '../jobs/project-store.ts';

const COLOURS: Readonly<Record<ProjectState, string>> = { ok: '#2e7d32', outdated: '#9a5b00', broken: '#b3261e', new: '#555555' };
/** Approximate width of a character of DejaVu Sans at 11 px, to size a box. */
const CHARACTER = 6.6;

/** An image with fixed texts and a number: it contains no untrusted text. */
export function badge(state: ProjectState, ageMs: number | undefined): string {
  const label = 'RPM locks';
  const value = ageMs === undefined ? state : `${state}, ${ageText(ageMs)}`;
  const [left, right] = [label, value].map((text) => Math.ceil(text.length * CHARACTER) + 12) as [number, number];
  const width = left + right;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${value}"><title>${label}: ${value}</title><rect width="${width}" height="20" rx="3" fill="#444"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${COLOURS[state]}"/><g fill="#fff" font-family="DejaVu Sans,Verdana,sans-serif" font-size="11"><text x="6" y="14">${label}</text><text x="${left + 6}" y="14">${value}</text></g></svg>`;
}

function ageText(ms: number): string {
  const hours = Math.max(0, ms) / 3_600_000;
  if (hours < 1) return 'less than an hour old';
  if (hours < 48) return `${Math.floor(hours)} h old`;
  return `${Math.floor(hours / 24)} days old`;
}
