/** File capabilities: rpm stores them as text (`cap_net_raw,cap_net_admin=ep`), the kernel as an attribute of the file. */

export interface FileCapabilities {
  readonly permitted: bigint;
  readonly inheritable: bigint;
  /** One bit for all capabilities, as in the kernel. */
  readonly effective: boolean;
}

// linux/capability.h, in numerical order.
const NAMES = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin',
  'net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time',
  'sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon',
  'bpf checkpoint_restore',
].flatMap((line) => line.split(' '));
const ALL = (1n << BigInt(NAMES.length)) - 1n;

/** Like cap_from_text(3); undefined for unsupported text. */
export function parseFileCapabilities(text: string): FileCapabilities | undefined {
  const sets = { e: 0n, i: 0n, p: 0n };
  for (const clause of text.trim().split(/\s+/)) {
    const parts = /^([a-z0-9_,]*)((?:[=+-][eip]*)+)$/i.exec(clause);
    if (parts === null) return undefined;
    const mask = maskOf(parts[1]!.toLowerCase());
    if (mask === undefined) return undefined;
    for (const [, operator, flags] of parts[2]!.matchAll(/([=+-])([eip]*)/gi)) {
      if (operator === '=') for (const flag of ['e', 'i', 'p'] as const) sets[flag] &= ~mask;
      for (const flag of flags!.toLowerCase() as Iterable<'e' | 'i' | 'p'>) {
        if (operator === '-') sets[flag] &= ~mask;
        else sets[flag] |= mask;
      }
    }
  }
  return { permitted: sets.p, inheritable: sets.i, effective: sets.e !== 0n };
}

/** The attribute `security.capability` (vfs_cap_data of revision 2 or 3); undefined for anything else. */
export function readFileCapabilities(attribute: Uint8Array): FileCapabilities | undefined {
  const view = new DataView(attribute.buffer, attribute.byteOffset, attribute.byteLength);
  if (attribute.byteLength !== 20 && attribute.byteLength !== 24) return undefined;
  const magic = view.getUint32(0, true);
  if (magic >>> 24 !== 2 && magic >>> 24 !== 3) return undefined;
  const wide = (low: number, high: number): bigint => BigInt(view.getUint32(low, true)) | (BigInt(view.getUint32(high, true)) << 32n);
  return { permitted: wide(4, 12), inheritable: wide(8, 16), effective: (magic & 1) === 1 };
}

export function equalCapabilities(a: FileCapabilities | undefined, b: FileCapabilities | undefined): boolean {
  const isNone = (one: FileCapabilities | undefined): boolean => one === undefined || (one.permitted | one.inheritable) === 0n;
  if (a === undefined || b === undefined || isNone(a)) return isNone(a) && isNone(b);
  return a.permitted === b.permitted && a.inheritable === b.inheritable && a.effective === b.effective;
}

function maskOf(list: string): bigint | undefined {
  if (list === '' || list === 'all') return ALL;
  let mask = 0n;
  for (const name of list.split(',')) {
    const at = NAMES.indexOf(name.replace(/^cap_/, ''));
    if (at < 0) return undefined;
    mask |= 1n << BigInt(at);
  }
  return mask;
}
