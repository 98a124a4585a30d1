import { parseImageName } from '../installed/image-name.ts';
import { pullSources } from '../installed/registries-conf.ts';
import { RegistryRepository } from '../installed/registry.ts';
import type { Context } from '../run/context.ts';
import type { RegistryAccess } from './build-arguments.ts';

/** The repository of an image in its registry, never in a mirror, and the tag or digest there. */
export async function openRepository(
  reference: string,
  { authfile, tlsVerify }: RegistryAccess,
  actions: 'pull' | 'pull,push',
  context: Context,
): Promise<{ readonly repository: RegistryRepository; readonly version: string }> {
  const name = parseImageName(reference, 'the image');
  const env = authfile === undefined ? context.env : { ...context.env, REGISTRY_AUTH_FILE: authfile };
  // The registry itself is after its mirrors.
  const source = (await pullSources(name, env)).at(-1)!;
  const insecure = tlsVerify === undefined ? source.insecure : !tlsVerify;
  return { repository: new RegistryRepository({ ...source, insecure }, { ...context, env }, actions), version: name.digest ?? name.tag! };
}
