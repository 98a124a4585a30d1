import { type Lockfile, RpmDepsError, whyPackage } from 'rpm-deps';
import { first } from '../store/database.ts';
import { draw } from './drawing.ts';
import { chainsGraph, type DrawnGraph, wholeGraph } from './drawing-graph.ts';
import { type Html, html, pathTo } from './html.ts';
import { scrolling } from './layout.ts';
import type { PageRequest, Shown } from './page-request.ts';
import { projectOf } from './project-pages.ts';

const CHAINS = 40;

async function lockOf(asked: PageRequest): Promise<{ readonly lock: Lockfile; readonly path: readonly string[]; readonly title: string }> {
  const project = await projectOf(asked);
  const { set = '', architecture = '' } = asked.params;
  const row = await first<{ body: Lockfile }>(
    asked.service.database,
    'select b.body from lock l join lock_body b on b.digest = l.digest where l.project_id = $1 and l.revision = $2 and l.package_set = $3 and l.architecture = $4',
    [project.id, asked.query['revision'] ?? project.revision, set, architecture],
  );
  if (row === undefined) throw new RpmDepsError('NOT_FOUND', `the project has no lockfile of ${set} for ${architecture}`);
  return {
    lock: row.body,
    path: ['projects', project.name, 'locks', set, architecture],
    title: `${project.name}: ${set}, ${architecture}`,
  };
}

export async function lockPage(asked: PageRequest): Promise<Shown> {
  const { lock, path, title } = await lockOf(asked);
  const filter = (asked.query['filter'] ?? '').slice(0, 200);
  const wanted = filter.toLowerCase();
  const shown = lock.packages.filter(
    ({ name, source }) => name.toLowerCase().includes(wanted) || (source ?? '').toLowerCase().includes(wanted),
  );
  const body = html`${back(asked)}
<form class="row" role="search"><label>Name or source contains<br><input type="search" name="filter" value="${filter}"></label><button>Filter</button></form>
<p role="status">${shown.length} of ${lock.packages.length} packages. <a href="${pathTo([...path, 'drawing'])}">Draw the whole set</a></p>
${
  shown.length > 0 &&
  scrolling(
    'Packages',
    html`<table><thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Arch</th><th scope="col">Source</th><th scope="col">Repository</th><th scope="col" class="number">Size</th></tr></thead><tbody>${shown.map(
      ({ name, epoch, version, release, arch, source, repository, size }) =>
        html`<tr><th scope="row"><a href="${pathTo([...path, 'why', name])}">${name}</a></th><td><code>${epoch === '0' ? '' : `${epoch}:`}${version}-${release}</code></td><td>${arch}</td><td>${source?.replace(/-[^-]+-[^-]+\.src\.rpm$/, '')}</td><td>${repository}</td><td class="number">${size === undefined ? '' : `${Math.ceil(size / 1024)} kB`}</td></tr>`,
    )}</tbody></table>`,
  )
}`;
  return { title, at: 'projects', body };
}

export async function whyPage(asked: PageRequest): Promise<Shown> {
  const { lock, path } = await lockOf(asked);
  const name = asked.params['package']!;
  const why = whyPackage(lock, name);
  if (why === undefined) throw new RpmDepsError('NOT_FOUND', `the lockfile has no package \`${name}\``);
  const chains = shortestChains(lock, name, why.chains);
  const link = (other: string): Html => html`<a href="${pathTo([...path, 'why', other])}">${other}</a>`;
  const body = html`<p><a href="${pathTo(path)}">All packages of this lock</a></p>
<p>${why.locked.map((nevra) => html`<code>${nevra}</code> `)}</p>
${why.requested.length > 0 ? html`<p>Requested as ${why.requested.map((spec) => html`<code>${spec}</code> `)}</p>` : ''}
${chains.length > 0 ? await drawn(chainsGraph(chains, name), `Shortest chains from requested packages to ${name}`) : ''}
<h2>Chains from requested packages</h2>
${chains.length === 0 ? html`<p class="soft">No requested package needs it.</p>` : html`<ul class="chains">${chains.map((chain) => html`<li>${chain.map((step, i) => html`${i > 0 ? ' → ' : ''}${step === name ? html`<strong>${step}</strong>` : link(step)}`)}</li>`)}</ul>`}`;
  return { title: `Why ${name}?`, at: 'projects', body };
}

/** The shortest chain from each requested package, the shortest first. */
function shortestChains(lock: Lockfile, name: string, known: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const all = whyPackage(lock, name, { all: true, limit: 400 })?.chains ?? known;
  const first = new Map<string, readonly string[]>();
  for (const chain of [...known, ...all]) {
    const before = first.get(chain[0]!);
    if (before === undefined || before.length > chain.length) first.set(chain[0]!, chain);
  }
  return [...first.values()].sort((a, b) => a.length - b.length || (a[0]! < b[0]! ? -1 : 1)).slice(0, CHAINS);
}

export async function wholePage(asked: PageRequest): Promise<Shown> {
  const { lock, path, title } = await lockOf(asked);
  const body = html`<p><a href="${pathTo(path)}">All packages of this lock</a></p>
<p>An arrow leads from a package to what it needs; arrows that follow from others are left out. A dashed box holds packages that need each other. Boxes with a strong border were requested.</p>
${await drawn(wholeGraph(lock), `All ${lock.packages.length} packages of the lock, and what they need`)}`;
  return { title, at: 'projects', body };
}

/** If the drawing fails, the page is shown without it. */
async function drawn(graph: DrawnGraph, label: string): Promise<Html> {
  try {
    return scrolling(label, await draw(graph, label));
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    return html`<p class="notice warn">No drawing: ${error.message}. ${error.hint}</p>`;
  }
}

const back = ({ params }: PageRequest): Html => html`<p><a href="${pathTo(['projects', params['name']!])}">${params['name']}</a></p>`;
