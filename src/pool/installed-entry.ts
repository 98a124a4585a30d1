import type { DependencyKind } from '../repodata/dependency-kinds.ts';
import type { RpmRelation } from '../rpm/rpm-package.ts';
import type { SolvableId } from './ids.ts';

/** Id of the repository of what is installed; dnf's name for it. */
export const SYSTEM_REPOSITORY = '@System';

/** An installed package as an rpm database describes it. */
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

/** A package of the pool that is installed, or one that only the rpm database knows. */
export type InstalledEntry = SolvableId | InstalledRecord;
