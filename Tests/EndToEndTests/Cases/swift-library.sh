#!/bin/bash
# A Swift library and a program that uses it.
. "$(dirname "$0")/../prelude.sh"

command -v swiftc >/dev/null || skip "no swiftc"
cat >Part.swift <<'END'
public class Counter { public private(set) var n = 0; public init() {}; public func step() { n += 1 } }
public enum Failure: Error { case stop }
public func fail() throws { throw Failure.stop }
END
cat >main.swift <<'END'
import Part
let c = Counter()
c.step()
do { try fail() } catch { print(c.n, error) }
END
swiftc -emit-library -emit-module -module-name Part Part.swift -Xclang-linker -B"$LD_DIR" -o libPart.so
swiftc main.swift -I. -L. -lPart -Xclang-linker -B"$LD_DIR" -Xlinker -rpath -Xlinker "$PWD" -o m
[ "$(./m)" = "1 stop" ]
linked_by_swold libPart.so m
sane m
