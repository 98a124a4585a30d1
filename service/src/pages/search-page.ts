import { findLocked, olderThan } from '../http/routes/search.ts';
import { html, pathTo } from './html.ts';
import { scrolling } from './layout.ts';
import type { PageRequest, Shown } from './page-request.ts';

/** The projects that lock a package, or an older version of it. */
export async function searchPage({ service, viewer, query }: PageRequest): Promise<Shown> {
  const name = (query['name'] ?? '').trim().slice(0, 200);
  const older = (query['older_than'] ?? '').trim().slice(0, 200);
  const all = name === '' ? [] : await findLocked(service.database, name, viewer.actor.projectId, undefined);
  const rows = older === '' ? all : olderThan(all, older);
  const places = new Set(rows.map(({ project }) => project)).size;
  const body = html`<form class="row" role="search"><label>Package<br><input name="name" value="${name}" required></label><label>Older than (optional)<br><input name="older_than" value="${older}" placeholder="3.0.7-28.el9"></label><button class="main">Search</button></form>
${
  name !== '' &&
  html`<p role="status">${rows.length === 0 ? `No project locks ${all.length === 0 ? 'it' : 'an older version'}.` : `${rows.length === 1 ? '1 lock' : `${rows.length} locks`} in ${places === 1 ? '1 project' : `${places} projects`}`}</p>${
    rows.length > 0 &&
    scrolling(
      'Locks that have the package',
      html`<table><thead><tr><th scope="col">Project</th><th scope="col">Lock</th><th scope="col">Version</th><th scope="col">Why</th></tr></thead><tbody>${rows.map(
        (row) =>
          html`<tr><th scope="row"><a href="${pathTo(['projects', row.project])}">${row.project}</a></th><td>${row.package_set}, ${row.architecture}</td><td><code>${row.epoch === '0' ? '' : `${row.epoch}:`}${row.version}-${row.release}.${row.arch}</code></td><td><a href="${pathTo(['projects', row.project, 'locks', row.package_set, row.architecture, 'why', row.name])}">why ${row.name} in ${row.package_set}, ${row.architecture}</a></td></tr>`,
      )}</tbody></table>`,
    )
  }`
}`;
  return { title: 'Search', at: 'search', body };
}
