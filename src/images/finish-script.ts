import type { ImageSettings } from '../manifest/image-settings.ts';
import type { PackagedFile, RpmInstallation } from '../rpm/installation.ts';
import { shellCommand } from './shell-quote.ts';

/** Directories with files that can be created again. */
export const CLEANED = ['/var/cache', '/var/log', '/tmp', '/var/tmp', '/run'] as const;
/** File name of the script, beside the RPMs of a build. */
export const FINISH_SCRIPT = 'finish.sh';

/** A script that the install stage runs last: users, links, capabilities and removals of a set; undefined if it has none of them. */
export function finishScript(
  settings: ImageSettings,
  installations: readonly RpmInstallation[],
  files: Readonly<Record<string, string>> = {},
): string | undefined {
  const { users, symlinks, capabilities, clean } = settings;
  const lines: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    lines.push(`mkdir -p ${inRoot(path.slice(0, path.lastIndexOf('/')))}`, `printf '%s' ${shellCommand([text])} >${inRoot(path)}`);
  }
  if (users === true || users.length > 0) lines.push(...userLines(users), ...ownerLines(installations));
  for (const [path, target] of Object.entries(symlinks)) {
    lines.push(`mkdir -p ${inRoot(path.slice(0, path.lastIndexOf('/')))}`, `ln -sfn ${shellCommand([target])} ${inRoot(path)}`);
  }
  for (const [path, text] of Object.entries(capabilities)) lines.push(`setcap ${shellCommand([text])} ${inRoot(path)}`);
  if (clean === true) lines.push(...EMPTY, ...CLEANED.map((directory) => `empty ${inRoot(directory)}`));
  else if (clean.length > 0) lines.push(`rm -rf -- ${clean.map((glob) => `/rootfs${glob}`).join(' ')}`);
  return lines.length === 0 ? undefined : `${['set -eu', ...lines].join('\n')}\n`;
}

/** Programs that the script needs, besides those of the install stage. */
export function finishPrograms({ users, capabilities }: ImageSettings, installations: readonly RpmInstallation[]): readonly string[] {
  const isOwning = users === true || users.length > 0;
  const isRestoring = isOwning && installations.some(({ files }) => files.some((file) => file.capabilities !== '' && !isOfRoot(file)));
  return [...(isOwning ? ['chown', 'chmod'] : []), ...(isRestoring || Object.keys(capabilities).length > 0 ? ['setcap'] : [])];
}

const isOfRoot = ({ user, group }: PackagedFile): boolean => user === 'root' && group === 'root';

/** Deletes only files, because directories belong to packages. */
const EMPTY = [
  'empty() {',
  '  for file in "$1"/* "$1"/.[!.]*; do',
  '    if [ -L "$file" ]; then continue; fi',
  '    if [ -d "$file" ]; then empty "$file"; elif [ -f "$file" ]; then rm -f "$file"; fi',
  '  done',
  '}',
];

/** Implements `g`, `u` and `m` lines of systemd-sysusers, groups first; as there, unspecified ids are allocated from 999 down. */
const USERS = [
  'touch_() { [ -e "/rootfs$1" ] || : >"/rootfs$1"; }',
  'number_of() { while IFS=: read -r name_ _ number_ _; do if [ "$name_" = "$2" ]; then echo "$number_"; return; fi; done <"/rootfs$1"; }',
  'is_taken() { while IFS=: read -r _ _ number_ _; do if [ "$number_" = "$2" ]; then return 0; fi; done <"/rootfs$1"; return 1; }',
  'next=999',
  'free_number() { while is_taken /etc/passwd "$next" || is_taken /etc/group "$next"; do next=$((next - 1)); done; number=$next; }',
  'choose_number() { case $2 in *[!0-9]* | "") free_number ;; *) if is_taken "$1" "$2"; then free_number; else number=$2; fi ;; esac; }',
  'make_group() {',
  '  [ -z "$(number_of /etc/group "$1")" ] || return 0',
  '  choose_number /etc/group "$2"; echo "$1:x:$number:" >>/rootfs/etc/group',
  '}',
  // Takes one word from `rest`, which may be quoted.
  'take_word() {',
  '  case $rest in',
  '    \\"*) rest=${rest#?} word=${rest%%\\"*} rest=${rest#*\\"} ;;',
  "    \\'*) rest=${rest#?} word=${rest%%\\'*} rest=${rest#*\\'} ;;",
  '    *) word=${rest%%[[:space:]]*} rest=${rest#"$word"} ;;',
  '  esac',
  '  while :; do case $rest in [[:space:]]*) rest=${rest#?} ;; *) break ;; esac; done',
  '  if [ "$word" = - ]; then word=; fi',
  '}',
  'make_user() {',
  '  [ -z "$(number_of /etc/passwd "$1")" ] || return 0',
  '  choose_number /etc/passwd "${2%%:*}"; user=$number group=',
  '  case $2 in *:*) group=${2#*:} ;; esac',
  '  case $group in *[!0-9]*) group=$(number_of /etc/group "$group") ;; esac',
  '  [ -n "$group" ] || group=$(number_of /etc/group "$1")',
  '  [ -n "$group" ] || group=$user',
  '  is_taken /etc/group "$group" || echo "$1:x:$group:" >>/rootfs/etc/group',
  '  take_word; comment=$word; take_word; home=$word; take_word',
  '  echo "$1:x:$user:$group:$comment:${home:-/}:${word:-/usr/sbin/nologin}" >>/rootfs/etc/passwd',
  '}',
  'add_member() {',
  '  groups=$(while IFS= read -r line; do',
  '    case $line in "$2":*) case ,${line##*:}, in *,"$1",*) ;; ,,) line=$line$1 ;; *) line=$line,$1 ;; esac ;; esac',
  `    printf '%s\\n' "$line"`,
  '  done </rootfs/etc/group)',
  `  printf '%s\\n' "$groups" >/rootfs/etc/group`,
  '}',
  'mkdir -p /rootfs/etc; touch_ /etc/passwd; touch_ /etc/group',
  'for pass in 1 2 3 4; do',
  '  for file in /rootfs/usr/lib/sysusers.d/*.conf; do',
  '    [ -f "$file" ] || continue',
  '    while read -r kind name ids rest || [ -n "$kind" ]; do',
  '      is_wanted "$name" || continue',
  '      case $pass$kind in',
  '        1g) make_group "$name" "$ids" ;;',
  '        2m) if is_wanted "$ids"; then make_group "$ids" -; fi ;;',
  '        3u | 3u!) make_user "$name" "$ids" ;;',
  '        4m) rest=; make_user "$name" -; add_member "$name" "$ids" ;;',
  '      esac',
  '    done <"$file"',
  '  done',
  'done',
];

function userLines(users: true | readonly string[]): readonly string[] {
  const wanted = users === true ? 'return 0' : `case $1 in ${users.join(' | ')}) return 0 ;; esac; return 1`;
  return [`is_wanted() { ${wanted}; }`, ...USERS];
}

/** Files whose owners did not exist when rpm installed them. */
function ownerLines(installations: readonly RpmInstallation[]): readonly string[] {
  const lines = new Set<string>();
  for (const { files } of installations) {
    for (const file of files) {
      if (isOfRoot(file)) continue;
      const { path, user, group, mode, capabilities } = file;
      lines.add(`own ${shellCommand([user, group, (mode & 0o7777).toString(8), path, ...(capabilities === '' ? [] : [capabilities])])}`);
    }
  }
  if (lines.size === 0) return [];
  const own = [
    'own() {',
    '  user=$(number_of /etc/passwd "$1") group=$(number_of /etc/group "$2") mode=$((0$3))',
    '  [ "$1" != root ] || user=0',
    '  [ "$2" != root ] || group=0',
    // As in rpm: without its user a file is not setuid, without its group not setgid.
    '  [ -n "$user" ] || mode=$((mode & ~04000))',
    '  [ -n "$group" ] || mode=$((mode & ~02000))',
    '  if [ -L "/rootfs$4" ] || [ ! -e "/rootfs$4" ]; then return; fi',
    '  chown "${user:-0}:${group:-0}" "/rootfs$4"',
    // chown removes setuid and setgid bits.
    '  chmod "$(printf %o "$mode")" "/rootfs$4"',
    '  [ -z "${5:-}" ] || setcap "$5" "/rootfs$4"',
    '}',
  ];
  return [...own, ...[...lines].sort()];
}

function inRoot(path: string): string {
  return shellCommand([`/rootfs${path}`]);
}
