import { RpmDepsError } from '../base/errors.ts';

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** `quay.io/kubevirt`: registry and namespace of the images. A trailing slash is allowed. */
export function imagePrefix(text: string, from: string): string {
  const prefix = text.replace(/\/$/, '');
  if (/^[a-z]+:\/\//.test(prefix)) {
    throw new RpmDepsError('USAGE', `${from} is \`${text}\`: an image name has no scheme`, {
      hint: `write it without \`${prefix.slice(0, prefix.indexOf('://') + 3)}\``,
    });
  }
  const [host = '', ...path] = prefix.split('/');
  if (HOST.test(host) && path.every((part) => COMPONENT.test(part))) return prefix;
  throw new RpmDepsError('USAGE', `${from} is \`${text}\`: not a valid prefix of an image name`, {
    hint: 'for example quay.io/kubevirt: a registry, then lower-case letters, digits, dots and dashes between slashes',
  });
}

/** The last part of a repository's name. */
export function imageName(text: string, from: string): string {
  if (text.split('/').every((part) => COMPONENT.test(part))) return text;
  throw new RpmDepsError('USAGE', `${from} is \`${text}\`: not a valid image name`, {
    hint: 'lower-case letters, digits, dots, underscores and dashes; --name gives the image another name than its set',
  });
}

export function imageTag(text: string, from: string): string {
  if (TAG.test(text)) return text;
  throw new RpmDepsError('USAGE', `${from} is \`${text}\`: not a valid tag`, {
    hint: 'up to 128 letters, digits, underscores, dots and dashes',
  });
}

/** Any image name that a user may type, as one word that the engine cannot read as a flag. */
export function imageReference(text: string, from: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/.test(text)) return text;
  throw new RpmDepsError('USAGE', `${from} is \`${text}\`: not a valid image name`);
}

/** A local name for an incomplete `reference`: never pushed, and different for each reference. */
export function localName(kind: 'candidate' | 'manifest', reference: string): string {
  const [host = '', ...path] = reference.split('/');
  return [`localhost/rpm-deps-${kind}`, host.toLowerCase().replace(':', '-'), ...path].join('/');
}

/** The registry of a name, as `podman login` expects it; undefined for short names. */
export function registryOf(reference: string): string | undefined {
  const first = reference.replace(/^docker:\/\//, '').split('/')[0] ?? '';
  return reference.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost') ? first : undefined;
}
