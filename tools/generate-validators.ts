/** Writes the compiled validators, which are not committed. `npm run validators`; builds, type checks and tests run it first. */
import { generatedValidators } from './schema-files.ts';
import { writeGenerated } from './write-generated.ts';

writeGenerated(generatedValidators());
