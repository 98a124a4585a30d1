import { shortPrintable } from '../base/printable.ts';

export interface ImportedSpecs {
  readonly set: string;
  readonly architecture: string;
  readonly specs: readonly string[];
  /** What a manifest has no place for, or `import` does not translate: a comment in the manifest, and a warning. */
  readonly lost?: readonly string[];
}

/** The text of a manifest: specs that only some architectures of a set have are scoped to those. */
export function importedManifest(imported: readonly ImportedSpecs[]): string {
  const architectures = [...new Set(imported.map(({ architecture }) => architecture))];
  const sets = new Map<string, Map<string, string[]>>();
  for (const { set, architecture, specs } of imported) {
    const byArchitecture = sets.get(set) ?? new Map<string, string[]>();
    sets.set(set, byArchitecture);
    byArchitecture.set(architecture, [...(byArchitecture.get(architecture) ?? []), ...specs]);
  }
  const lines = ['schema_version: "1.0"', `architectures: ${list(architectures)}`, 'sets:'];
  for (const [set, byArchitecture] of sets) {
    lines.push(
      `  ${scalar(set)}:`,
      ...commentsFor(imported.filter((one) => one.set === set)),
      ...(byArchitecture.size < architectures.length ? [`    architectures: ${list([...byArchitecture.keys()])}`] : []),
      '    packages:',
    );
    for (const spec of new Set([...byArchitecture.values()].flat())) {
      const having = [...byArchitecture].filter(([, specs]) => specs.includes(spec)).map(([architecture]) => architecture);
      lines.push(
        having.length === byArchitecture.size
          ? `      - ${scalar(spec)}`
          : `      - { name: ${scalar(spec)}, architectures: ${list(having)} }`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function commentsFor(imported: readonly ImportedSpecs[]): string[] {
  const texts = new Map<string, string[]>();
  for (const { architecture, lost = [] } of imported) for (const text of lost) texts.set(text, [...(texts.get(text) ?? []), architecture]);
  return [...texts].map(([text, names]) => `    # not carried over (${names.join(', ')}): ${shortPrintable(text)}`);
}

const list = (names: readonly string[]): string => `[${names.join(', ')}]`;

const scalar = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9._+-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
