/**
 * npm runs this after it has installed the dependencies of a checkout, and where it installs the package from git, as pre-commit does: nothing
 * else builds the program there. A global installation from git has no packages for development, so they are installed first.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const BUILDER = 'node_modules/tsx/dist/cli.mjs';
const { npm_config_global: isGlobal, npm_execpath: npm } = process.env;

// Progress goes to stderr: stdout is the list of files of `npm pack --json`.
function run(...args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(?:global|prefix|local_prefix)$/i.test(name)),
  );
  execFileSync(process.execPath, args, { env, stdio: ['ignore', 2, 2] });
}

if (!existsSync('dist/cli/bin.js')) {
  if (!existsSync(BUILDER) && isGlobal === 'true' && npm !== undefined)
    run(npm, 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund');
  if (existsSync(BUILDER)) run(BUILDER, 'tools/build.ts');
}
