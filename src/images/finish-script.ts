import type { ImageSettings } from '../manifest/image-settings.ts';
import type { PackagedFile, RpmInstallation } from '../rpm/installation.ts';
import { shellCommand } from './shell-quote.ts';

/** Directories of what can be made again. */
export const CLEANED = ['/var/cache', '/var/log', '/tmp', '/var/tmp', '/run'] as const;
/** The name it has among the RPMs of a build. */
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

/** Programs that the script runs, beyond those of the install stage. */
export function finishPrograms({ users, capabilities }: ImageSettings, installations: readonly RpmInstallation[]): readonly string[] {
  const isOwning = users === true || users.length > 0;
  const isRestoring = isOwning && installations.some(({ files }) => files.some((file) => file.capabilities !== '' && !isOfRoot(file)));
  return [...(isOwning ? ['chown', 'chmod'] : []), ...(isRestoring || Object.keys(capabilities).length > 0 ? ['setcap'] : [])];
}

const isOfRoot = ({ user, group }: PackagedFile): boolean => user === 'root' && group === 'root';

/** Files only: directories belong to packages. */
const EMPTY = [
  'empty() {',
  '  for file in "$1"/* "$1"/.[!.]*; do',
  '    if [ -L "$file" ]; then continue; fi',
  '    if [ -d "$file" ]; then empty "$file"; elif [ -f "$file" ]; then rm -f "$file"; fi',
  '  done',
  '}',
];

/** What systemd-sysusers does with `u` and `g` lines; numbers that a file leaves open are given from 999 down, as it does. */
const USERS = [
  'touch_() { [ -e "/rootfs$1" ] || : >"/rootfs$1"; }',
  'number_of() { while IFS=: read -r name _ number _; do if [ "$name" = "$2" ]; then echo "$number"; return; fi; done <"/rootfs$1"; }',
  'is_taken() { while IFS=: read -r _ _ number _; do if [ "$number" = "$2" ]; then return 0; fi; done <"/rootfs$1"; return 1; }',
  'next=999',
  'free_number() { while is_taken /etc/passwd "$next" || is_taken /etc/group "$next"; do next=$((next - 1)); done; number=$next; }',
  'make_group() { [ -n "$(number_of /etc/group "$1")" ] || echo "$1:x:$2:" >>/rootfs/etc/group; }',
  'mkdir -p /rootfs/etc; touch_ /etc/passwd; touch_ /etc/group',
  'for file in /rootfs/usr/lib/sysusers.d/*.conf; do',
  '  [ -f "$file" ] || continue',
  '  while read -r kind name ids rest || [ -n "$kind" ]; do',
  '    is_wanted "$name" || continue',
  '    case $kind in',
  '      g) case $ids in *[!0-9]* | "") free_number ;; *) number=$ids ;; esac; make_group "$name" "$number" ;;',
  '      u | u!)',
  '        [ -z "$(number_of /etc/passwd "$name")" ] || continue',
  '        user=${ids%%:*} group=${ids#*:}',
  '        case $user in *[!0-9]* | "") free_number; user=$number ;; esac',
  '        case $group in *[!0-9]* | "") group=$(number_of /etc/group "$group") ;; esac',
  '        [ -n "$group" ] || group=$(number_of /etc/group "$name")',
  '        [ -n "$group" ] || group=$user',
  '        is_taken /etc/group "$group" || make_group "$name" "$group"',
  '        comment= home=/ shell=/usr/sbin/nologin',
  '        case $rest in',
  '          \\"*) rest=${rest#\\"} comment=${rest%%\\"*} rest=${rest#*\\"} ;;',
  '          *) comment=${rest%% *}; case $rest in *" "*) rest=${rest#* } ;; *) rest= ;; esac ;;',
  '        esac',
  '        set -f; set -- $rest; set +f',
  '        case ${1:--} in -) ;; *) home=$1 ;; esac',
  '        case ${2:--} in -) ;; *) shell=$2 ;; esac',
  '        case $comment in -) comment= ;; esac',
  '        echo "$name:x:$user:$group:$comment:$home:$shell" >>/rootfs/etc/passwd ;;',
  '    esac',
  '  done <"$file"',
  'done',
];

function userLines(users: true | readonly string[]): readonly string[] {
  const wanted = users === true ? 'return 0' : `case $1 in ${users.join(' | ')}) return 0 ;; esac; return 1`;
  return [`is_wanted() { ${wanted}; }`, ...USERS];
}

/** Files whose owners rpm did not know when it installed them. */
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
    // As rpm: without its user a file is not setuid, without its group not setgid.
    '  [ -n "$user" ] || mode=$((mode & ~04000))',
    '  [ -n "$group" ] || mode=$((mode & ~02000))',
    '  if [ -L "/rootfs$4" ] || [ ! -e "/rootfs$4" ]; then return; fi',
    '  chown "${user:-0}:${group:-0}" "/rootfs$4"',
    // A change of owner takes both away.
    '  chmod "$(printf %o "$mode")" "/rootfs$4"',
    '  [ -z "${5:-}" ] || setcap "$5" "/rootfs$4"',
    '}',
  ];
  return [...own, ...[...lines].sort()];
}

function inRoot(path: string): string {
  return shellCommand([`/rootfs${path}`]);
}
