/**
 * Repositories of composes: the compose tracking service at CTS_URL returns the URL of a compose, and its composeinfo.json (productmd) lists the
 * repositories.
 */
import { shortPrintable } from '../base/printable.ts';
import { asMap, textList } from './plain-access.ts';
import type { Reading } from './rpms-in-variables.ts';
import type { Plain } from './source-text.ts';

type Path = readonly (string | number)[];
type PlainMap = { [key: string]: Plain };

/** Converts items of `contentOrigin.composes` to repositories. */
export async function repositoriesOfCompose(entry: Plain, path: Path, reading: Reading): Promise<PlainMap[]> {
  const { cts, refuse } = reading;
  if (cts === undefined) {
    refuse(path.slice(0, -1), 'needs CTS_URL in the environment: the address of the compose tracking service');
    return [];
  }
  const { id, latest } = asMap(entry) ?? {};
  const service = cts.replace(/\/+$/, '');
  if (typeof id === 'string') {
    const found = await readJson(`${service}/api/1/composes/${encodeURIComponent(id)}`, path, reading);
    return found === undefined ? [] : repositoriesAt(found['compose_url'], path, reading);
  }
  const filters = Object.entries(asMap(latest) ?? {}).flatMap(([key, values]) =>
    textList(values).map((value) => [key, value] as [string, string]),
  );
  const query = new URLSearchParams(filters).toString();
  const found = await readJson(`${service}/api/1/composes/${query === '' ? '' : `?${query}`}`, path, reading);
  if (found === undefined) return [];
  const [first] = Array.isArray(found['items']) ? found['items'] : [];
  if (first !== undefined) return repositoriesAt(asMap(first)?.['compose_url'], path, reading);
  refuse(path, `matches no compose: ${shortPrintable(query)}`);
  return [];
}

async function repositoriesAt(url: Plain | undefined, path: Path, reading: Reading): Promise<PlainMap[]> {
  const { refuse } = reading;
  if (typeof url !== 'string' || !/^https?:\/\/\S+$/i.test(url)) {
    refuse(path, 'names a compose whose address the service does not know');
    return [];
  }
  // Like productmd: the URL may be that of the compose folder or of its parent.
  const own = url.replace(/\/+$/, '');
  for (const root of own.endsWith('/compose') ? [own] : [`${own}/compose`, own]) {
    const found = await reading.read(`${root}/metadata/composeinfo.json`);
    if ('text' in found) return repositoriesOf(found.text, root, path, refuse);
  }
  refuse(path, `names a compose at ${shortPrintable(own)}, which has no metadata/composeinfo.json`);
  return [];
}

function repositoriesOf(text: string, root: string, path: Path, refuse: Reading['refuse']): PlainMap[] {
  const payload = asMap(parse(text))?.['payload'];
  const id = asMap(asMap(payload)?.['compose'])?.['id'];
  const variants = asMap(asMap(payload)?.['variants']);
  if (typeof id !== 'string' || variants === undefined) {
    refuse(path, 'names a compose whose composeinfo.json is not one');
    return [];
  }
  // Skip variants inside another variant; they are also listed, such as `Server-HighAvailability`.
  const inner = new Set(Object.values(variants).flatMap((variant) => textList(asMap(variant)?.['variants'])));
  return Object.entries(variants).flatMap(([uid, variant]) => {
    if (inner.has(uid)) return [];
    const places = Object.entries(asMap(asMap(asMap(variant)?.['paths'])?.['repository']) ?? {});
    if (places.length === 0) return [];
    const general = new Set(places.map(([architecture, place]) => String(place).replaceAll(architecture, '$basearch')));
    const architectures = places.map(([architecture]) => architecture);
    const [place] = general;
    if (general.size > 1) refuse(path, `names a compose whose variant ${shortPrintable(uid)} has no common place for its architectures`);
    return [{ id: `${id}-${uid}-rpms`, baseurl: `${root}/${place}`, architectures }];
  });
}

async function readJson(url: string, path: Path, { read, refuse }: Reading): Promise<{ readonly [key: string]: Plain } | undefined> {
  const found = await read(url);
  if ('problem' in found) return void refuse(path, found.problem);
  const value = asMap(parse(found.text));
  if (value === undefined) refuse(path, `cannot be read: ${shortPrintable(url)} did not answer with an object`);
  return value;
}

function parse(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}
