/** Writes what is made from the `as const` schemas: lockfiles/schemas/*.schema.json and the compiled validators. `npm run schemas` */
import { generatedSchemaFiles, generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

for (const path of writeGenerated(new Map([...(await generatedSchemaFiles()), ...generatedValidators()]))) console.log(path);
