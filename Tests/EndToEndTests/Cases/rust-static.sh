#!/bin/bash
# rustc +crt-static makes a static PIE.
# machines: x86_64 (another compiler than those of C and C++)
. "$(dirname "$0")/../prelude.sh"

command -v rustc >/dev/null || skip "no rustc"
cat >h.rs <<'END'
use std::cell::RefCell;
thread_local!(static T: RefCell<u32> = RefCell::new(5));
fn main() {
    T.with(|t| *t.borrow_mut() += 1);
    let other = std::thread::spawn(|| T.with(|t| *t.borrow())).join().unwrap();
    println!("{} {}", T.with(|t| *t.borrow()), other);
}
END
rustc -O -C target-feature=+crt-static -C link-arg=-fuse-ld=bfd -C link-arg=-B"$LD_DIR" h.rs -o h
[ "$(./h)" = "6 5" ]
linked_by_swold h
lacks INTERP readelf -lW h
sane h
