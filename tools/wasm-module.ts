import { resolve } from 'node:path';
import asc from 'assemblyscript/asc';

export const MODULE_FILE = 'src/pool/primary-module.generated.ts';

/** The text of the file with the compiled module. Throws with the messages of the compiler. */
export async function generatedModule(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      '--baseDir',
      resolve(import.meta.dirname, '..'),
      '--outFile',
      'out.wasm',
      '-O3',
      '--runtime',
      'minimal',
      '--enable',
      'simd',
      // Shared memory, so that other threads can read the columns without a copy.
      '--enable',
      'threads',
      '--sharedMemory',
      '--importMemory',
      '--initialMemory',
      '16',
      '--noAssert',
      // 2 GiB, so that addresses stay positive numbers for the host, and to limit hostile metadata.
      '--maximumMemory',
      '32768',
    ],
    {
      writeFile: (name: string, contents: string | Uint8Array) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array;
      },
    },
  );
  if (error || binary === undefined) throw new Error(stderr.toString());
  return `/** Compiled from assembly/ by \`npm run wasm\`; a test holds the two together. In base64. */
export const PRIMARY_MODULE =
  '${Buffer.from(binary).toString('base64')}';
`;
}
