#!/bin/bash
# rustc makes a C library with an anonymous version script and -shared.
# machines: x86_64 (another compiler than those of C and C++)
. "$(dirname "$0")/../prelude.sh"

command -v rustc >/dev/null || skip "no rustc"
cat >lib.rs <<'END'
#[no_mangle]
pub extern "C" fn twice(x: i32) -> i32 { let v = vec![x, x]; v.iter().sum() }
END
rustc --crate-type=cdylib -C link-arg=-fuse-ld=bfd -C link-arg=-B"$LD_DIR" lib.rs -o libtwice.so
cat >m.c <<'END'
int twice(int);
int main(void) { return twice(21) != 42; }
END
$CC m.c ./libtwice.so -o m
./m
linked_by_swold libtwice.so m
shows ' twice$' nm -D --defined-only libtwice.so
lacks 'rust_begin_unwind|_ZN' nm -D --defined-only libtwice.so
