/** Writes the compiled validators, which are not committed. `npm run validators`; building, type checks and tests do it first. */
import { generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

writeGenerated(generatedValidators());
