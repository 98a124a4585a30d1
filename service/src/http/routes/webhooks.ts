/** Webhooks of GitHub, GitLab and Gitea: signatures are checked, each delivery is accepted once, and it creates an ordinary job. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { RpmDepsError } from 'rpm-deps';
import { type JobKind, MAX_ATTEMPTS } from '../../jobs/job.ts';
import { createJob } from '../../jobs/job-store.ts';
import { findProject, type ProjectRow } from '../../jobs/project-store.ts';
import type { JobQueue } from '../../jobs/queue.ts';
import type { WebService } from '../../service.ts';
import { sha256 } from '../../sha256.ts';
import { type Asked, closed, type Route } from '../route.ts';
import { answerOf } from '../shapes.ts';

type Forge = 'github' | 'gitlab' | 'gitea';

/** The job that a delivery requests. */
interface RequestedJob {
  readonly kind: JobKind;
  readonly payload: Readonly<Record<string, unknown>>;
}

export function webhookRoutes({ database, settings, log }: WebService, queue: JobQueue): Route[] {
  const { secret } = settings.file.webhooks ?? {};
  return (['github', 'gitlab', 'gitea'] as const).map(
    (forge): Route => ({
      method: 'POST',
      url: `/webhooks/${forge}/:project`,
      summary: `Webhook of ${forge}: a push leads to a check, a pull request to a comment and a check of its commit, a merge to the archive`,
      schema: {
        params: closed({ project: { type: 'string', maxLength: 200 } }, ['project']),
        body: { type: 'object' },
        response: answerOf({ job: { type: ['string', 'null'] } }),
      },
      keepsRaw: true,
      status: 202,
      handle: async (request, reply) => {
        if (secret === undefined)
          throw new RpmDepsError('NOT_FOUND', 'webhooks are not configured', { hint: 'set `webhooks.secret` in the configuration' });
        checkSignature(forge, request, secret);
        const project = await findProject(database, request.params['project']!);
        if (project === undefined) throw new RpmDepsError('NOT_FOUND', `there is no project \`${request.params['project']}\``);
        const requested = requestedJobOf(forge, request, project);
        // An event has the same id in all webhooks of a repository, which may belong to several projects.
        const delivery = `${project.id} ${deliveryOf(forge, request)}`;
        const job = await database.transaction(async (queries) => {
          const isNew = async (id: string): Promise<boolean> => {
            const row = [forge, id];
            return (await queries.query('insert into delivery (forge, id) values ($1, $2) on conflict do nothing', row)).count > 0;
          };
          // A forge without a response sends the same delivery again.
          if (!(await isNew(delivery)) || requested === undefined) return undefined;
          // The id is not signed, but signed bodies contain times: the same body with another id is a replay.
          if (forge !== 'gitlab' && !(await isNew(`${project.id} ${sha256(bodyOf(request))}`))) return undefined;
          return createJob(queries, queue, {
            ...{ kind: requested.kind, projectId: project.id, payload: requested.payload, createdBy: `webhook of ${forge}` },
            // Ten pushes in a minute become one check.
            dedupeKey: `webhook:${project.id}:${requested.kind}:${String(requested.payload['number'] ?? requested.payload['merged'] ?? '')}`,
            maxAttempts: settings.file.jobs?.attempts ?? MAX_ATTEMPTS,
          });
        });
        log('info', 'webhook', { forge, project: project.name, job: job?.id });
        return reply.code(202).send({ schema: 1, job: job?.id ?? null });
      },
    }),
  );
}

/** GitHub and Gitea sign the body, GitLab sends the secret itself. */
function checkSignature(forge: Forge, request: Asked, secret: string): void {
  const text = (name: string): string => String(request.headers[name] ?? '');
  const signed = createHmac('sha256', secret).update(bodyOf(request)).digest('hex');
  const isGood =
    forge === 'gitlab'
      ? same(text('x-gitlab-token'), secret)
      : forge === 'github'
        ? same(text('x-hub-signature-256'), `sha256=${signed}`)
        : same(text('x-gitea-signature') || text('x-forgejo-signature'), signed);
  if (!isGood)
    throw new RpmDepsError('UNAUTHORIZED', 'the signature of the webhook is wrong', {
      hint: 'set the same secret in the forge and in `webhooks.secret`',
    });
}

const bodyOf = ({ raw }: Asked): Buffer => (raw as { rawBody?: Buffer }).rawBody ?? Buffer.alloc(0);

function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHmac('sha256', 'compare').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}

function deliveryOf(forge: Forge, { headers }: Asked): string {
  const name = { github: 'x-github-delivery', gitlab: 'x-gitlab-event-uuid', gitea: 'x-gitea-delivery' }[forge];
  const id = String(headers[name] ?? headers['x-forgejo-delivery'] ?? headers['x-gitlab-webhook-uuid'] ?? '');
  if (!/^[\w-]{1,100}$/.test(id)) throw new RpmDepsError('USAGE', `the webhook has no ${name}`);
  return id;
}

/** undefined for irrelevant deliveries: other branches, other events. The body is untrusted. */
function requestedJobOf(forge: Forge, { headers, body }: Asked, { branch }: ProjectRow): RequestedJob | undefined {
  const event = String(
    headers['x-github-event'] ?? headers['x-gitlab-event'] ?? headers['x-gitea-event'] ?? headers['x-forgejo-event'] ?? '',
  );
  const data = body as Readonly<Record<string, unknown>>;
  if (event === 'push' || event === 'Push Hook') return data['ref'] === `refs/heads/${branch}` ? { kind: 'check', payload: {} } : undefined;
  const pull = forge === 'gitlab' ? objectOf(data['object_attributes']) : objectOf(data['pull_request']);
  if (!/^(?:pull_request|pull_request_sync|Merge Request Hook)$/.test(event)) return undefined;
  const base = forge === 'gitlab' ? pull['target_branch'] : objectOf(pull['base'])['ref'];
  const number = forge === 'gitlab' ? pull['iid'] : pull['number'];
  if (base !== branch || typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) return undefined;
  const action = String(forge === 'gitlab' ? pull['action'] : data['action']);
  if (/^(?:opened|reopened|reopen|open|synchronize|synchronized|update)$/.test(action)) return { kind: 'comment', payload: { number } };
  if (pull['merged'] === true || action === 'merge') return { kind: 'archive', payload: { merged: number } };
  return undefined;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
