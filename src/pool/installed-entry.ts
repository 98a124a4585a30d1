import type { DependencyKind } from '../repodata/dependency-kinds.ts';
import type { RpmRelation } from '../rpm/rpm-package.ts';
import type { SolvableId } from './ids.ts';

/** Id of the repository of installed packages, as in dnf. */
export const SYSTEM_REPOSITORY = '@System';

/** An installed package, with the fields of an rpm database. */
export interface InstalledRecord {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly source: string;
  readonly buildTime: number;
  readonly relations: Readonly<Partial<Record<DependencyKind, readonly Omit<RpmRelation, 'isPre'>[]>>>;
  readonly files: readonly { readonly path: string }[];
}

/** An installed package that is in the pool, or only in the rpm database. */
export type InstalledEntry = SolvableId | InstalledRecord;
