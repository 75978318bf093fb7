#!/bin/bash
# Swift programs keep their metadata sections under --gc-sections.
. "$(dirname "$0")/../prelude.sh"

command -v swiftc >/dev/null || skip "no swiftc"
cat >h.swift <<'END'
protocol P { func name() -> String }
struct A: P { func name() -> String { "A" } }
let any: Any = A()
print((any as? any P)?.name() ?? "lost", Mirror(reflecting: (a: 1, b: 2)).children.map { $0.label! })
END
swiftc -Xclang-linker -B"$LD_DIR" -Xlinker --gc-sections -Xlinker -z -Xlinker nostart-stop-gc h.swift -o h
[ "$(./h)" = 'A [".0", ".1"]' ] || [ "$(./h)" = 'A ["a", "b"]' ]
