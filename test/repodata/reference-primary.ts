import { SaxesParser } from 'saxes';
import { filePlace } from '../../src/repodata/file-place.ts';

/** A package as plain data, as primary.xml says it. */
export interface ReadPackage {
  name: string;
  arch: string;
  evr: string;
  checksum: string;
  location: string;
  source: string;
  size: number;
  buildTime: number;
  files: string[];
  /** `kind name OP evr`, with `!` in front where it is marked `pre`. */
  dependencies: string[];
}

const OPERATORS: Readonly<Record<string, number>> = { GT: 1, EQ: 2, GE: 3, LT: 4, NE: 5, LE: 6 };

function noPackage(): ReadPackage {
  return { name: '', arch: '', evr: '', checksum: '', location: '', source: '', size: 0, buildTime: 0, files: [], dependencies: [] };
}

/** primary.xml read with a strict parser that somebody else wrote: slow, and right. Throws for what is not well-formed. */
export function readWithSaxes(xml: string): ReadPackage[] {
  const packages: ReadPackage[] = [];
  const path: string[] = [];
  let current: ReadPackage | undefined;
  let text = '';
  let checksumType = '';
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    text = '';
    const depth = path.filter((element) => element !== 'format').length;
    if (path.length === 2 && name === 'package') {
      current = noPackage();
      checksumType = '';
    }
    if (current === undefined) return;
    if (depth === 3 && name === 'version') current.evr = evrOf(attributes);
    else if (depth === 3 && name === 'location') current.location = placeOf(attributes) ?? current.location;
    else if (depth === 3 && name === 'size') current.size = numberOf(attributes['package']);
    else if (depth === 3 && name === 'time') current.buildTime = numberOf(attributes['build']);
    else if (depth === 3 && name === 'checksum') checksumType = attributes['type'] ?? checksumType;
    else if (depth === 4 && name === 'rpm:entry' && path.at(-2)!.startsWith('rpm:')) {
      const flags = OPERATORS[attributes['flags'] ?? ''] ?? 0;
      // As in libsolv: a comparison that is none leaves only the name.
      const evr = flags === 0 ? '' : evrOf(attributes);
      const isPre = attributes['pre']?.startsWith('1') === true ? '!' : '';
      if (attributes['name'] !== undefined)
        current.dependencies.push(`${isPre}${path.at(-2)!.slice(4)} ${attributes['name']} ${flags} ${evr}`);
    }
  });
  const addText = (more: string): void => {
    text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ name }) => {
    const depth = path.filter((element) => element !== 'format').length;
    path.pop();
    if (current === undefined) return;
    if (name === 'package' && path.length === 1) {
      packages.push(current);
      current = undefined;
    } else if (depth === 3) {
      if (name === 'name') current.name = text;
      else if (name === 'arch') current.arch = text;
      else if (name === 'checksum') current.checksum = `${checksumType} ${/[^0-9a-fA-F]/.test(text) ? '' : text}`;
      else if (name === 'file') current.files.push(text);
      else if (name === 'rpm:sourcerpm') current.source = text;
    }
  });
  parser.write(xml).close();
  return packages;
}

function evrOf(attributes: Readonly<Record<string, string>>): string {
  const { epoch = '', ver = '', rel = '' } = attributes;
  const isEpochShown = epoch !== '' && epoch !== '0';
  const prefix = isEpochShown ? `${epoch}:` : /^\d+:/.test(ver) ? '0:' : '';
  return `${prefix}${ver}${rel === '' ? '' : `-${rel}`}`;
}

/** Of at most 15 decimal digits; 0 for anything else. */
function numberOf(text = ''): number {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}

/** Where a `<location>` leads; what leads nowhere begins with a NUL. */
function placeOf(attributes: Readonly<Record<string, string>>): string | undefined {
  const href = attributes['href'];
  if (href === undefined) return undefined;
  const place = filePlace(href, attributes['xml:base'] ?? '');
  return 'location' in place ? place.location : `\0${place.mistake}`;
}
