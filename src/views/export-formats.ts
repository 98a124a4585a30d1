import type { Lockfile } from '../lockfile/lockfile.ts';
import { renderRpmsLock } from '../lockfile/rpms-lock.ts';
import type { ExportFormat } from '../manifest/export-names.ts';
import { renderBazeldnf } from './export-bazeldnf.ts';
import { renderCycloneDx } from './export-cyclonedx.ts';
import { renderAria2, renderKickstart, renderList } from './export-lists.ts';
import { renderPackageManifest } from './export-manifest.ts';
import { renderRpmtree } from './export-rpmtree.ts';
import { renderSpdx } from './export-spdx.ts';

/** How a format is written, and what it can hold. */
interface ExportWriter {
  /** `fallbacks` are URL templates of the manifest. */
  readonly write: (locks: readonly Lockfile[], fallbacks?: readonly string[]) => string;
  /** Whether it holds one set for one architecture only. */
  readonly single?: boolean;
  /** Whether it needs what schema 1.0 does not have: where packages come from. */
  readonly needsLocations?: boolean;
  /** Whether it has a URL for each file, and no words for a list of mirrors. */
  readonly needsMirrors?: boolean;
  /** Whether it has several URLs for a file. */
  readonly usesFallbacks?: boolean;
  /** Whether it is one list of packages for an architecture, in which two versions of one package are a surprise. */
  readonly isUnion?: boolean;
}

/** One entry a format: what a new one needs beside its name in export-names.ts. */
export const EXPORT_WRITERS: Readonly<Record<ExportFormat, ExportWriter>> = {
  'rpms.lock.yaml': { write: (locks) => renderRpmsLock(locks), needsLocations: true, needsMirrors: true, isUnion: true },
  'packages.manifest.yaml': { write: (locks) => renderPackageManifest(locks), needsLocations: true, isUnion: true },
  bazeldnf: {
    write: (locks, fallbacks = []) => renderBazeldnf(locks, fallbacks),
    needsLocations: true,
    needsMirrors: true,
    usesFallbacks: true,
  },
  rpmtree: {
    write: (locks, fallbacks = []) => renderRpmtree(locks, fallbacks),
    needsLocations: true,
    needsMirrors: true,
    usesFallbacks: true,
  },
  cyclonedx: { write: ([lock]) => renderCycloneDx(lock!), single: true, needsLocations: true, needsMirrors: true },
  spdx: { write: ([lock]) => renderSpdx(lock!), single: true, needsLocations: true, needsMirrors: true },
  kickstart: { write: ([lock]) => renderKickstart(lock!), single: true },
  aria2: { write: (locks, fallbacks = []) => renderAria2(locks, fallbacks), needsLocations: true, needsMirrors: true, usesFallbacks: true },
  list: { write: (locks) => renderList(locks) },
};
