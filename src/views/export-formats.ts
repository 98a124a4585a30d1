import type { Lockfile } from '../lockfile/lockfile.ts';
import { renderRpmsLock } from '../lockfile/rpms-lock.ts';
import type { ExportFormat } from '../manifest/export-names.ts';
import { renderBazeldnf } from './export-bazeldnf.ts';
import { renderCycloneDx } from './export-cyclonedx.ts';
import { renderAria2, renderKickstart, renderList } from './export-lists.ts';
import { renderPackageManifest } from './export-manifest.ts';
import { renderRpmtree } from './export-rpmtree.ts';
import { renderSpdx } from './export-spdx.ts';

/** Writer and capabilities of a format. */
interface ExportWriter {
  /** `fallbacks` are URL templates of the manifest. */
  readonly write: (locks: readonly Lockfile[], fallbacks?: readonly string[]) => string;
  /** Whether a file contains only one set for one architecture. */
  readonly single?: boolean;
  /** Whether it needs the locations of packages, which schema 1.0 does not have. */
  readonly needsLocations?: boolean;
  /** Whether it needs a URL for each file, because it cannot contain a mirror list. */
  readonly needsMirrors?: boolean;
  /** Whether it can contain several URLs for a file. */
  readonly usesFallbacks?: boolean;
  /** Whether it is one list of packages per architecture, in which two versions of one package are unexpected. */
  readonly isUnion?: boolean;
}

/** One entry per format: all that a new one needs besides its name in export-names.ts. */
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
