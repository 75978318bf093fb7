#!/bin/bash
# A hidden, internal or protected reference asks for a definition in this very output: a library's
# does not count. So the archive behind the library is searched; without one a strong reference is
# an error, whatever may be undefined, and a weak one is zero. (GNU ld, lld)
. "$(dirname "$0")/../prelude.sh"

printf '.globl f\n.type f, @function\nf: return 0\n' | as -o f.o
ar rc f.a f.o
gcc -shared -nostdlib f.o -o f.so
printf '.globl g\ng: call f\n ret\n' | as -o plain.o
for visibility in hidden internal protected; do
  printf ".globl _start\n.$visibility f\n_start: call f\n exit_result\n" | as -o strong.o
  cat >weak.s <<END
.globl _start, other
.weak f
.$visibility f
_start: load_got f
  exit_result
other: load_int word
  exit_result
.data
word: .quad f
END
  as weak.s -o weak.o
  for inputs in "f.so f.a" "f.a f.so" "--as-needed f.so f.a" "plain.o f.so f.a"; do
    $SWOLD strong.o $inputs -o m -dynamic-linker $INTERPRETER -rpath .
    ./m
  done
  $SWOLD strong.o f.so f.a -o m --why-extract=why
  shows 'strong.o.*f.a\(f.o\).*f$' cat why
  for mode in "" -pie -shared "-shared -z undefs" "--unresolved-symbols=ignore-all" \
    "--warn-unresolved-symbols"; do
    for inputs in strong.o "strong.o f.so" "weak.o plain.o f.so"; do
      expect_fail "$SWOLD" $mode $inputs -o m
      says "undefined symbol: f \((hidden|protected)\)"
    done
    says 'f.so defines it, but the visibility excludes libraries'
  done
  for mode in -no-pie -pie; do
    for entry in _start other; do
      $SWOLD $mode weak.o f.so -o m -dynamic-linker $INTERPRETER -rpath . -e $entry
      ./m
    done
  done
  $SWOLD -shared weak.o f.so -o l.so
  lacks "$R" readelf -rW l.so
done
