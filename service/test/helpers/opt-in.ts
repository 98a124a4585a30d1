const told = new Set<string>();

/** Whether the slow tests of the service run, which need programs beside Node: with RPM_DEPS_SERVICE=1, as in `.ci/run`. */
export function optInService(what: string): boolean {
  if (process.env['RPM_DEPS_SERVICE'] === '1') return true;
  if (!told.has(what)) console.warn(`tests of the service with ${what} are skipped: set RPM_DEPS_SERVICE=1 to run them`);
  told.add(what);
  return false;
}
