import { type LockfileDiff, RpmDepsError, type SourceChange, type SourceDiff } from 'rpm-deps';
import { first } from '../store/database.ts';
import { type Changes, changesOf } from './changes.ts';
import { baseList, requestList } from './diff-lists.ts';
import { type Html, html, pathTo } from './html.ts';
import { lockNames } from './lock-names.ts';
import type { PageRequest, Shown } from './page-request.ts';
import { projectOf } from './project-pages.ts';

/** Maximum number of reasons of one change on a page. */
const REASONS = 20;

/** The difference of two revisions for reviewers: by source package, each foldable and linkable, with changelogs and advisories. */
export async function diffPage(asked: PageRequest): Promise<Shown> {
  const { service, query } = asked;
  const { database, settings } = service;
  const project = await projectOf(asked);
  const { from, to } = query;
  if (from === undefined || to === undefined) throw new RpmDepsError('USAGE', 'the revisions to compare are missing: ?from=A&to=B');
  const [before, after] = await Promise.all([locksAt(from), locksAt(to)]);
  const manifest = await first<{ body: string; included: string | null }>(
    database,
    'select body, included from manifest_text where project_id = $1 and revision = $2',
    [project.id, to],
  );
  const { diff, details } = await changesOf(
    service,
    {
      before: before.map(({ body }) => body),
      after: after.map(({ body }) => body),
      manifest: manifest === undefined ? undefined : { text: manifest.body, included: JSON.parse(manifest.included ?? '[]') },
      path: project.manifest,
      cacheDir: settings.cacheDir,
      network: settings.network,
    },
    [...before.map(({ digest }) => digest), 'to', ...after.map(({ digest }) => digest)],
  );
  const body = html`<p><a href="${pathTo(['projects', project.name])}">${project.name}</a></p>
<p>From <code>${from.slice(0, 12)}</code> to <code>${to.slice(0, 12)}</code>: ${summaryText(diff)}</p>
${detailsNotice(details, diff)}
${advisoryList(diff)}
${diff.added_locks.map((lock) => html`<p>New lock: ${lock.package_set}, ${lock.architecture} (${lock.packages} packages)</p>`)}
${diff.removed_locks.map((lock) => html`<p>Lock removed: ${lock.package_set}, ${lock.architecture} (${lock.packages} packages)</p>`)}
${diff.renamed_locks.map((lock) => html`<p>Lock renamed: ${lock.from} is now ${lock.package_set}, ${lock.architecture}</p>`)}
${diff.sources.length > 0 && html`<h2>Packages by source</h2>`}
${diff.sources.map((source) => sourceDetails(source))}
${baseList(diff)}
${requestList(diff)}
${diff.holds.length > 0 && html`<h2>Held</h2><ul>${diff.holds.map((hold) => html`<li><code>${hold.package}</code> at <code>${hold.version}</code>: ${hold.reason}</li>`)}</ul>`}`;
  return { title: `Changes of ${project.name}`, at: 'projects', body };

  async function locksAt(revision: string): Promise<readonly { readonly body: string; readonly digest: string }[]> {
    const { rows } = await database.query<{ body: string; digest: string }>(
      'select b.body::text as body, l.digest from lock l join lock_body b on b.digest = l.digest where l.project_id = $1 and l.revision = $2 order by l.package_set, l.architecture',
      [project.id, revision],
    );
    if (rows.length === 0) throw new RpmDepsError('NOT_FOUND', `no lockfiles are stored for the revision \`${revision}\``);
    return rows;
  }
}

function summaryText({ summary }: Pick<LockfileDiff, 'summary'>): string {
  const parts = (['upgraded', 'downgraded', 'added', 'removed'] as const)
    .filter((kind) => summary[kind] > 0)
    .map((kind) => `${summary[kind]} ${kind}`);
  return parts.length === 0 ? 'no packages differ' : `${parts.join(', ')} in ${summary.locks_changed} locks`;
}

/** An empty list could be read as "no CVEs fixed", so the page shows what is unknown. */
function detailsNotice(details: Changes['details'], { sources }: LockfileDiff): Html | '' {
  const hasDetails = sources.some(({ changelog, advisories }) => changelog !== undefined || advisories !== undefined);
  if (details.kind === 'read' && (hasDetails || sources.length === 0)) return '';
  if (details.kind === 'read') return html`<p class="soft">The repositories have no changelogs or advisories for these changes.</p>`;
  if (details.kind === 'reading')
    return html`<p class="notice warn" role="status">Changelogs and advisories are still being read. Load the page again in a moment.</p>`;
  return html`<p class="notice warn" role="status">Changelogs and advisories could not be read: ${details.why}</p>`;
}

function advisoryList({ sources }: LockfileDiff): Html | '' {
  const found = sources.flatMap(({ source, advisories = [] }) => advisories.map((advisory) => ({ source, ...advisory })));
  if (found.length === 0) return '';
  return html`<h2>Advisories</h2><ul>${found.map(
    ({ source, id, severity, title, cves }) =>
      html`<li><a href="#${anchorOf(source)}">${source}</a>: ${id} (${severity}) ${title} ${cves.join(', ')}</li>`,
  )}</ul>`;
}

const KIND_TEXT: Readonly<Record<SourceChange['kind'], string>> = {
  upgraded: 'upgraded',
  downgraded: 'downgraded',
  added: 'added',
  removed: 'removed',
  changed_checksum: 'another checksum of the same version',
  changed_repository: 'from another repository',
};

const anchorOf = (source: string): string => `source-${encodeURIComponent(source)}`;

function sourceDetails({ source, changes, changelog = [], advisories = [] }: SourceDiff): Html {
  const id = anchorOf(source);
  const isOpen = changes.some(({ kind }) => kind !== 'upgraded');
  return html`<details id="${id}"${isOpen ? html` open` : ''}><summary><strong>${source}</strong> ${changes.map(
    (change) =>
      html`${KIND_TEXT[change.kind]} <code>${change.before}${change.before !== null && change.after !== null ? ' → ' : ''}${change.after}</code> `,
  )}${advisories.length > 0 && html`<span class="state bad">${advisories.length} advisories</span>`}</summary>
<p><a href="#${id}">Link to ${source}</a></p>
${changes.map(
  ({ packages, locks, reasons }) =>
    html`<p>${packages.length} packages: ${packages.map(({ name }) => html`<code>${name}</code> `)}</p><p class="soft">in ${lockNames(locks)}</p>${
      reasons.length > 0 &&
      html`<ul>${reasons.slice(0, REASONS).map((reason) => html`<li>${reason.package}: ${reason.kind === 'required' ? reason.chain.join(' → ') : reason.kind.replaceAll('_', ' ')}</li>`)}</ul>`
    }`,
)}
${advisories.length > 0 && html`<h3>Advisories of ${source}</h3><ul>${advisories.map(({ id: name, severity, title, cves }) => html`<li>${name} (${severity}): ${title} ${cves.join(', ')}</li>`)}</ul>`}
${changelog.length > 0 && html`<h3>Changelog of ${source}</h3><ul>${changelog.map(({ date, author, text }) => html`<li>${date} ${author}<pre tabindex="0">${text}</pre></li>`)}</ul>`}
</details>`;
}
