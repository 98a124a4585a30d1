import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { requireScope } from '../http/actor.ts';
import { anonymous } from '../http/authenticate.ts';
import { CALLBACK } from '../http/openid.ts';
import type { Asked, Route } from '../http/route.ts';
import { sessionOf, type Viewer } from '../http/viewer.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { WebService } from '../service.ts';
import { diffPage } from './diff-page.ts';
import { errorsPage } from './errors-page.ts';
import { jobPage, jobsPage } from './job-pages.ts';
import { renderPage } from './layout.ts';
import { lockPage, wholePage, whyPage } from './lock-pages.ts';
import { loginPage, loginWithForm, logout } from './login-page.ts';
import { openidCallback, openidLogin } from './openid-pages.ts';
import type { PageRequest, Shown } from './page-request.ts';
import { projectPage, projectsPage, startFromForm } from './project-pages.ts';
import { searchPage } from './search-page.ts';

type MakePage = (asked: PageRequest) => Promise<Shown>;

const ASSETS = { 'style.css': 'text/css', 'live.js': 'text/javascript', 'icon.svg': 'image/svg+xml' } as const;
const FOLDER = fileURLToPath(new URL(import.meta.url.endsWith('.js') ? '../assets' : '../../assets', import.meta.url));

export function pageRoutes(service: WebService, queue: JobQueue): Route[] {
  const page = (method: 'GET' | 'POST', url: string, make: MakePage, isOpen = false): Route => ({
    method,
    url,
    summary: 'A page',
    isPage: true,
    handle: async (request, reply) => {
      const viewer = await viewerOf(service, request);
      if (!isOpen && method === 'GET' && viewer.csrf === undefined && viewer.actor.scopes.length === 0)
        return reply.redirect('/login', 303);
      if (!isOpen) requireScope(viewer.actor, 'read');
      const shown = await make({ service, queue, viewer, request, params: request.params, query: request.query, reply });
      if ('goTo' in shown) return reply.redirect(shown.goTo, 303);
      return reply
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(renderPage({ ...shown, viewer }));
    },
  });
  return [
    page('GET', '/', projectsPage),
    page('GET', '/projects/:name', projectPage),
    page('POST', '/projects/:name/start', startFromForm),
    page('GET', '/projects/:name/locks/:set/:architecture', lockPage),
    page('GET', '/projects/:name/locks/:set/:architecture/drawing', wholePage),
    page('GET', '/projects/:name/locks/:set/:architecture/why/:package', whyPage),
    page('GET', '/projects/:name/diff', diffPage),
    page('GET', '/jobs', jobsPage),
    page('GET', '/jobs/:id', jobPage),
    page('GET', '/search', searchPage),
    page('GET', '/errors', errorsPage, true),
    page('GET', '/login', loginPage, true),
    page('POST', '/login', loginWithForm, true),
    page('GET', '/login/openid', openidLogin, true),
    page('GET', CALLBACK, openidCallback, true),
    page('POST', '/logout', logout, true),
    ...Object.entries(ASSETS).map(([name, type]): Route => {
      const content = readFileSync(`${FOLDER}/${name}`);
      return {
        method: 'GET',
        url: `/assets/${name}`,
        summary: 'A file of the pages',
        isPage: true,
        isFree: true,
        handle: (_request, reply) => reply.header('cache-control', 'public, max-age=300').type(`${type}; charset=utf-8`).send(content),
      };
    }),
  ];
}

async function viewerOf(service: WebService, request: Asked): Promise<Viewer> {
  const session = await sessionOf(service, request);
  return session ?? { name: 'nobody', csrf: undefined, actor: anonymous(service, request.headers.host) };
}
