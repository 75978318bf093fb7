#!/bin/bash
# Tables about functions, of which compilers make one in each COMDAT group or beside it: only what
# describes the kept copy stays, as GNU ld has it, and nothing refers to a dropped one.
# machines: x86_64 (-fxray-instrument)
. "$(dirname "$0")/../prelude.sh"

printf 'template <class T> __attribute__((noinline)) T f(T x) { return x * 3; }\n' >f.h
printf '#include "f.h"\nint g() { return f(2); }\n' >a.cc
printf '#include "f.h"\nint g();\nint main() { return g() + f(1) - 9; }\n' >b.cc
cat >stubs.c <<'END'
void __sanitizer_cov_trace_pc_guard_init(void *a, void *b) {}
void __sanitizer_cov_trace_pc_guard(void *a) {}
void __sanitizer_cov_8bit_counters_init(void *a, void *b) {}
void __sanitizer_cov_pcs_init(void *a, void *b) {}
END
gcc -c stubs.c

# check SECTION COMPILER OPTION… : every form of the link has as much of it as GNU ld's.
check() {
  local name=$1
  shift
  "$@" -O1 -c a.cc b.cc
  $SWOLD -r a.o b.o -o r.o
  g++ a.o b.o stubs.o -o reference
  for form in "a.o b.o" "-Wl,--gc-sections a.o b.o" r.o; do
    $CXX $form stubs.o -o m
    ./m
    [ $(section m $name size) = $(section reference $name size) ]
  done
}
check __patchable_function_entries g++ -fpatchable-function-entry=2
check __patchable_function_entries clang++-19 -fpatchable-function-entry=2
check .stack_sizes clang++-19 -fstack-size-section
check .llvm_bb_addr_map clang++-19 -fbasic-block-sections=labels
check __sancov_guards clang++-19 -fsanitize-coverage=trace-pc-guard,pc-table
check __sancov_pcs clang++-19 -fsanitize-coverage=inline-8bit-counters,pc-table
check xray_fn_idx clang++-19 -fxray-instrument -fxray-instruction-threshold=1
