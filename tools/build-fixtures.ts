/**
 * Builds all generated files below fixtures/: `npx tsx tools/build-fixtures.ts`. Needs rpmbuild, rpmsign, createrepo_c 0.17, db5.3_load,
 * gpg, xz and zstd (Debian 12: rpm createrepo-c db5.3-util gnupg xz-utils zstd). The same versions of the tools give the same bytes.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type BuiltRpm, buildRpms } from './fixtures/build-rpms.ts';
import { makeRepository } from './fixtures/make-repository.ts';
import { makeRpmDatabases } from './fixtures/make-rpm-databases.ts';
import { makeSignedRpms } from './fixtures/make-signed-rpms.ts';
import { Signer } from './fixtures/sign.ts';
import { ARCHITECTURES, type MirrorDate, REPOSITORIES, readSpecBuilds } from './fixtures/spec-builds.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures');
const specs = join(fixtures, 'specs');
const keys = join(fixtures, 'keys');
const MOMENTS: Record<MirrorDate, string> = { mirror: '20250107T000000', 'mirror-next': '20250121T000000' };

const work = mkdtempSync(join(tmpdir(), 'rpm-deps-fixtures-'));
const signer = new Signer(keys, 'fixture');
try {
  const rpms = readSpecBuilds(specs).flatMap((build) => {
    console.error(`${basename(build.spec)} ${build.version}-${build.release}`);
    return buildRpms(build, { specs, output: work });
  });
  for (const date of Object.keys(MOMENTS) as MirrorDate[]) {
    const isNew = (rpm: BuiltRpm) => rpm.build.dates[0] === date;
    signer.signRpms(
      rpms.filter(isNew).map((rpm) => rpm.path),
      { moment: MOMENTS[date] },
    );
  }
  for (const [date, moment] of Object.entries(MOMENTS) as [MirrorDate, string][]) {
    const mirror = join(fixtures, date);
    rmSync(mirror, { recursive: true, force: true });
    for (const repository of REPOSITORIES) {
      for (const architecture of ARCHITECTURES) {
        const directory = join(mirror, '9-stream', repository, architecture, 'os');
        const members = rpms.filter((rpm) => belongs(rpm, { date, repository, architecture })).sort((a, b) => (a.path < b.path ? -1 : 1));
        mkdirSync(join(directory, 'Packages'), { recursive: true });
        for (const rpm of members) cpSync(rpm.path, join(directory, 'Packages', basename(rpm.path)));
        const madeAt = Date.parse(moment.replace(/^(....)(..)(..)T.*/, '$1-$2-$3T12:00:00Z')) / 1000;
        makeRepository({ directory, repository, architecture, rpms: members, madeAt, fixtures });
        signer.signDetached(join(directory, 'repodata/repomd.xml'), moment);
        dropRpms(join(directory, 'Packages'), date === 'mirror' ? members : [], members);
      }
    }
    mkdirSync(join(mirror, 'keys'), { recursive: true });
    cpSync(join(keys, 'RPM-GPG-KEY-fixture'), join(mirror, 'keys/RPM-GPG-KEY-fixture'));
  }
  makeSignedRpms({ fixtures, work });
  const baseos = join(fixtures, 'mirror/9-stream/BaseOS/x86_64/os/Packages');
  const installed = readdirSync(baseos).filter((file) => /^(?:acl|basesystem|centos-gpg-keys|libselinux|libstdc\+\+|tzdata)-\d/.test(file));
  await makeRpmDatabases(
    join(fixtures, 'rpmdb'),
    installed.map((file) => join(baseos, file)),
  );
} finally {
  signer.close();
  rmSync(work, { recursive: true, force: true });
}

function belongs(rpm: BuiltRpm, place: { date: MirrorDate; repository: string; architecture: string }): boolean {
  const { build } = rpm;
  const archFits =
    rpm.arch === 'noarch'
      ? build.architectures.includes(place.architecture)
      : rpm.arch === place.architecture || (rpm.arch === 'i686' && place.architecture === 'x86_64');
  return archFits && build.dates.includes(place.date) && (build.routes.get(rpm.name) ?? build.repository) === place.repository;
}

/** Keeps only the newest files of the packages in kept-rpms.txt: a resolver needs only the metadata of the others. */
function dropRpms(packages: string, candidates: readonly BuiltRpm[], all: readonly BuiltRpm[]): void {
  const names = new Set(readFileSync(join(fixtures, 'kept-rpms.txt'), 'utf8').split('\n'));
  const newest = new Map<string, BuiltRpm>();
  for (const rpm of candidates) {
    if (!names.has(rpm.name) || rpm.arch === 'i686' || rpm.build.module !== undefined) continue;
    if ((newest.get(rpm.name)?.build.builtAt ?? 0) <= rpm.build.builtAt) newest.set(rpm.name, rpm);
  }
  const kept = new Set([...newest.values()].map((rpm) => rpm.path));
  for (const rpm of all) if (!kept.has(rpm.path)) rmSync(join(packages, basename(rpm.path)));
}
