import type { LockfileDiff } from 'rpm-deps';

/** `tools-x86_64, tools-aarch64` */
export const lockNames = (locks: LockfileDiff['locks']): string =>
  locks.map(({ package_set, architecture }) => `${package_set}-${architecture}`).join(', ');
