/** Columns by number, for the host: where each begins, and how many entries it has. */
import * as indexes from './indexes';
import { ByteList, IntList } from './memory';
import * as packages from './packages';
import * as relations from './relations';
import * as strings from './strings';

const noBytes = new ByteList(0);
const noInts = new IntList(0);

/** Numbers are those of src/pool/primary-reader.ts. */
export function columnStart(column: i32): usize {
  if (column === 9) return packages.size.items;
  if (column === 10) return packages.buildTime.items;
  if (column === 33) return indexes.ranks;
  const bytes = byteColumn(column);
  return bytes === noBytes ? intColumn(column).items : bytes.items;
}

export function columnLength(column: i32): i32 {
  if (column === 9 || column === 10 || column === 33) return packages.name.length;
  const bytes = byteColumn(column);
  return bytes === noBytes ? intColumn(column).length : bytes.length;
}

function byteColumn(column: i32): ByteList {
  switch (column) {
    case 0:
      return strings.bytes;
    case 4:
      return relations.flags;
    case 11:
      return packages.cold;
    default:
      return noBytes;
  }
}

function intColumn(column: i32): IntList {
  switch (column) {
    case 1:
      return strings.starts;
    case 3:
      return relations.names;
    case 5:
      return relations.evrs;
    case 6:
      return packages.name;
    case 7:
      return packages.evr;
    case 8:
      return packages.arch;
    case 12:
      return packages.coldEnds;
    case 13:
      return packages.fileStarts;
    case 14:
      return packages.files;
    case 31:
      return indexes.stringSlots;
    case 32:
      return indexes.relationSlots;
    case 34:
      return indexes.providerStarts;
    case 35:
      return indexes.providers;
    case 36:
      return indexes.providerDeps;
    case 37:
      return indexes.nameStarts;
    case 38:
      return indexes.rowsByName;
    case 39:
      return indexes.wantedPaths;
    case 40:
      return packages.odd;
    default:
      if (column > 30) return noInts;
      return (column & 1) !== 0 ? packages.startsOf((column - 15) >> 1) : packages.listOf((column - 15) >> 1);
  }
}
