/** Writes the files made from the `as const` schemas: lockfiles/schemas/*.schema.json, docs/json.md, and compiled validators. `npm run schemas` */
import { generatedSchemaFiles, generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

const made = [...writeGenerated(generatedValidators()), ...writeGenerated(await generatedSchemaFiles())];
for (const path of made) console.log(path);
