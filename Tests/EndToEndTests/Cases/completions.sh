#!/bin/bash
# The completions that are made from the option table, in the shells themselves.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
for shell in bash zsh fish; do $SWOLD --print-completions=$shell >swold.$shell; done
mkdir folder
touch file.o folder/inner.o

# completes WORDS… : what bash offers for the last word of a command line.
completes() {
  bash --norc -c '
    . ./swold.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    compopt() { :; }
    _swold
    printf "%s\n" "${COMPREPLY[@]}"' bash swold "$@" | sort | tr '\n' ' '
}
is() {
  local wanted=$1 got
  shift
  got=$(completes "$@")
  [ "$got" = "$wanted" ] || fail "for $*: $got, not $wanted"
}
case " $(completes --section-m)" in *" --section-map "*) ;; *) fail "--section-m is not completed" ;; esac
case " $(completes --gc-s)" in *" --gc-sections "*) ;; *) fail "--gc-s is not completed" ;; esac
case " $(completes -z reln)" in *" relro "*) fail "words that do not fit" ;; esac
case " $(completes -z rel)" in *" relro "*) ;; *) fail "-z rel is not completed" ;; esac
case " $(completes --hash-style = g)" in *" gnu "*) ;; *) fail "--hash-style=g is not completed" ;; esac
is 'file.o ' fi
is 'folder ' -L fo
# What does nothing is not offered.
! grep -qw -- --no-keep-memory swold.bash

# The others are scripts without mistakes.
bash -n swold.bash
if command -v zsh >/dev/null; then
  zsh -n swold.zsh
fi
if command -v fish >/dev/null; then
  fish --no-execute swold.fish
  fish --no-config -c 'source swold.fish; complete -C "swold --gc-s"' >fish.out
  grep -q -- --gc-sections fish.out
fi
expect_fail $SWOLD --print-completions=tcsh
says 'bad value; expected bash, zsh, fish'
