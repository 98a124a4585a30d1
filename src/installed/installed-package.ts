import { RpmDepsError } from '../base/errors.ts';
import { type RelationKind, type RpmPackage, type RpmRelation, readFiles, readRelations } from '../rpm/rpm-package.ts';
import { TAG } from '../rpm/rpm-tags.ts';
import { type DatabaseHeader, invalidDatabase } from './database-header.ts';

/** An installed package, with the fields that the solver needs. */
export interface InstalledPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly vendor: string;
  /** File name of the source RPM; empty if the header has none. */
  readonly source: string;
  /** Seconds since 1970. */
  readonly buildTime: number;
  /** `name:stream:version:context` of the module build of the package; empty for non-modular packages. */
  readonly modularityLabel: string;
  readonly relations: Readonly<Record<RelationKind, readonly RpmRelation[]>>;
  readonly files: RpmPackage['files'];
}

/** rpm stores imported keys as packages with this name. */
const KEY_PACKAGE = 'gpg-pubkey';

/** undefined for an imported key. */
export function toInstalledPackage(header: DatabaseHeader, where: string): InstalledPackage | undefined {
  const [name, version, release] = [TAG.NAME, TAG.VERSION, TAG.RELEASE].map((tag) => header.string(tag));
  if (name === undefined || version === undefined || release === undefined) throw invalidDatabase(where, 'a package in it has no name');
  if (name === KEY_PACKAGE) return undefined;
  return {
    name,
    epoch: String(header.numbers(TAG.EPOCH)[0] ?? 0),
    version,
    release,
    arch: header.string(TAG.ARCH) ?? 'noarch',
    vendor: header.string(TAG.VENDOR) ?? '',
    source: header.string(TAG.SOURCE_RPM) ?? '',
    buildTime: header.numbers(TAG.BUILD_TIME)[0] ?? 0,
    modularityLabel: header.string(TAG.MODULARITY_LABEL) ?? '',
    ...contents(header, name, where),
  };
}

function contents(header: DatabaseHeader, name: string, where: string): Pick<InstalledPackage, 'relations' | 'files'> {
  try {
    return { relations: readRelations(header, name), files: readFiles(header, name) };
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'RPM_INVALID') throw invalidDatabase(where, error.message, error);
    throw error;
  }
}
