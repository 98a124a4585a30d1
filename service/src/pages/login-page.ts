import { RpmDepsError } from 'rpm-deps';
import { cookieHeader, createSession, endSession, requireForm } from '../http/viewer.ts';
import type { WebService } from '../service.ts';
import { findActor, writeAudit } from '../store/tokens.ts';
import { html } from './html.ts';
import type { PageRequest, Shown } from './page-request.ts';

export async function loginPage({ service, viewer }: PageRequest): Promise<Shown> {
  return loginForm(service, viewer.csrf === undefined ? undefined : `You are logged in as ${viewer.name}.`);
}

export function loginForm({ settings }: WebService, notice: string | undefined): Shown {
  const body = html`${notice !== undefined && html`<p class="notice warn" role="status">${notice}</p>`}
${settings.file.login !== undefined && html`<p><a class="button" href="/login/openid">Log in with ${new URL(settings.file.login.issuer).host}</a></p><p>or with a token:</p>`}
<form method="post" action="/login"><label>Token<br><input type="password" name="token" required autocomplete="off" size="50"></label><p class="row"><button class="main">Log in</button></p></form>
<p class="soft">The operator makes one with <code>rpm-deps serve token create</code>.</p>`;
  return { title: 'Log in', body };
}

/** A login of somebody else in a browser does no harm to who looks: no form of an earlier page is needed, but the request has to be of this site. */
export async function loginWithForm({ service, request, reply }: PageRequest): Promise<Shown> {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new RpmDepsError('FORBIDDEN', 'log in from the page of this service');
  const token = (request.body as Readonly<Record<string, string>>)['token']?.trim() ?? '';
  try {
    const actor = await findActor(service.database, token);
    const secret = await createSession(service.database, { tokenId: actor.tokenId, name: actor.name, scopes: actor.scopes });
    await writeAudit(service.database, actor.name, 'login', actor.tokenId ?? '');
    reply.header('set-cookie', cookieHeader(service, secret));
    return { goTo: '/' };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code !== 'UNAUTHORIZED') throw error;
    reply.code(401);
    return loginForm(service, 'The token is not valid: it is mistyped, expired or revoked.');
  }
}

export async function logout({ service, viewer, request, reply }: PageRequest): Promise<Shown> {
  requireForm(viewer, request);
  await endSession(service, request);
  reply.header('set-cookie', cookieHeader(service, undefined));
  return { goTo: '/' };
}
