#!/bin/bash
# The unwind entry of a dropped function goes with it.
# machines: -arm (tables of its own for exceptions)
. "$(dirname "$0")/../prelude.sh"

cat >m.cc <<'END'
void dead() { try { throw 1; } catch (int) {} }
int main() { try { throw 2; } catch (int n) { return n - 2; } return 1; }
END
g++ -ffunction-sections -c m.cc
$CXX -Wl,--gc-sections m.o -o m
./m
lacks 'dead' nm m
$CXX m.o -o all
[ "$(count ' FDE ' readelf --debug-dump=frames m)" -lt "$(count ' FDE ' readelf --debug-dump=frames all)" ]
sane m
