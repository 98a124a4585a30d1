import { createRequire } from 'node:module';
import { ERROR_CODES, RpmDepsError } from '../../base/errors.ts';
import { defaultManifest, repositoriesOrDefaults } from '../../project/manifest-input.ts';
import { type ServeData, serveView } from '../../views/serve.ts';
import { outputJson } from '../../views/view.ts';
import type { Action, Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

type Sources = Awaited<ReturnType<typeof repositoriesOrDefaults>>;

/** Exports of `rpm-deps-service/start`; declared here, because it is in another package. */
interface ServiceModule {
  start(options: Readonly<Record<string, unknown>> & { readonly sources: Sources }): Promise<number>;
}

/** Prints its results itself, because it continues to run. */
export const serveAction: Action = { view: serveView, run: serve };

async function serve(invocation: Invocation): Promise<number> {
  const { args, options, context, printer, progress } = invocation;
  const service = loadService();
  const input = projectInput(options);
  // Tokens and backups do not need repositories.
  const sources = args.length > 0 ? defaultManifest(input, context) : await repositoriesOrDefaults(input, context);
  const [{ env, cwd, signal }, log] = [context, (line: string): void => (printer.quiet ? undefined : printer.complain(line))];
  const running = service.start({
    ...{ words: args, sources, env, cwd, signal, log },
    data: options.text('data'),
    database: options.text('database'),
    listen: options.text('listen'),
    role: options.text('role'),
    config: options.text('config'),
    cacheDir: options.text('cache-dir') === undefined ? undefined : context.cacheDir,
    name: options.text('name'),
    scopes: options.list('scope'),
    days: options.text('days'),
    result: (data: ServeData, line: string) => {
      if (!printer.json) printer.out(`${line}\n`);
      else printer.outJson(outputJson({ view: serveView, data }, progress.warnings, { directory: cwd }));
    },
  });
  return running.catch((error: unknown) => {
    throw ownError(error);
  });
}

/** The service contains a bundled copy of the library, whose error class is a different one. */
function ownError(error: unknown): unknown {
  const { name, code, message, hint, details, data } = error as RpmDepsError;
  if (error instanceof RpmDepsError || name !== 'RpmDepsError' || !Object.hasOwn(ERROR_CODES, code)) return error;
  return new RpmDepsError(code, message, {
    ...{ details, cause: error },
    ...(hint === undefined ? {} : { hint }),
    ...(data === undefined ? {} : { data }),
  });
}

/** Searches beside the program, where npm installs it, also with `--global`. */
function loadService(): ServiceModule {
  const require = createRequire(import.meta.url);
  try {
    return require('rpm-deps-service/start') as ServiceModule;
  } catch (cause) {
    const isOurs = /rpm-deps-service/.test((cause as Error).message.split('\n')[0] ?? '');
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND' || !isOurs) throw cause;
    throw new RpmDepsError('SERVICE_MISSING', '`rpm-deps serve` needs the package rpm-deps-service, which is not installed', {
      hint: 'install both with npm: npm install --global rpm-deps rpm-deps-service',
      cause,
    });
  }
}
