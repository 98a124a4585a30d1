/** What is said about requests that cannot be met on a real mirror; `npx vitest run -u` writes the file anew, to be read before it is kept. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResolveRequest } from '../../src/resolution/resolution.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { corpus } from '../helpers/corpus.ts';
import { mirrorPool } from '../helpers/mirror-pool.ts';
import { describeOutcome } from '../scenarios/answer-scenario.ts';

const REQUESTS: readonly ResolveRequest[] = [
  { install: ['glibc-static', 'qemu-kvmm'] },
  { install: ['glibc = 1'] },
  { install: ['libvirt-daemon-10.0.0-1.el9'] },
  { install: ['nodejs-18.20.4'] },
  { install: ['nodejs-1:20.18.1-1.module_el9+1145+0c321386'] },
  { install: ['nodejs'], modules: { enable: ['nodejs:99'] } },
  { install: ['libfoo.so.1()(64bit)', '/usr/bin/qemu-system-x86_64', '@developmint'] },
  { install: ['glibc.s390x', 'glibc-2.34-147.el9.s390x'] },
  { install: ['coreutils', 'coreutils-single'] },
  { install: ['curl', 'curl-minimal'] },
  { install: ['libvirt-libs-10.10.0-3.el9', 'libvirt-daemon-driver-qemu-10.9.0-1.el9'] },
  { install: ['bash'], exclude: ['glibc'] },
  { install: ['libvirt-daemon'], exclude: ['systemd'] },
  { install: ['qemu-kvm'], repositories: ['baseos'] },
  { install: ['podman'], repositories: ['appstream'] },
  { install: ['perl-devel', 'gcc-c++', 'zzz'] },
  { install: ['bash'], constraints: [{ name: 'glibc', version: '2.33*', reason: 'held at 2.33* until 2027-01-01: the plugin needs it' }] },
];

const folder = corpus();

test.runIf(folder !== undefined)('refusals on a real mirror say who asked, what was there and what could be done', async () => {
  const repos = ['BaseOS', 'AppStream'].map((name) => ({
    id: name.toLowerCase(),
    path: join(folder!, 'mirror/2025-01-07/9-stream', name, 'x86_64/os'),
  }));
  const pool = mirrorPool('x86_64', repos);
  const answers = REQUESTS.map((request) => `${JSON.stringify(request)}\n${describeOutcome(resolve(pool, request)).join('\n')}\n`);
  expect(answers.filter((answer) => !answer.includes('refused'))).toEqual([]);
  await expect(answers.join('\n')).toMatchFileSnapshot('refusals-corpus.txt');
});
