/** Bundles the program into DIRECTORY; without one, into dist/ and service/dist/ with their types. `npm run build` */
import { resolve } from 'node:path';
import { buildProgram, buildTypes } from './build-program.ts';
import { buildService } from './build-service.ts';
import { generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

const directory = process.argv[2];
const dist = resolve(import.meta.dirname, '../dist');
writeGenerated(generatedValidators());
await buildProgram(directory ?? dist);
if (directory === undefined) {
  buildTypes(dist);
  await buildService(resolve(import.meta.dirname, '../service/dist'));
  buildTypes(resolve(import.meta.dirname, '../service/dist'), 'service/tsconfig.build.json');
}
