/** The body of requests that add or change a project: its schema, and what a schema cannot check. */
import { originOf, RpmDepsError } from 'rpm-deps';
import { checkCloneUrl } from '../../jobs/clone.ts';
import { STARTED_KINDS } from '../../jobs/job.ts';
import { FORGES } from '../../jobs/project-store.ts';
import type { ProjectFields } from '../../jobs/save-project.ts';
import { nextRun } from '../../jobs/scheduler.ts';
import type { WebService } from '../../service.ts';
import { closed } from '../route.ts';
import { shortText } from '../shapes.ts';

const path = { type: 'string', pattern: '^(?!/)(?!.*(?:^|/)\\.\\.(?:/|$))[^\\\\\\u0000-\\u001f]{1,300}$' };
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' };
const schedule = closed(
  {
    kind: { enum: STARTED_KINDS },
    cron: { type: 'string', minLength: 9, maxLength: 100 },
    time_zone: { type: 'string', minLength: 1, maxLength: 60 },
    enabled: { type: 'boolean' },
  },
  ['kind', 'cron'],
);
const fields = {
  clone_url: shortText,
  branch: { type: 'string', pattern: '^(?![-/.])(?!.*(?:\\.\\.|//|@\\{|\\.lock$|/$))[^\\s~^:?*\\[\\\\\\u0000-\\u001f]{1,200}$' },
  manifest: path,
  lockfiles: path,
  forge: { enum: FORGES },
  credentials: { type: ['string', 'null'], maxLength: 100 },
  settings: closed({
    api_url: {
      type: 'string',
      pattern: '^https?://',
      maxLength: 300,
      description: 'URL of the API of the forge, if it is not the usual one of the host in clone_url',
    },
    repository: { type: 'string', maxLength: 300, description: 'owner/name on the forge, if it is not that of clone_url' },
  }),
  schedules: { type: 'array', items: schedule, maxItems: 10 },
  paused: { type: 'boolean' },
};

export const ADDED_PROJECT = closed({ name, ...fields }, ['name', 'clone_url']);
export const CHANGED_PROJECT = closed(fields);

export function checkProject({ settings, now }: WebService, { clone_url, credentials, schedules, settings: own }: ProjectFields): void {
  if (clone_url !== undefined) checkCloneUrl(clone_url, settings.file.git ?? []);
  // The token of the project is sent to this URL.
  if (own?.api_url !== undefined && !settings.network.origins.includes(originOf(own.api_url))) {
    throw new RpmDepsError('HOST_REFUSED', `the API ${own.api_url} is not on a configured server`, {
      hint: `the operator adds it to the configuration: network: {origins: ["${originOf(own.api_url)}"]}`,
    });
  }
  if (typeof credentials === 'string' && !Object.hasOwn(settings.file.credentials ?? {}, credentials)) {
    throw new RpmDepsError('USAGE', `the configuration has no credentials \`${credentials}\``, {
      hint: `names are: ${Object.keys(settings.file.credentials ?? {}).join(', ') || 'none'}`,
    });
  }
  const kinds = (schedules ?? []).map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (twice !== undefined)
    throw new RpmDepsError('USAGE', `there are two schedules of \`${twice}\``, {
      hint: 'one expression can name several times: `0 5 * * 1,4`',
    });
  for (const { cron, time_zone = 'UTC' } of schedules ?? []) {
    if (nextRun(cron, time_zone, now()) === null) {
      throw new RpmDepsError('USAGE', `the schedule \`${cron}\` never runs`, { hint: 'five fields as in cron, such as `0 5 * * 1`' });
    }
  }
}
