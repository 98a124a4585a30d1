/** Bundles the program into DIRECTORY; without one, into dist/ and service/dist/ with their types. `npm run build` */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VERSION } from '../src/base/version.ts';
import { renderManualPage } from '../src/cli/manual-page.ts';
import { buildProgram, buildTypes, pruneTypes } from './build-program.ts';
import { buildService } from './build-service.ts';
import { generatedValidators, shareParts } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

const directory = process.argv[2];
const dist = resolve(import.meta.dirname, '../dist');
writeGenerated(generatedValidators());
await buildProgram(directory ?? dist);
// Imported late, because the table of commands needs the validators.
const { COMMANDS } = await import('../src/cli/program.ts');
// Compressed, which man supports, because the size of the package is limited.
writeFileSync(join(directory ?? dist, 'rpm-deps.1.gz'), gzipSync(renderManualPage(COMMANDS, VERSION), { level: 9 }));
if (directory === undefined) {
  buildTypes(dist);
  mkdirSync(join(dist, 'schemas'));
  const schemas = resolve(import.meta.dirname, '../lockfiles/schemas');
  for (const name of readdirSync(schemas)) {
    const schema = JSON.parse(readFileSync(join(schemas, name), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(dist, 'schemas', name), JSON.stringify(shareParts(schema)));
  }
  pruneTypes(dist, ['index', 'rpm/vercmp']);
  await buildService(resolve(import.meta.dirname, '../service/dist'));
  buildTypes(resolve(import.meta.dirname, '../service/dist'), 'service/tsconfig.build.json');
}
