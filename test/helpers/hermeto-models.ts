/** What hermeto asks of `rpms.lock.yaml`: its models of the file, and what it makes of them when it downloads, restated. */
import { posix } from 'node:path';

type Unknown = Readonly<Record<string, unknown>>;

/** Everything that it would refuse or lose; empty for a file that it takes whole. */
export function hermetoProblems(lock: Unknown): string[] {
  const problems: string[] = [];
  const expected = (isRight: boolean, what: string): void => void (isRight || problems.push(what));
  expected(lock['lockfileVersion'] === 1, 'lockfileVersion is not 1');
  expected(lock['lockfileVendor'] === 'redhat', 'lockfileVendor is not redhat');
  const arches = listOf(lock['arches']);
  expected(arches !== undefined, 'arches is not a list');
  for (const arch of arches ?? []) {
    expected(typeof arch['arch'] === 'string', 'arch is not a text');
    const places = new Map<string, string>();
    for (const key of ['packages', 'source', 'module_metadata']) {
      const items = listOf(arch[key]);
      expected(items !== undefined, `${key} is not a list`);
      for (const item of items ?? []) {
        const name = `${key} ${String(item['url'])}`;
        expected(typeof item['url'] === 'string' && /^(?:https?|file):/.test(item['url']), `${name}: url`);
        expected(typeof item['repoid'] === 'string' && item['repoid'] !== '', `${name}: repoid`);
        expected(item['size'] === undefined || Number.isInteger(item['size']), `${name}: size is not a number`);
        expected(item['checksum'] === undefined || /^(?:sha256|sha512):[0-9a-f]+$/.test(String(item['checksum'])), `${name}: checksum`);
        expected(item['evr'] === undefined || typeof item['evr'] === 'string', `${name}: evr is not a text`);
        // Each file goes to deps/rpm/ARCH/REPOID/NAME: of two with one name it would keep one.
        const place = posix.join(String(item['repoid']), posix.basename(String(item['url'])));
        expected(!places.has(place), `${name} and ${places.get(place)} would be one file`);
        places.set(place, name);
      }
    }
  }
  return problems;
}

function listOf(value: unknown): readonly Unknown[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null) ? value : undefined;
}
