#!/bin/bash
# `headers phdr;` has a PT_PHDR in a program that is not dynamic, too, `headers phdr none;` in none; as PHDRS of
# a script has one if it lists it. It tells where the program headers are in memory.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END2'
.globl _start
_start: .zero 16
END2
as a.s -o a.o
for words in '' ' phdr' ' phdr none'; do
  cat >m.smap <<END2
smap 1; pages 4 KiB; entry _start; orphans place;
place at 0x40_0000 { segment text rx { headers$words; section .text; } }
END2
  "$SWOLD" --section-map m.smap a.o -o "static$words"
  "$SWOLD" --section-map m.smap --print-section-map a.o -o static >printed.smap
  grep -q "headers$words;" printed.smap
done
headers() { readelf -lW "$1" | awk '$1 == "PHDR" { print $2, $3, $5, $6 }'; }
[ -z "$(headers static)" ] && [ -z "$(headers 'static phdr none')" ]
[ "$(readelf -lW 'static phdr' | awk '$2 ~ /^0x/ { print $1; exit }')" = PHDR ]
read -r offset address size memory < <(headers 'static phdr')
count=$(readelf -hW 'static phdr' | sed -n 's/.*Number of program headers: *//p')
entry=$(readelf -hW 'static phdr' | sed -n 's/.*Size of program headers: *\([0-9]*\).*/\1/p')
[ "$((offset))" = "$(readelf -hW 'static phdr' | sed -n 's/.*Start of program headers: *\([0-9]*\).*/\1/p')" ]
[ $((address)) = $((0x400000 + offset)) ] && [ $((size)) = $((count * entry)) ] && [ "$size" = "$memory" ]

# The same in a dynamic program, which has one unless told otherwise.
for words in '' ' none'; do
  cat >d.smap <<END2
smap 1; pages 4 KiB; entry _start; orphans place;
place at 0 {
    segment all rx { headers${words:+ phdr$words}; section .dynsym; section .dynstr; section .hash; section .text; }
    segment data rw { section .dynamic; }
}
END2
  "$SWOLD" -shared --hash-style=sysv --section-map d.smap a.o -o "dynamic$words"
done
[ -n "$(headers dynamic)" ] && [ -z "$(headers 'dynamic none')" ]
