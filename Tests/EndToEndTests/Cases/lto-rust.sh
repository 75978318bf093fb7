#!/bin/bash
# rustc -C linker-plugin-lto with a plugin that reads what its LLVM writes: C and Rust are inlined into each
# other, panics are caught. An older plugin is one error that names the file and both versions.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

plugin=$(ls -v /usr/lib/llvm-*/lib/LLVMgold.so 2>/dev/null | tail -n 1)
[ -n "$plugin" ] || skip "no plugin of LLVM"
newest=${plugin#/usr/lib/llvm-} newest=${newest%%/*}
cat >add.c <<'E2'
int add_in_c(int a, int b) { return a + b; }
E2
cat >main.rs <<'E2'
extern "C" { fn add_in_c(a: i32, b: i32) -> i32; }
fn main() {
    let mut sum = 0;
    for word in std::env::args().skip(1) {
        match word.parse::<i32>() {
            Ok(n) => sum = unsafe { add_in_c(sum, n) },
            Err(e) => println!("{}: {}", word, e),
        }
    }
    let caught = std::panic::catch_unwind(|| if std::env::args().count() > 2 { panic!("on purpose") });
    println!("{} {}", sum, caught.is_err());
}
E2
tried=0
for rustc in $(type -ap rustc | sort -u); do
  llvm=$("$rustc" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  [ -n "$llvm" ] || continue
  tried=$((tried + 1))
  clang=clang-$llvm
  type -p $clang >/dev/null || clang=clang-$newest
  $clang -O2 -flto=thin -c add.c -o add.o
  rm -f m
  if [ "$llvm" -gt "$newest" ]; then
    ! "$rustc" -O -C linker-plugin-lto -C link-arg=-fuse-ld=bfd -C link-arg=-B$LD_DIR main.rs -o m \
      -C link-arg=add.o >log 2>&1 || fail "$rustc: linked with an older plugin"
    grep -q "swold: error: .*main.*\.o: .*LLVM$llvm\..*LLVM $newest\." log || { cat log; fail "$rustc"; }
    [ ! -e m ] || fail "$rustc: an output in spite of an error"
    continue
  fi
  "$rustc" -O -C linker-plugin-lto -C link-arg=-fuse-ld=bfd -C link-arg=-B$LD_DIR main.rs -o m \
    -C link-arg=add.o
  [ "$(./m 1 2 x 2>/dev/null | tail -n 1)" = "3 true" ] || fail "$rustc"
  lacks ' add_in_c$' nm m
  linked_by_swold m
done
[ $tried -gt 0 ] || skip "no rustc"
