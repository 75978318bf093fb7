#!/bin/bash
# swiftc -static-stdlib exports symbols and hides those of its archives.
. "$(dirname "$0")/../prelude.sh"

command -v swiftc >/dev/null || skip "no swiftc"
echo 'print([3, 1, 2].sorted().map(String.init).joined(separator: " "))' >h.swift
swiftc -static-stdlib -Xclang-linker -B"$LD_DIR" h.swift -o h
[ "$(./h)" = "1 2 3" ]
linked_by_swold h
