#!/bin/bash
# swold-map fmt: stable, keeps comments and line breaks, leaves broken files alone.
. "$(dirname "$0")/../prelude.sh"

map=$CASES/../../../.build/release/swold-map
cat >ugly.smap <<'EOF'
smap 1;   # the version
region   flash{at 0x0800_0000;size 512 KiB;}


place in flash {
section .text{   take .text.* .text;   # code
  end _etext;}
}
EOF
cat >expected <<'EOF'
smap 1;  # the version
region flash { at 0x0800_0000; size 512 KiB; }

place in flash {
    section .text { take .text.* .text;  # code
        end _etext; }
}
EOF
"$map" fmt ugly.smap >pretty.smap
diff expected pretty.smap
"$map" fmt pretty.smap | cmp - pretty.smap
"$map" fmt - <ugly.smap | cmp - pretty.smap
expect_fail "$map" fmt --check ugly.smap
says "ugly.smap: not formatted; 'swold-map fmt -i ugly.smap' does it"
"$map" fmt --check pretty.smap
chmod 640 ugly.smap
"$map" fmt -i ugly.smap pretty.smap
cmp ugly.smap pretty.smap
[ "$(stat -c %a ugly.smap)" = 640 ]
echo 'smap 1; place at 0 { section .text' >broken.smap
cp broken.smap before
expect_fail "$map" fmt -i broken.smap
says 'broken.smap:2:1: error\[SM001\]'
cmp broken.smap before
# What the linker prints is formatted.
$SWOLD --print-section-map >default.smap
"$map" fmt --check default.smap
"$map" check default.smap
