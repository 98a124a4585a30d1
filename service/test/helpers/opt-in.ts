import { sayOnce } from '../../../test/helpers/say-once.ts';

/** Whether the slow tests of the service run, which need programs beside Node: with RPM_DEPS_SERVICE=1, as in `.ci/run`. */
export function optInService(): boolean {
  if (process.env['RPM_DEPS_SERVICE'] === '1') return true;
  sayOnce('tests of the service with programs beside Node are skipped: set RPM_DEPS_SERVICE=1 to run them');
  return false;
}
