#!/bin/sh
# Stands in for podman and docker in tests: writes its arguments down and answers as far as the commands look at answers.
# FAKE_STATE: directory; FAKE_FAIL: a pattern of arguments that fail; FAKE_STDERR: with these words; FAKE_ARCHITECTURE: of every image.
engine=${0##*/}
PATH=/usr/bin:/bin
{
  printf '%s\037' "$engine"
  for argument in "$@"; do printf '%s\037' "$argument"; done
  printf '\036'
} >>"$FAKE_STATE/calls"

case "$*" in
  $FAKE_FAIL)
    printf '%s\n' "${FAKE_STDERR:-Error: it failed}" >&2
    exit 125
    ;;
esac

architecture_of() {
  case "$1" in
    *@sha256:*) cat "$FAKE_STATE/${1##*@sha256:}" ;;
    *) printf '%s' "${1##*-}" ;;
  esac
}
for last; do :; done
digestfile=
for argument in "$@"; do
  case "$argument" in
    --digestfile=*) digestfile=${argument#--digestfile=} ;;
  esac
done

case "$1 $2" in
  'build '*) echo 'STEP 1/1: FROM scratch' ; echo 'a warning of the engine' >&2; printf '%s\n' "$FAKE_BUILD" ;;
  'image inspect')
    case "$4" in
      *Architecture*) printf '%s\n' "${FAKE_ARCHITECTURE:-$(architecture_of "$last")}" ;;
      *Config*) printf '%s\n' '{"Env":["PATH=/usr/bin"],"Cmd":["/bin/bash"]}' ;;
      *RepoDigests*) printf '%s@sha256:%s\n' "${last%:*}" "$(printf '%s' "$last" | sha256sum | cut -d' ' -f1)" ;;
      *) printf '%s' "$last" | sha256sum | cut -d' ' -f1 ;;
    esac
    ;;
  'push '*)
    digest=$(printf '%s' "$last" | sha256sum | cut -d' ' -f1)
    architecture_of "$last" >"$FAKE_STATE/$digest"
    if [ -n "$digestfile" ]; then printf 'sha256:%s' "$digest" >"$digestfile"; fi
    ;;
  'manifest rm') rm -f "$FAKE_STATE/list" ;;
  'manifest create')
    : >"$FAKE_STATE/list"
    if [ "$engine" = docker ]; then
      shift 3
      for image; do printf '%s\n' "$(architecture_of "$image")" >>"$FAKE_STATE/list"; done
    fi
    ;;
  'manifest add') printf '%s\n' "$(architecture_of "$last")" >>"$FAKE_STATE/list" ;;
  'manifest inspect')
    printf '{"manifests":['
    separator=
    while read -r architecture; do
      printf '%s{"platform":{"architecture":"%s"}}' "$separator" "$architecture"
      separator=,
    done <"$FAKE_STATE/list"
    printf ']}\n'
    ;;
  'manifest push')
    if [ -n "$digestfile" ]; then printf 'sha256:%064d' 7 >"$digestfile"; else printf 'sha256:%064d\n' 7; fi
    ;;
  'export '*)
    for argument in "$@"; do
      case "$argument" in
        --output=*) tar -C "$FAKE_STATE/root" -cf "${argument#--output=}" . ;;
      esac
    done
    ;;
  'run '*)
    case "$*" in
      *-base-database*) cat "$FAKE_STATE/installed-base" 2>/dev/null || cat "$FAKE_STATE/installed" ;;
      *) cat "$FAKE_STATE/installed" ;;
    esac
    ;;
esac
exit 0
