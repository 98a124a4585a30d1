import { generatedValidators } from '../../tools/schema-files.ts';
import { writeGenerated } from '../../tools/write-generated.ts';

/** Before any test: the compiled validators, which src imports and git does not hold. */
export default function setup(): void {
  writeGenerated(generatedValidators());
}
