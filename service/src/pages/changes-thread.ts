/** Compares two states of lockfiles and reads changelogs and advisories, in a thread because both may take long. */
import { parentPort, workerData } from 'node:worker_threads';
import { addChangelogs, describeChanges, type Lockfile, RpmDepsError, startReading, toPlainError } from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import { parseTexts } from '../jobs/manifest-texts.ts';
import type { ChangesData, ChangesMessage } from './changes.ts';

const { before, after, manifest: texts, path, cacheDir, network } = workerData as ChangesData;
const send = (message: ChangesMessage): void => parentPort!.postMessage(message);
const read = (bodies: readonly string[]): Lockfile[] => bodies.map((body) => JSON.parse(body) as Lockfile);
const states = { before: read(before), after: read(after) };
// Without proxies and logins of the user that runs the service.
const run = startReading({ env: { NETRC: '/dev/null' }, cacheDir, network });
try {
  const bare = await describeChanges({ ...states, manifest: undefined }, run);
  if (texts === undefined) {
    send({ kind: 'compared', diff: bare });
    throw new RpmDepsError('MANIFEST_MISSING', 'the manifest of that revision is not stored', { hint: 'check the project again' });
  }
  const manifest = await parseTexts(texts, path).catch((error: unknown) => {
    send({ kind: 'compared', diff: bare });
    throw error;
  });
  const diff = await describeChanges({ ...states, manifest }, run);
  send({ kind: 'compared', diff });
  checkSources(manifest, { network });
  send({ kind: 'described', diff: await addChangelogs(diff, { ...states, manifest }, run) });
} catch (error) {
  send({ kind: 'failed', error: toPlainError(error) });
} finally {
  await run.end();
}
