/** Columns by number, for the host: where each begins, and how many entries it has. */
import * as column from '../src/pool/primary-columns';
import * as indexes from './indexes';
import { ByteList, IntList, numbersOf } from './memory';
import * as packages from './packages';
import * as relations from './relations';
import * as strings from './strings';

const noBytes = new ByteList(0);
const noInts = new IntList(0);

export function columnStart(number: i32): usize {
  if (number === column.ARCH_RANK) return indexes.ranks;
  const numbers = numbersOf(number);
  if (numbers !== null) return numbers.items;
  const bytes = byteColumn(number);
  return bytes === noBytes ? intColumn(number).items : bytes.items;
}

export function columnLength(number: i32): i32 {
  if (number === column.ARCH_RANK || numbersOf(number) !== null) return packages.name.length;
  const bytes = byteColumn(number);
  return bytes === noBytes ? intColumn(number).length : bytes.length;
}

function byteColumn(number: i32): ByteList {
  switch (number) {
    case column.STRING_BYTES:
      return strings.bytes;
    case column.RELATION_FLAGS:
      return relations.flags;
    case column.COLD:
      return packages.cold;
    default:
      return noBytes;
  }
}

function intColumn(number: i32): IntList {
  switch (number) {
    case column.STRING_STARTS:
      return strings.starts;
    case column.RELATION_NAMES:
      return relations.names;
    case column.RELATION_EVRS:
      return relations.evrs;
    case column.NAME:
      return packages.name;
    case column.EVR:
      return packages.evr;
    case column.ARCH:
      return packages.arch;
    case column.COLD_ENDS:
      return packages.coldEnds;
    case column.FILE_STARTS:
      return packages.fileStarts;
    case column.FILES:
      return packages.files;
    case column.STRING_SLOTS:
      return indexes.stringSlots;
    case column.RELATION_SLOTS:
      return indexes.relationSlots;
    case column.PROVIDER_STARTS:
      return indexes.providerStarts;
    case column.PROVIDERS:
      return indexes.providers;
    case column.PROVIDER_DEPS:
      return indexes.providerDeps;
    case column.NAME_STARTS:
      return indexes.nameStarts;
    case column.ROWS_BY_NAME:
      return indexes.rowsByName;
    case column.WANTED_PATHS:
      return indexes.wantedPaths;
    case column.ODD:
      return packages.odd;
    default:
      if (number >= column.STRING_SLOTS) return noInts;
      return (number & 1) === (column.DEPENDENCIES & 1)
        ? packages.startsOf((number - column.DEPENDENCIES) >> 1)
        : packages.listOf((number - column.DEPENDENCIES) >> 1);
  }
}
