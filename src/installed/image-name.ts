import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';

/** An image in a registry, by tag, digest or both; a digest overrides the tag. */
export interface ImageName {
  /** Host, optionally with port. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:...` */
  readonly digest: string | undefined;
}

const NAME =
  /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?|\[[0-9A-Fa-f:]+\](?::[0-9]{1,5})?)\/(?<repository>[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;
const LONGEST = 1000;

/** Parses `[docker://]registry/name[:tag][@sha256:...]`; the default tag is `latest`. Throws USAGE. */
export function parseImageName(text: string, from: string): ImageName {
  const bare = text.replace(/^docker:\/\//, '');
  const groups = bare.length <= LONGEST ? NAME.exec(bare)?.groups : undefined;
  const registry = groups?.['registry'] ?? '';
  const isHost = registry.includes('.') || registry.includes(':') || registry === 'localhost';
  if (groups === undefined || !isHost) {
    throw new RpmDepsError('USAGE', `${from} is \`${printable(text.slice(0, 200))}\`: not the full name of an image`, {
      hint: 'write it with its registry, as in registry.example.com/ubi9/ubi:9.5 or registry.example.com/ubi9/ubi@sha256:...',
    });
  }
  const { repository = '', tag, digest } = groups;
  return { registry, repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** As written; a name with a digest always refers to the same image. */
export function formatImageName({ registry, repository, tag, digest }: ImageName): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
