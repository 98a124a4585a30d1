import { RpmDepsError } from 'rpm-deps';
import { isFinal, JOB_COLUMNS, type Job } from '../jobs/job.ts';
import { first } from '../store/database.ts';
import { html, pathTo, webLink } from './html.ts';
import { scrolling, stateTag, timeTag } from './layout.ts';
import type { PageRequest, Shown } from './page-request.ts';
import { jobsTable } from './project-pages.ts';

const LISTED = JOB_COLUMNS.split(', ')
  .map((column) => `j.${column}`)
  .join(', ');

export async function jobsPage({ service, viewer }: PageRequest): Promise<Shown> {
  const { rows } = await service.database.query<Job & { project: string }>(
    `select ${LISTED}, p.name as project from job j join project p on p.id = j.project_id where $1::uuid is null or p.id = $1 order by j.created_at desc, j.id limit 100`,
    [viewer.actor.projectId ?? null],
  );
  return { title: 'Jobs', at: 'jobs', body: jobsTable(rows, service.now()) };
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}
interface Result {
  readonly url?: string;
  readonly markdown?: string;
  readonly findings?: readonly { readonly file: string; readonly message: string; readonly fix: string }[];
  readonly failures?: readonly {
    readonly package_set: string;
    readonly architecture: string;
    readonly problems: readonly { readonly text: string }[];
  }[];
}

export async function jobPage({ service, viewer, params }: PageRequest): Promise<Shown> {
  const job = await first<Job & { project: string }>(
    service.database,
    `select ${LISTED}, p.name as project from job j join project p on p.id = j.project_id where j.id::text = $1 and ($2::uuid is null or p.id = $2)`,
    [params['id'], viewer.actor.projectId ?? null],
  );
  if (job === undefined) throw new RpmDepsError('NOT_FOUND', `there is no job \`${params['id']}\``);
  const { rows: attempts } = await service.database.query<{
    attempt: number;
    worker: string;
    started_at: Date;
    ended_at: Date | null;
    outcome: string | null;
  }>('select attempt, worker, started_at, ended_at, outcome from attempt where job_id = $1 order by attempt', [job.id]);
  const now = service.now();
  const failure = job.error as Failure | null;
  const result = (job.result ?? {}) as Result;
  const link = webLink(result.url ?? null);
  const body = html`<dl class="facts"><dt>Project</dt><dd><a href="${pathTo(['projects', job.project])}">${job.project}</a></dd>
<dt>State</dt><dd>${stateTag(job.state)}</dd><dt>Started</dt><dd>${timeTag(job.created_at, now)} by ${job.created_by}</dd>
<dt>Ended</dt><dd>${job.finished_at === null ? 'not yet' : timeTag(job.finished_at, now)}</dd></dl>
${
  isFinal(job.state)
    ? ''
    : html`<div data-events="${pathTo(['v1', 'jobs', job.id, 'events'])}"><p role="status" data-text>${String(job.progress['text'] ?? 'waiting')}</p><progress aria-label="Progress of the job"></progress><p class="soft">Without JavaScript, load the page again to see more.</p></div>`
}
${failure !== null && html`<div class="notice bad"><p><strong>${failure.message}</strong></p>${failure.details.map((line) => html`<p>${line}</p>`)}<p>${failure.hint}</p><p><a href="/errors#${failure.code}">${failure.code}</a></p></div>`}
${link !== undefined && html`<p><a href="${link}">${link}</a></p>`}
${(result.findings ?? []).length > 0 && html`<h2>Findings</h2><ul>${result.findings!.map(({ file, message, fix }) => html`<li><code>${file}</code>: ${message}. <code>${fix}</code></li>`)}</ul>`}
${(result.failures ?? []).map(({ package_set, architecture, problems }) => html`<h2>${package_set}, ${architecture} cannot be solved</h2>${problems.map(({ text }) => html`<pre>${text}</pre>`)}`)}
${result.markdown !== undefined && result.markdown !== '' && html`<h2>Changes</h2><pre tabindex="0">${result.markdown}</pre>`}
<h2>Attempts</h2>
${
  attempts.length === 0
    ? html`<p class="soft">None yet.</p>`
    : scrolling(
        'Attempts',
        html`<table><thead><tr><th scope="col" class="number">No.</th><th scope="col">Outcome</th><th scope="col">Began</th><th scope="col">Worker</th></tr></thead><tbody>${attempts.map(
          ({ attempt, worker, started_at, outcome }) =>
            html`<tr><td class="number">${attempt}</td><td>${outcome ?? 'running'}</td><td>${timeTag(started_at, now)}</td><td><code>${worker}</code></td></tr>`,
        )}</tbody></table>`,
      )
}`;
  return { title: `Job: ${job.kind}`, at: 'jobs', body, isLive: !isFinal(job.state) };
}
