import type { LockedPackage } from './lockfile.ts';

type Named = Pick<LockedPackage, 'sha256' | 'filename' | 'name' | 'arch'>;

/** URLs of `fallbacks` of a manifest, with `{sha256}`, `{filename}`, `{name}` and `{arch}` filled in. */
export function fallbackUrls(templates: readonly string[], locked: Named): string[] {
  return templates.map((template) =>
    template.replace(/\{(sha256|filename|name|arch)\}/g, (_, field: keyof Named) => encodeURIComponent(locked[field])),
  );
}
