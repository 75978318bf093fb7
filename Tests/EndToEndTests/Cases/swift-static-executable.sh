#!/bin/bash
# swiftc -static-executable with its metadata sections and -undefined=.
. "$(dirname "$0")/../prelude.sh"

command -v swiftc >/dev/null || skip "no swiftc"
cat >h.swift <<'END'
enum Color: String, CaseIterable { case red, green }
print(Color.allCases.map(\.rawValue).joined(separator: ","))
print(Mirror(reflecting: (1, 2)).children.count)
END
swiftc -static-executable -use-ld="$LD_DIR/ld.swold" h.swift -o h
[ "$(./h | tr '\n' ' ')" = "red,green 2 " ]
linked_by_swold h
lacks INTERP readelf -lW h
