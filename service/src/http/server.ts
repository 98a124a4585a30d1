import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import fastify, { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { isPrivateAddress, RpmDepsError } from 'rpm-deps';
import type { Service, WebService } from '../service.ts';
import { sha256 } from '../sha256.ts';
import { type Actor, requireScope } from './actor.ts';
import { authenticate } from './authenticate.ts';
import { Drain } from './drain.ts';
import { describeApi } from './openapi.ts';
import { asServiceError, type ProblemDocument, problemOf, statusOf } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import { type Asked, closed, isConditional, type Route } from './route.ts';
import { requireStorable, serializerCompiler, validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
    /** Ends the request in the rate limiter. */
    leave: (() => void) | undefined;
  }
  interface FastifyContextConfig {
    isPage?: boolean;
    /** Keeps the raw body besides the parsed one, for signatures. */
    keepsRaw?: boolean;
    /** The response has an entity tag for conditional requests. */
    isRead?: boolean;
  }
}

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FIXED_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': CSP,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const PROBLEM = 'application/problem+json; charset=utf-8';
const BODY_BYTES = 4 << 20;
const FORM_BYTES = 10_000;
/** Parameters of pages: none may be repeated. */
const SINGLE = { type: 'object', additionalProperties: { type: 'string' } };

export interface Web {
  readonly app: FastifyInstance;
  readonly drain: Drain;
}

export interface Contents {
  readonly makeRoutes: (service: WebService) => readonly Route[];
  /** The page that shows a problem document. */
  readonly failurePage: (service: Service, problem: ProblemDocument) => string;
}

/** Creates the server with all its routes, not listening yet. */
export async function createServer(service: Service, { makeRoutes, failurePage }: Contents): Promise<Web> {
  const { settings, log, metrics } = service;
  const limits = settings.file.limits ?? {};
  const app = fastify({
    logger: false,
    bodyLimit: limits.body_bytes ?? BODY_BYTES,
    genReqId: () => randomUUID(),
    requestTimeout: 60_000,
    // Limits the time for clients that send their headers very slowly.
    connectionTimeout: 120_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 32 << 10 },
    routerOptions: { maxParamLength: 300 },
    return503OnClosing: false,
    // For a path that cannot be decoded, neither hooks nor the error handler are called.
    frameworkErrors: (thrown, { id }, reply) => {
      const document = problemOf(asServiceError(thrown), id, 400);
      (reply as FastifyReply).code(400).type(PROBLEM).headers(FIXED_HEADERS).send(document);
    },
  });
  app.setValidatorCompiler(validatorCompiler());
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('actor', null as unknown as Actor);
  app.decorateRequest('leave', undefined);
  const drain = new Drain(app);
  const rate = new RateLimit({
    aMinute: limits.requests_a_minute ?? 600,
    concurrent: limits.concurrent ?? 32,
    now: () => performance.now(),
  });
  const isLimited = (address: string): boolean =>
    limits.requests_a_minute !== undefined || limits.concurrent !== undefined || !isLoopback(address);

  // Also the parser of plain text, which forms of other sites can send.
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void) => {
      if (request.routeOptions.config.keepsRaw === true) Object.assign(request.raw, { rawBody: body });
      if (body.length === 0) return done(null, undefined);
      if (!isUtf8(body)) return done(new RpmDepsError('USAGE', 'the body is not UTF-8'));
      void parseJson(request, body.toString('utf8'), done);
    },
  );

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(FIXED_HEADERS);
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(encoding);
    // Databases do not accept null bytes in texts, and no name contains them.
    if (/%00|%(?![0-9A-Fa-f]{2})/.test(request.url)) throw new RpmDepsError('USAGE', 'the URL has a null byte or a broken escape in it');
  });
  app.addHook('preValidation', async (request) => {
    // A body with a signature is validated by its route.
    if (!('rawBody' in request.raw)) requireStorable(request.body);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 200 || typeof payload !== 'string' || !isRead(request.routeOptions)) return payload;
    const tag = `"${sha256(payload, 'base64url')}"`;
    reply.header('etag', tag);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
    const known = (request.headers['if-none-match'] ?? '').split(',').map((text) => text.trim().replace(/^W\//, ''));
    if (!known.includes(tag) && !known.includes('*')) return payload;
    reply.code(304);
    // fastify removes the body of HEAD itself, and fails without one.
    return request.method === 'HEAD' ? payload : null;
  });
  app.addHook('onResponse', async (request, reply) => {
    request.leave?.();
    const route = request.routeOptions.url ?? 'none';
    const seconds = reply.elapsedTime / 1000;
    metrics.requestSeconds.observe({ method: request.method, route, status: reply.statusCode }, seconds);
    if (route === '/healthz' || route === '/readyz' || route === '/metrics') return;
    const actor = request.actor?.name;
    log('info', 'request', {
      request_id: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(seconds * 1000),
      actor,
    });
  });
  app.setErrorHandler((thrown, request, reply) => {
    const error = asServiceError(thrown);
    const document = problemOf(error, request.id, statusOf(thrown));
    // Requests during the shutdown get this status: it is not an error.
    const isEnding = drain.isDraining && error.code === 'LIMIT';
    if (document.status >= 500 && !isEnding)
      log('error', error.message, { request_id: request.id, code: error.code, stack: (thrown as Error)?.stack });
    const wait = error.data?.['retryAfterMs'];
    if (typeof wait === 'number') reply.header('retry-after', Math.max(1, Math.ceil(wait / 1000)));
    else if (document.status === 503) reply.header('retry-after', 5);
    if (document.status === 401) reply.header('www-authenticate', 'Bearer');
    if (isForPage(request)) return reply.code(document.status).type('text/html; charset=utf-8').send(failurePage(service, document));
    return reply.code(document.status).type(PROBLEM).send(document);
  });

  const web: WebService = { ...service, drain };
  const routes = [...makeRoutes(web)];
  let description = '';
  routes.push({
    method: 'GET',
    url: '/openapi.json',
    summary: 'This description',
    schema: { response: { type: 'object' } },
    handle: (_request, reply) => reply.type('application/json; charset=utf-8').send(description),
  });
  description = JSON.stringify(describeApi(routes, settings.file.public_url));
  for (const route of routes.filter(({ isPage }) => isPage !== true)) addRoute(app, route);
  await app.register(async (pages) => {
    // Only pages accept forms: the API accepts JSON, which a form of another site cannot send.
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
    );
    for (const route of routes.filter(({ isPage }) => isPage === true)) addRoute(pages, route);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const methods = routes
      .filter(({ url }) => new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path))
      .flatMap(({ method }) => (method === 'GET' ? [method, 'HEAD'] : [method]));
    const isKnown = methods.length > 0;
    const error = new RpmDepsError(
      'NOT_FOUND',
      isKnown ? `${request.method} is not a method of this path` : 'there is nothing at this path',
      {
        hint: '`/openapi.json` lists the paths',
      },
    );
    if (isKnown) reply.header('allow', [...new Set(methods)].join(', '));
    const status = isKnown ? 405 : 404;
    if (request.headers.accept?.includes('text/html') === true) {
      const page = failurePage(service, problemOf(error, request.id, status));
      return reply.code(status).type('text/html; charset=utf-8').send(page);
    }
    return reply
      .code(status)
      .type(PROBLEM)
      .send(problemOf(error, request.id, status));
  });
  await app.ready();
  return { app, drain };

  function addRoute(to: FastifyInstance, route: Route): void {
    const { method, url, schema, scope, handle, isFree, isPage = false, keepsRaw = false, bodyBytes } = route;
    // Unknown parameters are refused, also if the route has no query.
    const query = isPage ? { querystring: SINGLE } : scope === undefined ? {} : { querystring: closed({}) };
    to.route({
      config: { isPage, keepsRaw, isRead: isConditional(route) },
      bodyLimit: limits.body_bytes ?? bodyBytes ?? BODY_BYTES,
      method,
      url,
      schema: { ...query, ...schema, response: undefined },
      onRequest: async (request) => {
        if (isFree === true) return;
        request.actor = await authenticate(service, request).catch((error: unknown) => {
          // Requests with invalid tokens count for their address.
          if (isLimited(request.ip)) rate.enter(clientOf(request))();
          throw error;
        });
        if (isLimited(request.ip)) request.leave = rate.enter(clientOf(request));
        if (scope !== undefined) requireScope(request.actor, scope);
      },
      preValidation: async (request) => {
        // A missing body counts as an empty one if nothing is required.
        const { required, type } = (schema?.body ?? {}) as { readonly required?: readonly string[]; readonly type?: string };
        if (request.body === undefined && type === 'object' && required?.length === 0) request.body = {};
      },
      handler: async (request, reply) => handle(request as unknown as Asked, reply),
    });
  }
}

/** Whether the response is a page. */
const isForPage = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config?.isPage === true;

const isRead = ({ config }: FastifyRequest['routeOptions']): boolean => config?.isRead === true;

const isLoopback = (address: string): boolean => /^(?:127\.|::1$|::ffff:127\.)/.test(address) && isPrivateAddress(address);

/**
 * A token, or the network of an address: for IPv6 the first 64 bits, because a customer has at least that network. The address is unknown if the
 * client has already disconnected.
 */
function clientOf({ actor, ip = '' }: { readonly ip: string | undefined; readonly actor: Actor | null }): string {
  if (actor?.tokenId !== undefined) return actor.tokenId;
  return ip.includes(':') ? ip.split(':').slice(0, 4).join(':') : ip;
}
