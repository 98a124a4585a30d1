import { anonymous } from '../http/authenticate.ts';
import type { ProblemDocument } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** A problem document as a page. It does not show the user, because reading the session may have failed. */
export function failurePage(service: Service, { detail, hint, details, code, request_id }: ProblemDocument): string {
  const body = html`<div class="notice bad"><p><strong>${detail}</strong></p>${details.map((line) => html`<p>${line}</p>`)}<p>${hint}</p></div>
<p class="soft"><a href="/errors#${code}">${code}</a>, request ${request_id}</p><p><a href="/">Projects</a></p>`;
  return renderPage({
    title: 'That did not work',
    body,
    viewer: { name: 'nobody', csrf: undefined, actor: anonymous(service, undefined) },
  });
}
