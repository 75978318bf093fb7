#!/bin/bash
# A static PIE relocates itself, here by a start of its own, for some C libraries have none: relative
# relocations, packed ones, and those of IFUNCs, which come last.
. "$(dirname "$0")/../prelude.sh"

cat >start.s <<'END'
.globl _start
_start: call begin
exit_result
.section .note.GNU-stack,"",%progbits
END
cat >m.c <<'END'
#include <elf.h>
#include <link.h>
typedef ElfW(Addr) word;
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));

static word d[64];
static int done;
static int zero(void) { return 0; }
static int one(void) { return 1; }
static void *choose(void) { return done ? (void *)zero : (void *)one; }
int f(void) __attribute__((ifunc("choose")));
int (*pointer)(void) = f;
static int numbers[40];
int *table[40] = {&numbers[0], &numbers[1], &numbers[2], [20] = &numbers[20], [39] = &numbers[39]};

static void relocate(word base, word start, word size, word entry, int isLast) {
  for (word at = start; at < start + size; at += entry) {
    ElfW(Rela) *r = (ElfW(Rela) *)at;
    word *place = (word *)(base + r->r_offset);
    word addend = entry == sizeof *r ? r->r_addend : *place;
    switch (r->r_info & 0xff) {
      case RELATIVE: if (!isLast) *place = base + addend; break;
      case IRELATIVE: if (isLast) *place = ((word (*)(word))(base + addend))(0); break;
      default: if (!isLast) __builtin_trap();
    }
  }
}

int begin(void) {
  word base = (word)__ehdr_start;
  for (ElfW(Dyn) *e = _DYNAMIC; e->d_tag; e++) {
    if (e->d_tag < 64) d[e->d_tag] = e->d_un.d_val;
  }
  word *next = 0;
  for (word *r = (word *)(base + d[36]), *end = (word *)((char *)r + d[35]); r < end; r++) {  // DT_RELR
    if ((*r & 1) == 0) {
      next = (word *)(base + *r);
      *next++ += base;
    } else {
      for (int bit = 1; bit < 8 * (int)sizeof *r; bit++) {
        if (*r >> bit & 1) next[bit - 1] += base;
      }
      next += 8 * sizeof *r - 1;
    }
  }
  word entry = d[DT_RELA] ? sizeof(ElfW(Rela)) : sizeof(ElfW(Rel));
  word start = base + (d[DT_RELA] ? d[DT_RELA] : d[DT_REL]), size = d[DT_RELASZ] + d[DT_RELSZ];
  if (d[DT_PLTREL] == DT_RELA) entry = sizeof(ElfW(Rela));
  for (int isLast = 0; isLast < 2; isLast++) {
    done = isLast;
    relocate(base, start, size, entry, isLast);
    relocate(base, base + d[DT_JMPREL], d[DT_PLTRELSZ], entry, isLast);
  }
  for (int i = 0; i < 40; i++) {
    if (table[i] != (i < 3 || i == 20 || i == 39 ? &numbers[i] : 0)) return 2;
  }
  return f() + pointer();
}
END
case $MACHINE in
  x86_64) numbers='8 37' ;;
  i386) numbers='8 42' ;;
  aarch64) numbers='1027 1032' ;;
  riscv64) numbers='3 58' ;;
  arm) numbers='23 160' ;;
esac
as start.s -o start.o
for mode in -O0 -O2; do
  $CC -fPIE -ffreestanding -fno-stack-protector $mode -DRELATIVE="(${numbers% *} & 0xff)" \
    -DIRELATIVE="(${numbers#* } & 0xff)" -c m.c
  for option in '' '-z pack-relative-relocs' '-z now' --gc-sections; do
    $SWOLD -static -pie --no-dynamic-linker -z text $option start.o m.o -o m
    ./m || fail "$mode $option: $?"
    lacks 'INTERP' readelf -lW m
    sane m
  done
done
