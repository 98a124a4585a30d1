import { ERROR_CODES } from 'rpm-deps';
import { html } from './html.ts';
import type { Shown } from './page-request.ts';

/** The page that the `type` of a problem document links to. */
export async function errorsPage(): Promise<Shown> {
  const body = html`<dl>${Object.entries(ERROR_CODES).map(([code, { status, meaning }]) => html`<dt id="${code}"><code>${code}</code>, status ${status}</dt><dd>${meaning}</dd>`)}</dl>`;
  return { title: 'Errors', body };
}
