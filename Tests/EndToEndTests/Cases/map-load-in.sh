#!/bin/bash
# `load in R`, in all its combinations: load addresses of what is empty or has no bytes, regions that are stored
# elsewhere themselves, chains of them, `image`, and the symbols that start-up code copies by.
# machines: x86_64 (sizes of x86-64 code and words)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start
.text
_start: ret
.section .d1, "aw"
.quad absent
.section .d2, "aw"
.quad 2
.bss
.zero 16
END
as a.s -o a.o
value() { printf '%x' "0x$(address a "$1")"; }
# check NAME VALUE…: the values of symbols, in hexadecimal.
check() {
  while [ $# -gt 0 ]; do
    [ "$(value "$1")" = "$2" ] || fail "$1 is $(value "$1"), not $2"
    shift 2
  done
}
cat >m.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; }
region kernel { at 0x8000_0000; size 1 MiB; load at 1 MiB; }
region ram { at 0x2000_0000; size 4 KiB; load in rom; load_start ram_lma; load_end ram_lma_end; }
region fast { at 0x3000_0000; size 4 KiB; load in kernel; load_start fast_lma; }
region far { at 0x4000_0000; size 4 KiB; load in fast; }
place in rom { section .text; image .d1; section .after { always; start after; } }
place in kernel { section .k { reserve 4; } }
place in ram {
    section .empty { load_start empty; load_end empty_end; start empty_vma; }
    section .d1 { take .d1; load_start d1; load_end d1_end; }
    section .bss { take .bss; load_start bss; load_end bss_end; }
    group { load_start all; load_end all_end; section .absent { take .absent; provide load_start absent; } }
    load_start place_lma; load_end place_lma_end;
}
place in fast { group { load_start none; load_end none_end; } }
place in far { section .d2 { take .d2; load_start d2; load_end d2_end; } }
symbol function = load_start(.empty);
END
"$SWOLD" --section-map m.smap a.o -o a
# .text has one byte; the image of .d1 follows it, and all else behind .after.
check d1 1001 d1_end 1009 after 1009 empty_vma 20000000
check empty 1009 empty_end 1009 function 1009 bss 1009 bss_end 1009 absent 1009 all 1009 all_end 1009
check ram_lma 1001 ram_lma_end 1009 place_lma 1001 place_lma_end 1009
# far is stored in fast, that in kernel, and that 0x7ff0_0000 lower.
check d2 100004 d2_end 10000c fast_lma 100004 none 100004 none_end 100004
shows 'LOAD .* 0x0*20000000 0x0*1001 0x0*8 0x0*18 ' readelf -lW a
shows 'LOAD .* 0x0*40000000 0x0*100004 0x0*8 0x0*8 ' readelf -lW a
sane_image a

# Where .data is empty, start-up code copies nothing, from flash: as with `> RAM AT> FLASH`.
cat >n.smap <<'END'
smap 1; pages none; orphans place;
region flash { at 0x1000; size 64 KiB; }
region ram { at 0x2000_0000; size 64 KiB; }
place in flash { section .text; }
place in ram { section .data { load in flash; take .data+; start s; end e; load_start l; load_end le; } }
END
"$SWOLD" --section-map n.smap --defsym absent=0 a.o -o a
check s 20000000 e 20000000 l 1001 le 1001

# Who is stored in a region that is stored in another may have an `image` in both, whichever stands first.
cat >i.smap <<'END'
smap 1; pages none;
region rom { at 0x1000; size 4 KiB; }
region mid { at 0x2000_0000; size 4 KiB; load in rom; }
region far { at 0x4000_0000; size 4 KiB; load in mid; }
place in rom { section .text; image .d1; section .after { always; reserve 8; start after; } }
place in mid { image .d1; section .m { always; reserve 4; load_start m; } }
place in far { section .d2 { take .d2; load_start d2; } section .d1 { take .d1; load_start d1; } }
place at 0x6000_0000 { section .bss; }
END
"$SWOLD" --section-map i.smap --defsym absent=0 a.o -o a
check d1 1001 after 1009 m 1011 d2 1015
