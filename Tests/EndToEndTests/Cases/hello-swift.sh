#!/bin/bash
# swiftc takes ld.gold from the folder that -B gives to its clang.
# machines: x86_64 (another compiler than those of C and C++)
. "$(dirname "$0")/../prelude.sh"

command -v swiftc >/dev/null || skip "no swiftc"
cat >h.swift <<'END'
protocol Greeter { func greet() -> String }
struct Swift: Greeter { func greet() -> String { "hello swift" } }
let greeters: [any Greeter] = [Swift()]
print(greeters.map { $0.greet() }.joined())
END
swiftc -Xclang-linker -B"$LD_DIR" h.swift -o h
[ "$(./h)" = "hello swift" ]
linked_by_swold h
sane h
