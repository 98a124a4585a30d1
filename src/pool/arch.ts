/** Architectures that can be installed on one, best first (rpm's compatibility table, as libsolv's poolarch.c has it). */
const COMPATIBLE: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['x86_64', 'i686', 'i586', 'i486', 'i386'],
  x86_64_v2: ['x86_64_v2', 'x86_64', 'i686', 'i586', 'i486', 'i386'],
  x86_64_v3: ['x86_64_v3', 'x86_64_v2', 'x86_64', 'i686', 'i586', 'i486', 'i386'],
  x86_64_v4: ['x86_64_v4', 'x86_64_v3', 'x86_64_v2', 'x86_64', 'i686', 'i586', 'i486', 'i386'],
  i686: ['i686', 'i586', 'i486', 'i386'],
  i586: ['i586', 'i486', 'i386'],
  s390x: ['s390x', 's390'],
  ppc64: ['ppc64', 'ppc'],
  armv7hl: ['armv7hl', 'armv6hl'],
  armv8hl: ['armv8hl', 'armv7hl', 'armv6hl'],
};

/** Rank of an architecture where `native` is solved for: 0 not installable, 1 noarch, 2 native, 3 and up worse. */
export function architectureRank(native: string, arch: string): number {
  if (arch === 'noarch') return 1;
  const position = (COMPATIBLE[native] ?? [native]).indexOf(arch);
  return position < 0 ? 0 : position + 2;
}

const OTHERS = ['noarch', 'aarch64', 'ppc64le', 'riscv64', 'loongarch64', 'ia64', 'armv5tel', 'src', 'nosrc'];
const KNOWN = new Set([...OTHERS, ...Object.keys(COMPATIBLE), ...Object.values(COMPATIBLE).flat()]);

/** Whether a word is the name of an architecture, of whatever machine. */
export function isArchitecture(word: string): boolean {
  return KNOWN.has(word);
}
