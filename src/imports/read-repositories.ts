/** Files that only define repositories: `.repo` files of dnf and `repo.yaml` of bazeldnf. */
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { Fields } from '../base/fields.ts';
import { shortPrintable } from '../base/printable.ts';
import { MANIFEST_SCHEMA } from '../manifest/manifest-schema.ts';
import { lostCheck, parseRepoFile, readSections, WITHOUT_EFFECT, withoutEmptyCheck } from '../manifest/repo-file.ts';
import type { Plain } from '../manifest/source-text.ts';
import { canonicalArchitecture } from '../rpm/architecture-names.ts';
import { type Imported, type ImportedRepository, type ImportFile, listOf, quotedNames, textsOf, unknownArchitectures } from './imported.ts';

/** Valid keys in `repositories:` of a manifest. */
const KEYS: ReadonlySet<string> = new Set(Object.keys(MANIFEST_SCHEMA.properties.repositories.items.properties));

export function readRepoFile({ name, text, arch }: ImportFile): Imported | undefined {
  if (
    !name.endsWith('.repo') &&
    !/^\s*(?:[#;][^\n]*\n\s*)*\[[^\]\n]+\]\s*\n(?:[^\n[]*\n)*?\s*(?:baseurl|metalink|mirrorlist)\s*=/.test(text.slice(0, 100_000))
  )
    return undefined;
  const { sections, mistakes, unused } = parseRepoFile(text);
  if (sections.length === 0 && mistakes.length > 0) return undefined;
  const [mistake] = mistakes;
  if (mistake !== undefined)
    throw new RpmDepsError('USAGE', `${shortPrintable(name)}:${mistake.line}: ${shortPrintable(mistake.message)}`, {
      hint: 'correct this line',
    });
  const repositories = sections.map(({ id, definition }): ImportedRepository => {
    const lost = [
      ...Object.keys(definition).filter((key) => !KEYS.has(key)),
      ...unused.filter((option) => option.startsWith(`${id}: `)).map((option) => option.slice(id.length + 2)),
    ];
    return {
      definition: Object.fromEntries(Object.entries(withoutEmptyCheck(definition)).filter(([key]) => KEYS.has(key))),
      architecture: arch === undefined ? undefined : canonicalArchitecture(arch),
      lost: [...lost.map((key) => `\`${shortPrintable(key)}\` of ${basename(name)}`), ...lostCheck(definition)],
    };
  });
  // Options of dnf itself, which may mean packages and keys too.
  const main = readSections(text)
    .sections.filter(({ id }) => id === 'main')
    .flatMap(({ options }) => [...options.keys()].filter((key) => !WITHOUT_EFFECT.has(key)));
  return { repositories, lost: main.length === 0 ? [] : [`options of \`[main]\` of ${basename(name)}: ${quotedNames(main)}`] };
}

/** `repositories:` with `name`, `arch`, `baseurl`, `metalink`, `mirrors`, `gpgkey`, `priority` and `disabled`. */
export function readRepoYaml({ value, name }: ImportFile): Imported | undefined {
  const entries = value?.['repositories'];
  if (value === undefined || !Array.isArray(entries) || 'sets' in value || 'rpms' in value) return undefined;
  if (!listOf(entries).every((entry) => typeof entry['name'] === 'string' && !('id' in entry))) return undefined;
  const isUnknown = ({ arch }: Fields): boolean => typeof arch === 'string' && arch !== '' && canonicalArchitecture(arch) === undefined;
  return {
    repositories: listOf(entries)
      .filter((entry) => !isUnknown(entry))
      .map((entry) => bazeldnfRepository(entry, basename(name))),
    lost: unknownArchitectures([
      ...new Set(
        listOf(entries)
          .filter(isUnknown)
          .map(({ arch }) => String(arch)),
      ),
    ]),
  };
}

const READ = new Set(['name', 'arch', 'baseurl', 'metalink', 'mirrors', 'gpgkey', 'priority', 'disabled', 'gpgcheck', 'repo_gpgcheck']);

function bazeldnfRepository(entry: Fields, file: string): ImportedRepository {
  const text = (key: string): string | undefined => (typeof entry[key] === 'string' && entry[key] !== '' ? entry[key] : undefined);
  const urls = [...new Set([text('baseurl'), ...textsOf(entry['mirrors'])].filter((url) => url !== undefined))];
  const priority = entry['priority'];
  const definition: { [key: string]: Plain } = { id: text('name') ?? '' };
  if (urls.length > 0) definition['baseurl'] = urls.length === 1 ? urls[0]! : urls;
  if (text('metalink') !== undefined) definition['metalink'] = text('metalink')!;
  if (text('gpgkey') !== undefined) definition['gpgkey'] = text('gpgkey')!;
  if (typeof priority === 'number' && Number.isInteger(priority) && Math.abs(priority) < 100_000) definition['priority'] = priority;
  if (entry['disabled'] === true) definition['enabled'] = false;
  // bazeldnf ignores these keys, but they express the intent of the author.
  if (entry['repo_gpgcheck'] === 1 || entry['repo_gpgcheck'] === true) definition['repo_gpgcheck'] = true;
  return {
    definition,
    architecture: canonicalArchitecture(text('arch') ?? ''),
    lost: [
      ...Object.keys(entry)
        .filter((key) => !READ.has(key))
        .map((key) => `\`${shortPrintable(key)}\` of ${file}`),
      ...(isOff(entry['gpgcheck']) && text('gpgkey') !== undefined
        ? [`\`gpgcheck\` of ${file}, which bazeldnf does not read: signatures are checked with \`gpgkey\``]
        : []),
    ],
  };
}

const isOff = (value: unknown): boolean => value === false || value === 0;
