/** Installable architectures for each architecture, best first (rpm's compatibility table, as in libsolv's poolarch.c). */
const COMPATIBLE: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [
    'x86_64_v4 x86_64_v3 x86_64_v2 x86_64 athlon i686 i586 i486 i386',
    'x86_64_v3 x86_64_v2 x86_64 athlon i686 i586 i486 i386',
    'x86_64_v2 x86_64 athlon i686 i586 i486 i386',
    'x86_64 athlon i686 i586 i486 i386',
    'i686 i586 i486 i386',
    'i586 i486 i386',
    'i486 i386',
    'athlon i686 i586 i486 i386',
    's390x s390',
    'ppc64 ppc',
    'ppc64p7 ppc64 ppc',
    'ia64 i686 i586 i486 i386',
    'armv8hl armv7hl armv6hl',
    'armv7hnl armv7hl armv6hl',
    'armv7hl armv6hl',
    'armv7l armv6l armv5tejl armv5tel armv5tl armv5l armv4tl armv4l armv3l',
  ].map((line) => [line.slice(0, line.indexOf(' ')), line.split(' ')]),
);

/** Rank of an architecture on `native`: 0 not installable, 1 noarch, 2 native, 3 and up worse. */
export function architectureRank(native: string, arch: string): number {
  if (arch === 'noarch') return 1;
  const position = (COMPATIBLE[native] ?? [native]).indexOf(arch);
  return position < 0 ? 0 : position + 2;
}

const BITS_32 = 1;
const BITS_64 = 2;

/** By rank: whether packages of this architecture are 32-bit, 64-bit, or both (libsolv: poolarch.c, pool_arch2color_slow). */
export function bitsOfRanks(native: string): Uint8Array {
  const both = BITS_32 | BITS_64;
  const bits = (arch: string): number => (arch === 's390x' || arch.includes('64') ? BITS_64 : BITS_32);
  return Uint8Array.from([both, both, ...(COMPATIBLE[native] ?? [native]).map(bits)]);
}

const OTHERS = ['noarch', 'aarch64', 'ppc64le', 'riscv64', 'loongarch64', 'ia64', 'armv5tel', 'src', 'nosrc'];
const KNOWN = new Set([...OTHERS, ...Object.keys(COMPATIBLE), ...Object.values(COMPATIBLE).flat()]);

/** Whether a word is the name of any known architecture. */
export function isArchitecture(word: string): boolean {
  return KNOWN.has(word);
}
