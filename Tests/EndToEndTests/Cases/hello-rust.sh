#!/bin/bash
# rustc links through gcc and asks for gc-sections, relro, now and as-needed.
# machines: x86_64 (another compiler than those of C and C++)
. "$(dirname "$0")/../prelude.sh"

command -v rustc >/dev/null || skip "no rustc"
cat >h.rs <<'END'
fn main() {
    let words: Vec<String> = ["hello", "rust"].iter().map(|w| w.to_string()).collect();
    println!("{}", words.join(" "));
    let caught = std::panic::catch_unwind(|| { panic!("stop") });
    std::process::exit(if caught.is_err() { 0 } else { 1 });
}
END
# rustc 1.90 and newer put their own lld first on the command line; the last -fuse-ld counts.
rustc -C link-arg=-fuse-ld=bfd -C link-arg=-B"$LD_DIR" h.rs -o h
[ "$(./h 2>/dev/null)" = "hello rust" ]
linked_by_swold h
sane h
