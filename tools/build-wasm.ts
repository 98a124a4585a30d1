/** Compiles assembly/ to the module in src/pool/primary-module.generated.ts. `npm run wasm` */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generatedModule, MODULE_FILE } from './wasm-module.ts';

writeFileSync(resolve(import.meta.dirname, '..', MODULE_FILE), await generatedModule());
console.log(MODULE_FILE);
