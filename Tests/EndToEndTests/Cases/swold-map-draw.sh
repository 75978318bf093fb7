#!/bin/bash
# swold-map draw: every map of the examples and of the test corpus becomes a well-formed picture.
# machines: x86_64 (nothing of it depends on the machine)
. "$(dirname "$0")/../prelude.sh"

map=$(dirname "$(readlink -f "${SWOLD_UNDER_TEST:-$SWOLD}")")/swold-map
[ -x "$map" ] || map=$CASES/../../../.build/release/swold-map
count=0
for file in "$CASES"/../../../Examples/*/*.smap "$CASES"/maps/*.smap; do
  "$map" draw "$file" -o picture.svg
  "$map" draw "$file" -o page.html
  "$map" draw "$file" -o data.json
  python3 - <<'END'
import json, xml.etree.ElementTree as tree
picture = tree.parse("picture.svg").getroot()
names = " ".join(t.text for t in picture.iter("{http://www.w3.org/2000/svg}text") if t.text)
for memory in json.load(open("data.json"))["memories"]:
    assert memory["name"][:40] in names, (memory["name"], names)
assert "before linking" in open("page.html").read()
END
  count=$((count + 1))
done
[ $count -ge 15 ]

# Without -o it is SVG on standard output; a map with errors is none.
echo 'smap 1; region r { at 0; size 4 KiB; } place in r { section .a { size 1 KiB; } }' >a.smap
shows '<svg xmlns' "$map" draw a.smap
echo 'smap 1; place in r { }' >b.smap
expect_fail "$map" draw b.smap -o b.svg
says 'b.smap:1:18: error\[SM'
[ ! -e b.svg ]
code=0; "$map" draw a.smap -o a.png 2>err || code=$?
[ $code = 2 ]
grep -q 'ends in .html, .svg or .json' err
