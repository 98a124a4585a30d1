/** Explains pins whose version is in no repository any more. A variable that pins many packages is reported once. */
import { someNames } from '../base/printable.ts';
import { MIRROR_MAY_BE_BEHIND } from '../resolution/explain-missing.ts';
import { parseNevra } from '../rpm/nevra.ts';
import type { FailedTarget } from './solve-targets.ts';

interface LostPin {
  readonly variable: string;
  readonly spec: string;
  /** Newest first. */
  readonly available: readonly string[];
  /** All of them are older. */
  readonly isBehind: boolean;
  readonly name: string;
  readonly set: string;
  readonly architecture: string;
}

/** The message for variables that pin several missing packages, and their specs. */
export interface GonePins {
  readonly texts: readonly string[];
  readonly specs: ReadonlySet<string>;
}

export function explainGonePins(failed: readonly FailedTarget[]): GonePins {
  const byVariable = new Map<string, LostPin[]>();
  for (const lost of failed.flatMap(lostPins)) byVariable.set(lost.variable, [...(byVariable.get(lost.variable) ?? []), lost]);
  const shared = [...byVariable].filter(([, pins]) => new Set(pins.map(({ spec }) => spec)).size > 1);
  return {
    texts: shared.map(([variable, pins]) => textFor(variable, pins)),
    specs: new Set(shared.flatMap(([, pins]) => pins.map(({ spec }) => spec))),
  };
}

function lostPins({ target: { set, architecture }, problems }: FailedTarget): LostPin[] {
  const specs = new Map(set.specsFor(architecture).map((spec) => [spec.text, spec]));
  return problems.flatMap(({ kind, spec = '', packages, suggestions }) => {
    const [variable, ...others] = specs.get(spec)?.variables ?? [];
    if (kind !== 'version-gone' || variable === undefined || others.length > 0) return [];
    const found = packages.map((nevra) => parseNevra(nevra)).filter((nevra) => nevra !== undefined);
    const available = [...new Set(found.map(({ epoch, version, release }) => `${epoch}:${version}-${release}`))];
    const isBehind = suggestions.includes(MIRROR_MAY_BE_BEHIND);
    return [{ variable, spec, available, isBehind, name: found[0]?.name ?? spec, set: set.name, architecture }];
  });
}

function textFor(variable: string, pins: readonly LostPin[]): string {
  const wanted = versionIn(pins[0]!);
  const places = new Map<string, { names: Set<string>; architectures: Set<string> }>();
  for (const { available, name, architecture } of pins) {
    const versions = available.slice(0, 3).map(withoutZero).join(', ');
    const place = places.get(versions) ?? { names: new Set(), architectures: new Set() };
    places.set(versions, place);
    place.names.add(name);
    place.architectures.add(architecture);
  }
  return [
    `${variable} is ${withoutZero(wanted)}, which is in no repository`,
    ...[...places].map(
      ([versions, { names, architectures }]) => `  there is ${versions}: ${someNames([...names], 3)} (${[...architectures].join(', ')})`,
    ),
    `  used by ${someNames([...new Set(pins.map(({ set }) => set))], 3)}`,
    pins.every(({ isBehind }) => isBehind) ? `- ${MIRROR_MAY_BE_BEHIND}` : `- run \`rpm-deps bump ${variable}\` to move the pin`,
  ].join('\n');
}

/** The part of the spec after the name of the package, without the architecture. */
const versionIn = ({ spec, name }: LostPin): string =>
  spec.startsWith(`${name}-`) ? spec.slice(name.length + 1).replace(/\.(?:noarch|[a-z]\w*64\w*|s390x|i\d86)$/, '') : spec;

const withoutZero = (version: string): string => version.replace(/^0:/, '');
