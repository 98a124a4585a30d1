import { RpmDepsError } from 'rpm-deps';
import { cookieHeader, createSession, endSession, formSecret, requireForm, requireLoginForm } from '../http/viewer.ts';
import { findActor, writeAudit } from '../store/tokens.ts';
import { html } from './html.ts';
import type { PageRequest, Shown } from './page-request.ts';

export async function loginPage(asked: PageRequest): Promise<Shown> {
  const { viewer } = asked;
  return loginForm(asked, viewer.csrf === undefined ? undefined : `You are logged in as ${viewer.name}.`);
}

export function loginForm({ service, request, reply }: PageRequest, notice: string | undefined): Shown {
  const { settings } = service;
  const body = html`${notice !== undefined && html`<p class="notice warn" role="status">${notice}</p>`}
${settings.file.login !== undefined && html`<p><a class="button" href="/login/openid">Log in with ${new URL(settings.file.login.issuer).host}</a></p><p>or with a token:</p>`}
<form method="post" action="/login"><input type="hidden" name="csrf" value="${formSecret(service, request, reply)}"><label>Token<br><input type="password" name="token" required autocomplete="off" size="50"></label><p class="row"><button class="main">Log in</button></p></form>
<p class="soft">The operator makes one with <code>rpm-deps serve token create</code>.</p>`;
  return { title: 'Log in', body };
}

export async function loginWithForm(asked: PageRequest): Promise<Shown> {
  const { service, request, reply } = asked;
  const token = requireLoginForm(service, request)['token']?.trim() ?? '';
  try {
    const actor = await findActor(service.database, token);
    const secret = await createSession(service.database, { tokenId: actor.tokenId, name: actor.name, scopes: actor.scopes });
    await writeAudit(service.database, actor.name, 'login', actor.tokenId ?? '');
    reply.header('set-cookie', cookieHeader(service, secret));
    return { goTo: '/' };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code !== 'UNAUTHORIZED') throw error;
    reply.code(401);
    return loginForm(asked, 'The token is not valid: it is mistyped, expired or revoked.');
  }
}

export async function logout({ service, viewer, request, reply }: PageRequest): Promise<Shown> {
  requireForm(viewer, request);
  await endSession(service, request);
  reply.header('set-cookie', cookieHeader(service, undefined));
  return { goTo: '/' };
}
