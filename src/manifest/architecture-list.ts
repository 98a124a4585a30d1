import { shortPrintable } from '../base/printable.ts';
import { canonicalArchitecture, nearestArchitecture } from '../rpm/architecture-names.ts';
import type { MistakeList } from './mistake.ts';
import type { Plain } from './source-text.ts';

/** RPM names of a list of architectures, without duplicates; an architecture outside of `allowed` is a mistake. */
export function architectureList(
  value: Plain | undefined,
  path: readonly (string | number)[],
  allowed: readonly string[],
  mistakes: MistakeList,
): string[] {
  const result: string[] = [];
  for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
    if (typeof item !== 'string') continue;
    const architecture = canonicalArchitecture(item);
    if (architecture !== undefined && allowed.includes(architecture)) {
      if (!result.includes(architecture)) result.push(architecture);
      continue;
    }
    const nearest = architecture === undefined ? nearestArchitecture(item, allowed) : undefined;
    const advice = nearest ? `did you mean \`${nearest}\`?` : `expected one of ${allowed.join(', ')}`;
    const problem = architecture === undefined ? 'unknown architecture' : 'the manifest does not list the architecture';
    mistakes.add([...path, i], `${problem} \`${shortPrintable(item)}\`; ${advice}`);
  }
  return result;
}
