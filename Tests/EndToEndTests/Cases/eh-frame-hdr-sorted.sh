#!/bin/bash
# The search table of .eh_frame_hdr is sorted and matches the FDEs.
# machines: -arm (tables of its own for exceptions)
. "$(dirname "$0")/../prelude.sh"

cat >t.cc <<'END'
#include <string>
#include <vector>
template <int N> int f() { std::vector<std::string> v(N); return v.size() + f<N - 1>(); }
template <> int f<0>() { return 0; }
int main() { return f<10>() != 55; }
END
$CXX -ffunction-sections t.cc -o m
./m
cat >check.py <<'END'
import struct, subprocess, sys
def section(name):
    for line in subprocess.check_output(["readelf", "-SW", "m"], text=True).splitlines():
        words = line.split("]", 1)[-1].split()
        if words[:1] == [name]:
            return int(words[2], 16), int(words[3], 16), int(words[4], 16)
    sys.exit("no " + name)
data = open("m", "rb").read()
address, offset, size = section(".eh_frame_hdr")
header = data[offset:offset + size]
assert header[:4] == bytes([1, 0x1b, 0x03, 0x3b]), header[:4]
frame = address + 4 + struct.unpack("<i", header[4:8])[0]
assert frame == section(".eh_frame")[0], "pointer to .eh_frame"
count = struct.unpack("<I", header[8:12])[0]
assert size >= 12 + 8 * count
table = [struct.unpack("<ii", header[12 + 8 * i:20 + 8 * i]) for i in range(count)]
starts = [address + a for a, _ in table]
assert starts == sorted(starts), "not sorted"
assert len(set(starts)) == count, "two entries for one address"
text = subprocess.check_output(["readelf", "--debug-dump=frames", "m"], text=True)
fdes = {int(l.split("pc=")[1].split("..")[0], 16) for l in text.splitlines() if " FDE " in l}
assert fdes == set(starts), "FDEs and table differ"
END
python3 check.py
sane m
