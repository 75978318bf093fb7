#!/bin/bash
# --no-eh-frame-hdr leaves .eh_frame_hdr out; static programs find their frames.
. "$(dirname "$0")/../prelude.sh"

cat >e.cc <<'END'
int main() { try { throw 1; } catch (int n) { return n - 1; } }
END
$CXX -static e.cc -o s
./s
$CXX e.cc -Wl,--no-eh-frame-hdr -o n
has_no_section n .eh_frame_hdr
lacks 'GNU_EH_FRAME' readelf -lW n
