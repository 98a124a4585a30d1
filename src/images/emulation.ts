import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { ContainerArchitecture } from '../rpm/container-architecture.ts';

/** qemu's names of the architectures. */
const QEMU: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** Throws USAGE if the kernel cannot run programs of an architecture in a chroot: this needs binfmt_misc with the flag F. */
export async function requireEmulation({ container }: ContainerArchitecture, binfmt: string): Promise<void> {
  const name = `qemu-${QEMU[container] ?? container}`;
  const registered = await readFile(join(binfmt, name), 'utf8').catch(() => undefined);
  const hint = 'install qemu-user-static (Debian, Ubuntu) or qemu-user-static with systemd-binfmt (CentOS, Fedora), or omit --emulate';
  if (registered === undefined || !/^enabled$/m.test(registered)) {
    throw new RpmDepsError('USAGE', `--emulate: this machine does not run programs of ${container}: ${name} is not registered`, { hint });
  }
  if (!/^flags: .*F/m.test(registered)) {
    throw new RpmDepsError('USAGE', `--emulate: ${name} is registered without the flag F, so that it does not work in containers`, {
      hint,
    });
  }
}
