/**
 * The code that bash runs around an imported script: limits, functions that replace external programs, the script itself, then
 * calls of its query functions. Records are written to descriptor 9: a kind, the number of fields, and the fields, each closed by a zero byte.
 * `@{` is replaced by a dollar and a brace.
 */
export const SHELL_PROLOG = String.raw`
exec 9>&1 1>/dev/null
__architecture=$1
ulimit -c 0; ulimit -f 0; ulimit -t 15; ulimit -v 1048576
if [ -n "$2" ]; then ulimit -u "$2"; fi
shift $#
PATH=/nonexistent
__ended=
__newline='
'
__record() { local kind=$1; shift; printf '%s\0' "$kind" "$#" "$@" >&9; }
command_not_found_handle() { __record skipped "$1"; return 0; }
bazel() { __record command "$@"; }
bazelisk() { __record command "$@"; }
bazeldnf() { __record command bazeldnf "$@"; }
source() { __record sourced "$1"; }
.() { __record sourced "$1"; }
eval() { __record skipped eval; }
exec() { __record skipped exec; }
cd() { :; }
pushd() { :; }
popd() { :; }
trap() { :; }
set() { :; }
compgen() { __record skipped compgen; }
uname() { __record uname; echo "$__architecture"; }
__lines() { local line; while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done; }
cat() { if [ $# -eq 0 ]; then __lines; else __record skipped cat; fi; }
sort() { __lines; }
uniq() { __lines; }
xargs() { if [ $# -eq 0 ]; then __lines; else __record skipped xargs; fi; }
tr() {
  local from=$1 to=$2 text
  case "$from" in -s) __lines; return ;; -d) from=$to; to= ;; esac
  case "$from" in '\n') from=$__newline ;; ?) ;; *) __record skipped tr; __lines; return ;; esac
  case "$to" in '\n') to=$__newline ;; esac
  text=$(__lines)
  printf '%s\n' "@{text//"$from"/$to}"
}
sed() {
  local left="$*"
  left=@{left//-[eErn]/}
  left=@{left//\[\[:space:\]\]/}
  case "$left" in *[!\ s/^\$*+\;g\\]*) __record skipped sed ;; esac
  __lines
}
__ask() {
  local status=$? name set architecture packages all names
  builtin set +eux
  builtin set -f
  IFS=" 	$__newline"
  if [ -z "$__ended" ]; then __record stopped "$status"; fi
  if [ -n "$(builtin declare -F get_packages)" ] && [ -n "$(builtin declare -F get_all_package_sets)" ]; then
    for set in $(get_all_package_sets); do
      names=
      if [ -n "$(builtin declare -F get_architectures)" ]; then names=$(get_architectures "$set"); fi
      for architecture in @{names:-$__architecture}; do
        if packages=$(get_packages "$set" "$architecture"); then __record packages "$set" "$architecture" $packages
        else __record failed "$set" "$architecture"; fi
      done
      if [ -n "$(builtin declare -F get_exclusions)" ]; then __record exclusions "$set" $(get_exclusions "$set"); fi
    done
  fi
  for name in $(builtin compgen -v); do
    case "$__known" in *" $name "*) continue ;; esac
    case "$name" in __*|BASH*|FUNCNAME|LINENO|PIPESTATUS|_|IFS|status|name|set|architecture|packages|names|all) continue ;; esac
    all="@{name}[@]"
    __record variable "$name" "@{!all}"
  done
  for name in $(builtin compgen -A function); do
    case "$__functions" in *" $name "*) ;; *) __record function "$name" ;; esac
  done
  __record end
}
__known=" $(builtin compgen -v) "
__known=@{__known//$__newline/ }
__functions=" $(builtin compgen -A function) "
__functions=@{__functions//$__newline/ }
builtin trap __ask EXIT
enable -n kill exec history fc bind help suspend enable
readonly PATH SHELL ENV BASH_ENV BASH_CMDS HISTFILE
builtin set -rf
__record hello
builtin source script
__ended=1
`.replaceAll('@{', '${');
