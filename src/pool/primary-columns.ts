/**
 * Numbers of the columns of the primary.xml reader. The reader is compiled from assembly/, which imports this file too: it has only
 * numbers, which mean the same in TypeScript and AssemblyScript.
 */
export const STRING_BYTES = 0;
export const STRING_STARTS = 1;
export const RELATION_NAMES = 3;
export const RELATION_FLAGS = 4;
export const RELATION_EVRS = 5;
export const NAME = 6;
export const EVR = 7;
export const ARCH = 8;
/** A 64-bit floating-point number, like BUILD_TIME: 8 bytes per entry. */
export const SIZE = 9;
export const BUILD_TIME = 10;
export const COLD = 11;
export const COLD_ENDS = 12;
export const FILE_STARTS = 13;
export const FILES = 14;
/** For each kind of dependency, in the order of DEPENDENCY_KINDS: start offsets of the lists, then the lists. */
export const DEPENDENCIES = 15;
export const STRING_SLOTS = 31;
export const RELATION_SLOTS = 32;
export const ARCH_RANK = 33;
export const PROVIDER_STARTS = 34;
export const PROVIDERS = 35;
export const PROVIDER_DEPS = 36;
export const NAME_STARTS = 37;
export const ROWS_BY_NAME = 38;
export const WANTED_PATHS = 39;
export const ODD = 40;

/** Rarely used texts of packages, in this order in `COLD`; `COLD_ENDS` has an end offset for each. */
export const LOCATION = 0;
export const SOURCE_RPM = 1;
export const CHECKSUM_TYPE = 2;
export const CHECKSUM = 3;
export const COLD_FIELDS = 4;
