import { RpmDepsError } from 'rpm-deps';
import { beginLogin, CALLBACK, endLogin } from '../http/openid.ts';
import { cookieHeader, createSession, loginCookie, loginCookieHeader } from '../http/viewer.ts';
import { writeAudit } from '../store/tokens.ts';
import { html } from './html.ts';
import { loginForm } from './login-page.ts';
import type { PageRequest, Shown } from './page-request.ts';

export async function openidLogin({ service, reply }: PageRequest): Promise<Shown> {
  if (service.settings.file.login === undefined) throw new RpmDepsError('NOT_FOUND', 'OpenID Connect is not configured');
  const { url, secret } = await beginLogin(service);
  reply.header('set-cookie', loginCookieHeader(service, secret));
  return { goTo: url };
}

/** Target of the provider's redirect. */
export async function openidCallback(asked: PageRequest): Promise<Shown> {
  const { service, request, reply } = asked;
  if (service.settings.file.login === undefined) throw new RpmDepsError('NOT_FOUND', 'OpenID Connect is not configured');
  try {
    const { name, scopes } = await endLogin(service, loginCookie(service, request), request.url.slice(CALLBACK.length));
    if (scopes.length === 0) throw new RpmDepsError('UNAUTHORIZED', `${name} has no rights here`);
    const secret = await createSession(service.database, { tokenId: undefined, name, scopes });
    await writeAudit(service.database, name, 'login', 'openid');
    reply.header('set-cookie', [cookieHeader(service, secret), loginCookieHeader(service, undefined)]);
    // Coming from another site, the browser does not send the strict cookie; from this page it does.
    reply.header('refresh', '0; url=/');
    return { title: 'Logged in', body: html`<p>You are logged in as ${name}. <a href="/">Go to the projects</a></p>` };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code !== 'UNAUTHORIZED') throw error;
    reply.code(401).header('set-cookie', loginCookieHeader(service, undefined));
    return loginForm(asked, `The login failed: ${error.message}.`);
  }
}
