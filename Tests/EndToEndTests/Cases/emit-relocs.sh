#!/bin/bash
# --emit-relocs keeps the relocations: each names the right symbol of the output with the right addend, for
# it explains the bytes that are there; sections, offsets, types and symbols are those of GNU ld. Merged
# strings, copies in COMDAT groups and garbage collection change nothing about that.
# machines: x86_64 (x86-64 relocations)
. "$(dirname "$0")/../prelude.sh"

# explained FILE : S + A, or S + A - P, is what stands at the place of every word and distance.
explained() {
  readelf -SW "$1" >sections
  llvm-readelf-19 -rW "$1" >records
  python3 - "$1" <<'X'
import re, sys
data = open(sys.argv[1], 'rb').read()
sections = {}
for line in open('sections'):
    m = re.match(r' *\[ *(\d+)\] (\S+) +(\S+) +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+)', line)
    if m: sections[m[2]] = (int(m[4], 16), int(m[5], 16), int(m[6], 16))
kinds = {'R_X86_64_64': (8, 0), 'R_X86_64_32': (4, 0), 'R_X86_64_32S': (4, 0), 'R_X86_64_PC32': (4, 1), 'R_X86_64_PLT32': (4, 1)}
place, checked = None, 0
left = {w.split()[0] for w in open('records') if re.search(' R_X86_64_(64|COPY|GLOB_DAT) ', w) and '@' in w}
for line in open('records'):
    m = re.match(r"Relocation section '\.rela(\S+)'", line)
    if m:
        place = sections.get(m[1])
        if m[1] in ('.dyn', '.plt'): place = None
    m = re.match(r'([0-9a-f]{16}) +([0-9a-f]{16}) (\S+) +([0-9a-f]{16}) (\S+) ([+-]) ([0-9a-f]+)$', line)
    if not m or not place or m[3] not in kinds: continue
    width, relative = kinds[m[3]]
    offset, value = int(m[1], 16), int(m[4], 16)
    if value == 0 or m[1] in left: continue   # undefined here, or left to the dynamic linker
    value += int(m[7], 16) * (1 if m[6] == '+' else -1) - (offset if relative else 0)
    start = place[1] + offset - place[0]
    assert place[0] <= offset < place[0] + place[2], line
    found = int.from_bytes(data[start:start + width], 'little')
    assert found == value % (1 << 8 * width), (line, hex(found), hex(value))
    checked += 1
assert checked > 20, checked
X
}

cat >a.cc <<'X'
#include <cstdio>
#include <string>
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
extern thread_local int shared; static thread_local int own = 3;
static int table[4]; int *pointer = &table[2]; const char *text = "hello world";
int other(int); int unused(int x) { return twice(x) + other(4); }
int main() {
  printf("%s %d %s\n", text, other(1) + twice(2) + shared + own + *pointer, twice(std::string("ab")).c_str());
  try { throw table[0]; } catch (int x) { return x; }
}
X
cat >b.cc <<'X'
#include <cstdio>
thread_local int shared = 4;
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
int other(int x) { puts("hello world"); return twice(x); }
X
for kind in '-no-pie -fno-pie' '-pie -fPIE' '-no-pie -fPIE'; do
  g++ -g -O1 ${kind#* } -ffunction-sections -c a.cc b.cc
  for gc in '' -Wl,--gc-sections; do
    $CXX ${kind% *} a.o b.o -Wl,-q,--apply-dynamic-relocs $gc -o main
    $CXX ${kind% *} a.o b.o $gc -o plain
    ./main >out && ./plain >out.plain && cmp out out.plain
    explained main
    for section in .text .eh_frame .debug_info .data; do has_section main .rela$section; done
    [ "$(section main .rela.text info)" = "$(section main .text index)" ]
    # Nothing else is different.
    for section in .text .data .eh_frame .debug_info; do
      [ "$(contents main $section | wc -c)" = "$(contents plain $section | wc -c)" ]
    done
  done
done
swold_sections=$(readelf -SW main | grep -o ' \.rela[a-z._]*' | sort)
g++ -no-pie a.o b.o -Wl,-q,--gc-sections -o gnu
for section in .rela.text .rela.data .rela.debug_info .rela.eh_frame .rela.init_array; do
  grep -qx " $section" <<<"$swold_sections"
  has_section gnu $section
done

# The same records as GNU ld, relative to their sections.
cat >s.s <<'X'
.globl _start, global, twice
_start: call global; lea local(%rip), %rax; jmp *twice@GOTPCREL(%rip)
call *twice@GOTPCREL(%rip); mov $.Ltext, %eax; movabs $table+8, %rcx; ud2
.section .text.more,"ax"
global: nop
local: ret
.section .group,"axG",@progbits,twice,comdat
.weak twice
twice: ret
.data
.quad twice
table: .quad local, table, .Ltext+2, _start-1
.section .rodata.str,"aMS",@progbits,1
.string "first"
.Ltext: .string "second"
X
cat >t.s <<'X'
.globl other
other: call twice; jmp *twice@GOTPCREL(%rip)
.section .group,"axG",@progbits,twice,comdat
.weak twice
twice: ret
.section .rodata.str,"aMS",@progbits,1
.string "second"
X
as s.s -o s.o && as t.s -o t.o
list() {
  local address
  readelf -rW "$1" | sed -n "/'$2'/,/^\$/p" | while read -r offset _ type _ symbol sign addend; do
    case $type in R_*) ;; *) continue ;; esac
    address=$(section "$1" "${2#.rela}" address)
    # A symbol of GNU ld's own for a label, or the section's.
    echo "$((0x$offset - 0x$address)) $type $symbol $sign $addend"
  done
}
$SWOLD -q s.o t.o -o s && ld -q s.o t.o -o s.gnu
for table in .rela.text .rela.data; do
  list s $table | sed 's/ \.rodata.*//; s/ \.Ltext.*//' >ours
  list s.gnu $table | sed 's/ \.rodata.*//; s/ \.Ltext.*//' >theirs
  [ -s ours ]
  diff ours theirs
done
shows 'R_X86_64_32 .*\.rodata \+ 6' readelf -rW s
# A load from the GOT that became a lea; GNU ld makes an immediate of it if it can.
printf '.globl _start, g\n_start: mov g@GOTPCREL(%%rip), %%rbx\n.data\ng: .quad 1\n' >g.s
as g.s -o g.o
$SWOLD -pie -q g.o -o g && ld -pie -q g.o -o g.gnu
[ "$(list g .rela.text)" = '3 R_X86_64_PC32 g - 4' ]
[ "$(list g.gnu .rela.text)" = '3 R_X86_64_PC32 g - 4' ]

expect_fail $SWOLD -q -s s.o -o no
says 'emit-relocs and --strip-all may not be used together'

# With many threads the same bytes.
$SWOLD -q s.o t.o --threads=1 -o one
$SWOLD -q s.o t.o --threads=4 -o four
cmp one four
