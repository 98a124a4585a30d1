import type { Pin } from './lockfile.ts';

type Named = Pick<Pin, 'sha256' | 'filename' | 'name' | 'arch'>;

/** URLs of `fallbacks` of a manifest: `{sha256}`, `{filename}`, `{name}` and `{arch}` filled in. */
export function fallbackUrls(templates: readonly string[], pin: Named): string[] {
  return templates.map((template) =>
    template.replace(/\{(sha256|filename|name|arch)\}/g, (_, field: keyof Named) => encodeURIComponent(pin[field])),
  );
}
