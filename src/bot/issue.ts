/** Maintains one issue about failures: opened, updated, closed after a successful run, reopened. Never opens a second one. */
import type { Forge, Issue } from '../forge/forge.ts';
import { findMarker, renderMarker } from '../forge/marker.ts';
import type { BotReport, Failure, ProjectReport } from '../views/bot-report.ts';
import { codeSpan, escapeMarkdown } from '../views/markdown-text.ts';
import { fitText } from './fit-text.ts';
import { harmlessMarkdown } from './harmless-text.ts';
import { failuresText } from './proposal-text.ts';

const ISSUE_LABEL = 'rpm-deps';
const KEY = 'issue';
const TITLE = 'rpm-deps: the scheduled update of RPM lockfiles fails';

export interface Troubles {
  readonly projects: readonly ProjectReport[];
  readonly failures: readonly Failure[];
}

/** `isBad`: something failed and nothing was proposed. Otherwise failures are in the proposal's description, and an open issue stays open. */
export async function reportInIssue(forge: Forge, troubles: Troubles, { isBad }: { readonly isBad: boolean }): Promise<BotReport['issue']> {
  const own = await findOwn(forge);
  const hasFailures = failuresOf(troubles).length > 0;
  if (!hasFailures) return own?.state === 'open' ? close(forge, own) : null;
  if (!isBad && own?.state !== 'open') return null;
  const body = issueBody(troubles, forge);
  if (own === undefined) {
    const made = await forge.createIssue({ title: TITLE, body, label: ISSUE_LABEL });
    return { url: made.url, state: 'opened' };
  }
  if (own.state === 'open' && own.body.replaceAll('\r\n', '\n').trim() === body.trim()) return { url: own.url, state: 'unchanged' };
  await forge.editIssue(own.number, { body, state: 'open' });
  return { url: own.url, state: own.state === 'open' ? 'updated' : 'opened' };
}

export const failuresOf = ({ projects, failures }: Troubles): Failure[] => [
  ...failures,
  ...projects.flatMap((project) => [...project.failures, ...project.topics.flatMap((topic) => topic.failures)]),
];

/** Prefers an open one to closed ones, then the newest. */
async function findOwn(forge: Forge): Promise<Issue | undefined> {
  const own = (await forge.findIssues(ISSUE_LABEL)).filter(({ body, isTrusted }) => isTrusted && findMarker(body, KEY) !== undefined);
  return own.find(({ state }) => state === 'open') ?? own.sort((a, b) => b.number - a.number)[0];
}

async function close(forge: Forge, issue: Issue): Promise<BotReport['issue']> {
  const marker = renderMarker({ key: KEY, values: {} });
  await forge.editIssue(issue.number, { state: 'closed', body: `${marker}\nThe last run succeeded.\n` });
  return { url: issue.url, state: 'closed' };
}

/** Without dates and times, so that the same failure gives the same text and the issue is not edited. */
function issueBody({ projects, failures }: Troubles, { limits }: Forge): string {
  const parts = projects.flatMap((project) => {
    const own = [...project.failures, ...project.topics.flatMap((topic) => topic.failures)];
    if (own.length === 0) return [];
    return [`### ${codeSpan(project.manifest)} on ${codeSpan(project.base)}\n\n${failuresText(own)}`];
  });
  const text = `${failuresText(failures)}${parts.join('\n')}`;
  const head = `${renderMarker({ key: KEY, values: {} })}\nrpm-deps keeps this issue up to date and closes it after a run without failures.\n\n`;
  const note = escapeMarkdown('The rest is omitted here; the log of the run has everything.');
  return fitText(`${head}${harmlessMarkdown(text)}`, Math.min(limits.body, 60_000), limits.unit, `\n${note}\n`);
}
