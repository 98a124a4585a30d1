import { diffLockfiles, type Lockfile, type LockfileDiff, RpmDepsError, type SourceChange, type SourceDiff } from 'rpm-deps';
import { type Html, html, pathTo } from './html.ts';
import type { PageRequest, Shown } from './page-request.ts';
import { projectOf } from './project-pages.ts';

/** The difference of two revisions as a reviewer reads it: by source package, each foldable and linkable. */
export async function diffPage(asked: PageRequest): Promise<Shown> {
  const { service, query } = asked;
  const project = await projectOf(asked);
  const { from, to } = query;
  if (from === undefined || to === undefined) throw new RpmDepsError('USAGE', 'say which revisions to compare: ?from=A&to=B');
  const [before, after] = await Promise.all([locksAt(from), locksAt(to)]);
  const diff = diffLockfiles(before, after);
  const body = html`<p><a href="${pathTo(['projects', project.name])}">${project.name}</a></p>
<p>From <code>${from.slice(0, 12)}</code> to <code>${to.slice(0, 12)}</code>: ${summaryText(diff)}</p>
${diff.added_locks.map((lock) => html`<p>New lock: ${lock.package_set}, ${lock.architecture} (${lock.packages} packages)</p>`)}
${diff.removed_locks.map((lock) => html`<p>Lock removed: ${lock.package_set}, ${lock.architecture} (${lock.packages} packages)</p>`)}
${diff.sources.map((source) => sourceDetails(source))}
${diff.holds.length > 0 && html`<h2>Held</h2><ul>${diff.holds.map((hold) => html`<li><code>${hold.package}</code> at <code>${hold.version}</code>: ${hold.reason}</li>`)}</ul>`}`;
  return { title: `Changes of ${project.name}`, at: 'projects', body };

  async function locksAt(revision: string): Promise<Lockfile[]> {
    const { rows } = await service.database.query<{ body: Lockfile }>(
      'select b.body from lock l join lock_body b on b.digest = l.digest where l.project_id = $1 and l.revision = $2 order by l.package_set, l.architecture',
      [project.id, revision],
    );
    if (rows.length === 0) throw new RpmDepsError('NOT_FOUND', `no locks are known of the revision \`${revision}\``);
    return rows.map(({ body: lock }) => lock);
  }
}

function summaryText({ summary }: Pick<LockfileDiff, 'summary'>): string {
  const parts = (['upgraded', 'downgraded', 'added', 'removed'] as const)
    .filter((kind) => summary[kind] > 0)
    .map((kind) => `${summary[kind]} ${kind}`);
  return parts.length === 0 ? 'no packages differ' : `${parts.join(', ')} in ${summary.locks_changed} locks`;
}

const KIND_TEXT: Readonly<Record<SourceChange['kind'], string>> = {
  upgraded: 'upgraded',
  downgraded: 'downgraded',
  added: 'added',
  removed: 'removed',
  changed_checksum: 'another checksum of the same version',
  changed_repository: 'from another repository',
};

function sourceDetails({ source, changes, changelog = [], advisories = [] }: SourceDiff): Html {
  const id = `source-${encodeURIComponent(source)}`;
  const isOpen = changes.some(({ kind }) => kind !== 'upgraded');
  return html`<details id="${id}"${isOpen ? html` open` : ''}><summary><strong>${source}</strong> ${changes.map(
    (change) =>
      html`${KIND_TEXT[change.kind]} <code>${change.before}${change.before !== null && change.after !== null ? ' → ' : ''}${change.after}</code> `,
  )}${advisories.length > 0 && html`<span class="state bad">${advisories.length} advisories</span>`}</summary>
<p><a href="#${id}">Link to ${source}</a></p>
${changes.map(
  ({ packages, locks, reasons }) =>
    html`<p>${packages.length} packages: ${packages.map(({ name }) => html`<code>${name}</code> `)}</p><p class="soft">in ${locks.map(({ package_set, architecture }) => `${package_set}-${architecture}`).join(', ')}</p>${
      reasons.length > 0 &&
      html`<ul>${reasons.slice(0, 20).map((reason) => html`<li>${reason.package}: ${reason.kind === 'required' ? reason.chain.join(' → ') : reason.kind.replaceAll('_', ' ')}</li>`)}</ul>`
    }`,
)}
${advisories.length > 0 && html`<p>Advisories</p><ul>${advisories.map(({ id: name, severity, title, cves }) => html`<li>${name} (${severity}): ${title} ${cves.join(', ')}</li>`)}</ul>`}
${changelog.length > 0 && html`<p>Changelog</p><ul>${changelog.map(({ date, author, text }) => html`<li>${date} ${author}<pre>${text}</pre></li>`)}</ul>`}
</details>`;
}
