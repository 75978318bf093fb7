#!/bin/bash
# Debug information goes from file to file inside the kernel: splitting off 200 MB takes a tenth of that in memory, the
# debug file has what the program had, and the link its checksum.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the case is about bytes"

printf 'int main(void) { return 0; }\n' >m.c
$CC -g m.c -o small
head -c 200000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 0 -iv 0 >more 2>/dev/null
objcopy --add-section .debug_more=more small m
cat >peak.py <<'E'
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
E
peak=$(python3 peak.py "$edit" debug split to=m.debug link=yes -o stripped m)
[ "$peak" -lt 30000 ]
./stripped
[ "$(stat -c %s stripped)" -lt 50000 ]
for section in .debug_info .debug_more .symtab; do
  "$edit" section dump $section to=before m
  "$edit" section dump $section to=after m.debug
  cmp before after
done
python3 - <<'E'
import subprocess, zlib
subprocess.check_call(["objcopy", "-O", "binary", "--set-section-flags", ".gnu_debuglink=alloc", "-j", ".gnu_debuglink", "stripped", "link"])
assert int.from_bytes(open("link", "rb").read()[-4:], "little") == zlib.crc32(open("m.debug", "rb").read())
E
# An edit before it, so that some of the bytes are not those of the file.
"$edit" apply -e 'section add .debug_new str:new' -e 'debug split to=d2 link=yes' -o s2 m
"$edit" section dump .debug_new to=- d2 | grep -qx new
"$edit" section dump .debug_more to=after d2
cmp more after
