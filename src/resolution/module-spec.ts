import { nearestFew } from '../base/nearest.ts';
import type { ModuleIndex, ModuleStream } from '../repodata/modulemd.ts';
import { globMatcher } from '../rpm/glob.ts';

/** `name:stream:version:context:arch/profile`; only the name is required, globs are allowed everywhere. */
export interface ModuleSpec {
  readonly name: string;
  readonly stream: string | undefined;
  readonly version: string | undefined;
  readonly context: string | undefined;
  readonly arch: string | undefined;
  readonly profile: string | undefined;
}

/** Parses as dnf does: before an architecture after two colons, the parts between it and the name may be omitted. */
export function parseModuleSpec(text: string): ModuleSpec | undefined {
  const slash = text.lastIndexOf('/');
  const profile = slash < 0 ? undefined : text.slice(slash + 1) || undefined;
  const path = slash < 0 ? text : text.slice(0, slash);
  const short = /^([^:]+(?::[^:]+){0,2})::([^:]+)$/.exec(path);
  const parts = (short?.[1] ?? path).split(':');
  const [name, stream, version, context, arch = short?.[2], ...more] = parts;
  if (name === undefined || parts.includes('') || more.length > 0) return undefined;
  if (version !== undefined && !/^[0-9*?]+$/.test(version)) return undefined;
  return { name, stream, version, context, arch, profile };
}

export function matchesModuleSpec(spec: ModuleSpec, build: ModuleStream): boolean {
  const fits = (pattern: string | undefined, text: string): boolean => pattern === undefined || globMatcher(pattern)(text);
  return (
    fits(spec.name, build.name) &&
    fits(spec.stream, build.stream) &&
    fits(spec.version, build.version) &&
    fits(spec.context, build.context) &&
    fits(spec.arch, build.arch)
  );
}

/** Why nothing matches, with suggestions and the reasons why documents of the module were skipped. */
export function explainUnknownModule(text: string, builds: readonly ModuleStream[], skipped: ModuleIndex['skipped']): string {
  const spec = parseModuleSpec(text);
  if (spec === undefined) return `\`${text}\` is not a module: write \`name:stream\``;
  const reasons = new Set(skipped.filter(({ name }) => globMatcher(spec.name)(name)).map(({ reason }) => reason));
  const [reason] = reasons;
  const more = reasons.size > 1 ? ` (and ${reasons.size - 1} for other reasons)` : '';
  const whatIsThere = explainMismatch(text, spec, builds);
  return reason === undefined ? whatIsThere : `${whatIsThere}; a document of it in modules.yaml was skipped: ${reason}${more}`;
}

function explainMismatch(text: string, spec: ModuleSpec, builds: readonly ModuleStream[]): string {
  const ofModule = builds.filter((build) => matchesModuleSpec({ ...NOTHING, name: spec.name }, build));
  if (ofModule.length > 0)
    return `module \`${spec.name}\` has no \`${text.slice(spec.name.length + 1)}\`; its streams are ${quoted(streamsOf(ofModule))}`;
  const names = [...new Set(builds.map((build) => build.name))].sort();
  if (names.length === 0) return `there is no module \`${spec.name}\`: the repositories have no modules`;
  const similar = nearestFew(spec.name, names);
  return `there is no module \`${spec.name}\`; ${similar.length > 0 ? 'similar are' : 'the modules are'} ${quoted(similar.length > 0 ? similar : names)}`;
}

/** In order of the file, each once. */
export function streamsOf(builds: readonly ModuleStream[]): string[] {
  return [...new Set(builds.map((build) => build.stream))];
}

export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ');
}

const NOTHING = { stream: undefined, version: undefined, context: undefined, arch: undefined, profile: undefined };
