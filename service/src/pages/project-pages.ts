import { RpmDepsError } from 'rpm-deps';
import { isAllowed, requireScope } from '../http/actor.ts';
import { requireForm } from '../http/viewer.ts';
import { JOB_COLUMNS, type Job, type JobKind, MAX_ATTEMPTS } from '../jobs/job.ts';
import { createJob } from '../jobs/job-store.ts';
import { findProject, type ProjectRow } from '../jobs/project-store.ts';
import { writeAudit } from '../store/tokens.ts';
import { type Html, html, pathTo } from './html.ts';
import { scrolling, stateTag, timeTag } from './layout.ts';
import { type PageRequest, requireProject, type Shown } from './page-request.ts';

interface Overview extends ProjectRow {
  readonly locks: number;
  readonly locked_at: Date | null;
  readonly next_run_at: Date | null;
}

export async function projectsPage({ service, viewer }: PageRequest): Promise<Shown> {
  const { rows } = await service.database.query<Overview>(
    `select p.*, (select count(*)::int from lock l where l.project_id = p.id and l.revision = p.revision) as locks,
       (select max(l.committed_at) from lock l where l.project_id = p.id and l.revision = p.revision) as locked_at,
       (select min(s.next_run_at) from schedule s where s.project_id = p.id and s.enabled and p.paused_at is null) as next_run_at
     from project p where $1::uuid is null or p.id = $1 order by p.name`,
    [viewer.actor.projectId ?? null],
  );
  const now = service.now();
  const body =
    rows.length === 0
      ? html`<p>There are no projects yet. Add one with the API: <code>POST /v1/projects</code>.</p>`
      : scrolling(
          'Projects',
          html`<table><thead><tr><th scope="col">Project</th><th scope="col">State</th><th scope="col">Locks changed</th><th scope="col" class="number">Locks</th><th scope="col">Checked</th><th scope="col">Next run</th></tr></thead><tbody>${rows.map(
            (row) =>
              html`<tr><th scope="row"><a href="${pathTo(['projects', row.name])}">${row.name}</a></th><td>${stateTag(row.paused_at === null ? row.state : 'paused')}${
                row.state_text !== '' && html`<br><span class="soft">${row.state_text}</span>`
              }</td><td>${timeTag(row.locked_at, now)}</td><td class="number">${row.locks}</td><td>${timeTag(row.checked_at, now)}</td><td>${timeTag(row.next_run_at, now)}</td></tr>`,
          )}</tbody></table>`,
        );
  return { title: 'Projects', at: 'projects', body };
}

export async function projectOf({ service, viewer, params }: PageRequest): Promise<ProjectRow> {
  const project = await findProject(service.database, params['name']!);
  if (project === undefined) throw new RpmDepsError('NOT_FOUND', `there is no project \`${params['name']}\``);
  requireProject(viewer, project.id);
  return project;
}

export async function projectPage(asked: PageRequest): Promise<Shown> {
  const { service, viewer } = asked;
  const { database } = service;
  const project = await projectOf(asked);
  const now = service.now();
  const locks = await database.query<{ package_set: string; architecture: string; committed_at: Date | null; packages: number }>(
    `select l.package_set, l.architecture, l.committed_at, jsonb_array_length(b.body->'packages')::int as packages
     from lock l join lock_body b on b.digest = l.digest where l.project_id = $1 and l.revision = $2 order by 1, 2`,
    [project.id, project.revision],
  );
  const jobs = await database.query<Job>(`select ${JOB_COLUMNS} from job where project_id = $1 order by created_at desc, id limit 15`, [
    project.id,
  ]);
  const schedules = await database.query<{ kind: string; cron: string; time_zone: string; next_run_at: Date | null; enabled: boolean }>(
    'select kind, cron, time_zone, next_run_at, enabled from schedule where project_id = $1 order by kind',
    [project.id],
  );
  const revisions = await database.query<{ revision: string; at: Date | null }>(
    'select revision, max(committed_at) as at from lock where project_id = $1 group by revision order by max(committed_at) desc nulls last limit 20',
    [project.id],
  );
  const body = html`
<dl class="facts"><dt>State</dt><dd>${stateTag(project.paused_at === null ? project.state : 'paused')} ${project.state_text}</dd>
<dt>Repository</dt><dd><code>${project.clone_url}</code>, branch <code>${project.branch}</code></dd>
<dt>Manifest</dt><dd><code>${project.manifest}</code>, lockfiles in <code>${project.lockfiles}</code></dd>
<dt>Revision</dt><dd>${project.revision === null ? 'not checked yet' : html`<code>${project.revision.slice(0, 12)}</code>, checked ${timeTag(project.checked_at, now)}`}</dd></dl>
${isAllowed(viewer.actor, 'operate') && viewer.csrf !== undefined ? startForm(project, viewer.csrf) : ''}
<h2>Locks</h2>
${
  locks.rows.length === 0
    ? html`<p class="soft">No lockfiles yet.</p>`
    : scrolling(
        'Locks',
        html`<table><thead><tr><th scope="col">Lock</th><th scope="col" class="number">Packages</th><th scope="col">Changed</th><th scope="col">Drawing</th></tr></thead><tbody>${locks.rows.map(
          ({ package_set, architecture, committed_at, packages }) =>
            html`<tr><th scope="row"><a href="${pathTo(['projects', project.name, 'locks', package_set, architecture])}">${package_set}, ${architecture}</a></th><td class="number">${packages}</td><td>${timeTag(committed_at, now)}</td><td><a href="${pathTo(['projects', project.name, 'locks', package_set, architecture, 'drawing'])}" aria-label="drawing of ${package_set}, ${architecture}">drawing</a></td></tr>`,
        )}</tbody></table>`,
      )
}
${revisions.rows.length > 1 ? compareForm(project, revisions.rows) : ''}
<h2>Schedules</h2>
${
  schedules.rows.length === 0
    ? html`<p class="soft">No schedules.</p>`
    : html`<ul>${schedules.rows.map(({ kind, cron, time_zone, next_run_at, enabled }) => html`<li>${kind}: <code>${cron}</code> in ${time_zone}, ${enabled ? html`next ${timeTag(next_run_at, now)}` : 'switched off'}</li>`)}</ul>`
}
<h2>Last runs</h2>
${jobsTable(jobs.rows, now)}`;
  return { title: project.name, at: 'projects', body };
}

function startForm({ name }: ProjectRow, csrf: string): Html {
  return html`<form class="row" method="post" action="${pathTo(['projects', name, 'start'])}"><input type="hidden" name="csrf" value="${csrf}">
<button class="main" name="kind" value="check">Check now</button> <button name="kind" value="update">Update</button> <button name="kind" value="lock">Lock</button></form>`;
}

function compareForm({ name }: ProjectRow, revisions: readonly { readonly revision: string; readonly at: Date | null }[]): Html {
  const choose = (field: string, label: string, chosen: number): Html =>
    html`<label>${label}<br><select name="${field}">${revisions.map(
      ({ revision, at }, i) =>
        html`<option value="${revision}"${i === chosen ? html` selected` : ''}>${revision.slice(0, 12)}${at === null ? '' : `, ${new Date(at).toISOString().slice(0, 10)}`}</option>`,
    )}</select></label>`;
  return html`<h2>Compare</h2><form class="row" action="${pathTo(['projects', name, 'diff'])}">${choose('from', 'From', Math.min(1, revisions.length - 1))}${choose('to', 'To', 0)}<button>Show the difference</button></form>`;
}

export function jobsTable(jobs: readonly (Job & { readonly project?: string })[], now: Date): Html {
  if (jobs.length === 0) return html`<p class="soft">No jobs yet.</p>`;
  return scrolling(
    'Jobs',
    html`<table><thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">Started</th><th scope="col">By</th><th scope="col">What happened</th></tr></thead><tbody>${jobs.map(
      (job) =>
        html`<tr><th scope="row"><a href="${pathTo(['jobs', job.id])}">${job.project === undefined ? '' : `${job.project}: `}${job.kind} ${job.id.slice(0, 8)}</a></th><td>${stateTag(job.state)}</td><td>${timeTag(job.created_at, now)}</td><td>${job.created_by}</td><td>${outcomeText(job)}</td></tr>`,
    )}</tbody></table>`,
  );
}

function outcomeText({ error, result, progress, state }: Job): string {
  const failure = error as { readonly message?: string } | null;
  if (failure?.message !== undefined) return failure.message;
  if (state === 'running') return String(progress['text'] ?? '');
  const found = result as {
    readonly changed?: boolean;
    readonly ok?: boolean;
    readonly findings?: readonly unknown[];
    readonly url?: string;
  } | null;
  if (found?.url !== undefined) return found.url;
  if (found?.changed !== undefined) return found.changed ? 'there are newer packages' : 'nothing to change';
  if (found?.ok !== undefined)
    return found.ok ? 'the lockfiles are up to date with the manifest' : `${found.findings?.length ?? 0} findings`;
  return '';
}

export async function startFromForm(asked: PageRequest): Promise<Shown> {
  const { service, queue, viewer, request } = asked;
  const form = requireForm(viewer, request);
  requireScope(viewer.actor, 'operate');
  const project = await projectOf(asked);
  const kind = form['kind'] ?? '';
  if (!['check', 'update', 'lock'].includes(kind)) throw new RpmDepsError('USAGE', 'the form does not name an action');
  const job = await service.database.transaction(async (queries) => {
    const made = await createJob(queries, queue, {
      kind: kind as JobKind,
      projectId: project.id,
      createdBy: viewer.name,
      maxAttempts: service.settings.file.jobs?.attempts ?? MAX_ATTEMPTS,
    });
    await writeAudit(queries, viewer.name, `job.${kind}`, project.name, { job: made.id });
    return made;
  });
  return { goTo: pathTo(['jobs', job.id]) };
}
