/**
 * Merges the module defaults of all repositories (modulemd_defaults_v1_merge): one repository after the other; if two documents differ, the newer
 * one is used. A document without a stream does not change the default stream; two different streams of the same date cancel each other. Two
 * profile lists of the same date for one stream cannot be merged: libmodulemd then fails, and dnf continues without any module defaults.
 */
import { shortPrintable } from '../base/printable.ts';
import type { Warning } from '../base/warnings.ts';
import type { ModuleDefaults, ModuleIndex } from '../repodata/modulemd.ts';

export interface MergedDefaults {
  /** By module. */
  readonly streams: ReadonlyMap<string, string>;
  /** Profiles that are installed if the request names none, by module and stream. */
  readonly profiles: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly warnings: readonly Warning[];
}

interface Merged {
  readonly modified: number;
  readonly stream: string | undefined;
  readonly profiles: ReadonlyMap<string, readonly string[]>;
}

export function mergeDefaults(indexes: readonly { readonly index: ModuleIndex }[]): MergedDefaults {
  const merged = new Map<string, Merged>();
  for (const own of indexes.flatMap(({ index }) => index.defaults)) {
    const known = merged.get(own.module);
    if (known === undefined) {
      merged.set(own.module, own);
      continue;
    }
    const contradiction = findContradiction(known, own);
    if (contradiction !== undefined) return { streams: new Map(), profiles: new Map(), warnings: [contradiction] };
    const modified = Math.max(known.modified, own.modified);
    merged.set(own.module, { modified, stream: streamOfBoth(known, own), profiles: profilesOfBoth(known, own) });
  }
  return {
    streams: new Map([...merged].flatMap(([module, { stream }]) => (stream === undefined ? [] : [[module, stream]]))),
    profiles: new Map([...merged].map(([module, { profiles }]) => [module, profiles])),
    warnings: [],
  };
}

/** After a conflict the next repository with a stream decides, even if its document is older, because libmodulemd does not record the conflict. */
function streamOfBoth(before: Merged, after: ModuleDefaults): string | undefined {
  if (before.stream === undefined) return after.stream;
  if (after.stream === undefined || after.stream === before.stream) return before.stream;
  if (after.modified > before.modified) return after.stream;
  return before.modified > after.modified ? before.stream : undefined;
}

function profilesOfBoth(before: Merged, after: ModuleDefaults): Merged['profiles'] {
  return after.modified > before.modified
    ? new Map([...before.profiles, ...after.profiles])
    : new Map([...after.profiles, ...before.profiles]);
}

function findContradiction(before: Merged, { module, modified, profiles }: ModuleDefaults): Warning | undefined {
  if (before.modified !== modified) return undefined;
  for (const [stream, names] of profiles) {
    const known = before.profiles.get(stream);
    if (known === undefined || [...new Set(known)].sort().join('\0') === [...new Set(names)].sort().join('\0')) continue;
    const text = `no module has a default stream or profile, because the repositories have different default profiles for \`${shortPrintable(`${module}:${stream}`)}\``;
    return { code: 'MODULE_DEFAULTS_CONFLICT', text };
  }
  return undefined;
}
