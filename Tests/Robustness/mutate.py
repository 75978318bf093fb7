#!/usr/bin/env python3
"""Feeds the linker damaged files and checks that it keeps its promises.

    mutate.py --linker PATH [--seconds N] [--seed N] [--only NAME] [--keep FOLDER]
    mutate.py --linker PATH --first N --rounds N [--limit SECONDS] [--threads 1,4] [--machine NAME]

Well-formed inputs of every kind are made first. Each round takes one of them, damages a few fields
that its format knows (and sometimes bytes, or the length), links it in one of many ways, and looks:

  - the exit code is 0 or 1, within a time limit, and not the sign of a crash;
  - with 1 there is a message that names an input, the old output is as it was, and nothing else was
    left beside it;
  - with 0 the output is an ELF file that readelf can read (looked at in one round of four).
  - every number of threads gives the same exit code and the same bytes.

A round depends only on its number, so `--only-round N` repeats it. With --keep the inputs of failed
rounds are copied, with the command, so that they can become cases of the test suite.
"""

import argparse
import concurrent.futures
import hashlib
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

TIME_LIMIT = 10

# --- The inputs ------------------------------------------------------------------------------------

C_SOURCE = r"""
#include <stddef.h>
extern int other(const char *, ...); extern int shared_data; extern __thread int shared_tls;
int common_a[100]; static int local_bss[30]; __thread int tls_data = 4; static __thread int tls_bss[8];
const char *const names[] = {"alpha", "beta", "alphabeta", "gamma"}; double d[] = {1.5, 2.5, 1.5};
static int helper(int x) { return x * tls_data + local_bss[x & 7] + tls_bss[x & 7]; }
int (*pointer)(int) = helper; extern int weak_one(void) __attribute__((weak));
__attribute__((constructor)) static void begin(void) { other("begin %d %s", shared_data, names[1]); }
__attribute__((section("identifier"))) int in_identifier = 3;
extern int __start_identifier[], __stop_identifier[];
static int resolved(void) { return 1; }
static int (*resolver(void))(void) { return resolved; }
int indirect(void) __attribute__((ifunc("resolver")));
int (*to_indirect)(void) = indirect;
int main_c(int n) {
  switch (n) { case 0: return 5; case 1: return other("x"); case 2: return helper(n); case 3: return 7;
  case 4: return n + common_a[n]; case 5: return indirect(); case 6: return shared_tls; }
  if (weak_one) return weak_one();
  return (int)(__stop_identifier - __start_identifier) + pointer(n) + shared_data;
}
"""

CXX_SOURCE = r"""
struct Base { virtual ~Base() {} virtual int f() { return 1; } };
template <class T> struct Box : Base { T v; int f() override { if (v) throw v; return 2; } };
inline int counted() { static int n; return ++n; }
thread_local Box<int> per_thread; Box<long> global;
int main_cxx(Base *b) {
  try { Box<int> x; x.v = counted(); return x.f() + b->f() + per_thread.f(); }
  catch (int i) { return i; } catch (...) { return 0; }
}
"""

ASM_SOURCE = r"""
.globl all_kinds
.text
all_kinds:
.cfi_startproc
 call other@PLT
 call other
 jmp *other@GOTPCREL(%rip)
 call *other@GOTPCREL(%rip)
 mov shared_data@GOTPCREL(%rip), %rax
 mov own@GOTPCREL(%rip), %rax
 mov own@GOTPCREL(%rip), %eax
 lea _GLOBAL_OFFSET_TABLE_(%rip), %rbx
 movabs $own@GOTOFF, %rax
 movabs $own@GOT, %rax
 movabs $other@PLTOFF, %rax
 .byte 0x66
 lea own_tls@tlsgd(%rip), %rdi
 .value 0x6666
 rex64
 call __tls_get_addr@PLT
 lea own_tls@tlsld(%rip), %rdi
 call __tls_get_addr@PLT
 lea own_tls@dtpoff(%rax), %rax
 mov shared_tls@gottpoff(%rip), %rax
 add own_tls@gottpoff(%rip), %r9
 lea own_tls@tlsdesc(%rip), %rax
 call *own_tls@tlscall(%rax)
 mov $own@SIZE, %eax
 ret
.cfi_endproc
.data
own: .quad own, other, shared_data+8, .text
 .quad own - ., own@SIZE
 .long own - .
.size own, .-own
.section .tdata,"awT",@progbits
own_tls: .quad 1
.section .rodata.str1.1,"aMS",@progbits,1
.asciz "one"
1: .asciz "two"
.section .rodata.cst8,"aM",@progbits,8
.quad 1, 2, 1
.section .data.rel.ro,"aw"
.quad 1b, .rodata.cst8+8
.section .group_member,"axG",@progbits,signature,comdat
.globl signature
signature: ret
.section .linked,"awo",@progbits,.text
.quad all_kinds
.section .retained,"awR",@progbits
.quad 7
.section .ctors,"aw"
.quad all_kinds
.section .note.own,"a",@note
.long 4, 4, 1
.asciz "OWN"
.long 1
.section .debug_own,"",@progbits
.long own_tls@dtpoff, 0
.quad .text
.comm common_b, 16, 8
.lcomm local_b, 8
"""

VERSIONED_SOURCE = r"""
.globl versioned_new, versioned_old
versioned_new: call import_old
versioned_old: ret
.symver versioned_new, versioned@@V2
.symver versioned_old, versioned@V1
.symver import_old, versioned_import@V1
"""

NARROW_SOURCE = r"""
.globl narrow
narrow: mov $absolute, %eax
 movb $absolute, %al
 movw $absolute, %ax
 mov own_data, %eax
 mov $own_data, %rax
 jmp narrow
.data
own_data: .long own_data, absolute
.byte absolute
.value absolute
.quad 0x7fffffff
"""

START_SOURCE = r"""
.globl _start, own_start
_start: own_start: call main_c@PLT
 mov $60, %eax
 syscall
.globl main_c, absolute
.weak main_c
.set absolute, 100
.data
.quad _start
.section .note.GNU-stack,"",@progbits
"""

LIBRARY_SOURCE = r"""
int shared_data = 4; extern int alias_data __attribute__((alias("shared_data"))); __thread int shared_tls;
int other(const char *s, ...) { return *s; } int old_one(void) { return 1; }
__asm__(".symver old_one, versioned_import@V1");
void *memcpy(void *, const void *, unsigned long);
int uses(void *a, void *b) { return memcpy(a, b, shared_data) != 0; }
"""

VERSIONS = 'V1 { global: shared*; other; versioned*; extern "C++" { "f(int)"; ns::*; }; local: *; };\nV2 { global: alias_data; } V1;\n'

RESPONSE = """-pie --hash-style=both -z now -z max-page-size=4096 --build-id=sha1 'start.o' "c.o"
--defsym=own_defined=main_c+8 --version-script=versions
 stubs.so lib.so -soname lib\\ x --gc-sections --wrap=nobody -u main_c -e own_start --compress-debug-sections=zlib
"""

# --- Other machines: a few instructions with every kind of operand, and data that all have ---------

TEXTS = {
    "i386": r"""
 call other@PLT
 call other
 jmp *other@GOT(%ebx)
 mov shared_data@GOT(%ebx), %eax
 mov own@GOT(%ebx), %eax
 lea own@GOTOFF(%ebx), %eax
 add $_GLOBAL_OFFSET_TABLE_, %ebx
 lea own_tls@tlsgd(,%ebx,1), %eax
 call ___tls_get_addr@PLT
 lea own_tls@tlsldm(%ebx), %eax
 call ___tls_get_addr@PLT
 lea own_tls@dtpoff(%eax), %eax
 mov shared_tls@gotntpoff(%ebx), %eax
 sub own_tls@gottpoff(%ebx), %eax
 lea own_tls@tlsdesc(%ebx), %eax
 call *own_tls@tlscall(%eax)
 ret""",
    "aarch64": r"""
 bl other
 cbz x0, 1f
 adrp x0, :got:shared_data
 ldr x0, [x0, :got_lo12:shared_data]
 adrp x1, own
 add x1, x1, :lo12:own
 ldr w2, [x1, :lo12:own]
 ldrb w2, [x1, :lo12:own]
 adr x1, own
1: adrp x0, :tlsdesc:own_tls
 ldr x1, [x0, #:tlsdesc_lo12:own_tls]
 add x0, x0, :tlsdesc_lo12:own_tls
 .tlsdesccall own_tls
 blr x1
 adrp x0, :gottprel:shared_tls
 ldr x0, [x0, :gottprel_lo12:shared_tls]
 movz x3, #:abs_g3:absolute
 movk x3, #:abs_g0_nc:absolute
 tbz x0, #1, 1b
 b other""",
    "riscv64": r"""
 .option pic
 call other
 la t0, shared_data
 lla t1, own
 la.tls.gd a0, own_tls
 call __tls_get_addr@plt
 la.tls.ie a0, shared_tls
 lui t2, %hi(absolute)
 addi t2, t2, %lo(absolute)
 beqz t0, 1f
 .align 4
1: j 1b
 tail other""",
    "arm": r"""
 bl other
 bl other(PLT)
 ldr r0, 2f
1: add r0, pc, r0
 movw r1, #:lower16:absolute
 movt r1, #:upper16:absolute
 beq other
 b other
2: .word _GLOBAL_OFFSET_TABLE_-(1b+8), shared_data(GOT), own(GOTOFF), shared_data(GOT_PREL)
 .word own_tls(TLSGD), shared_tls(GOTTPOFF), own_tls(TLSLDM), own_tls(TLSLDO), other - .
 .syntax unified
 .thumb
 bl other
 b other
 bx lr
 .arm""",
}

DATA_SOURCE = r"""
.data
own: POINTER own, other, shared_data+8, .text
 .long own - .
.size own, .-own
.section .tdata,"awT",%progbits
own_tls: POINTER 1
.section .rodata.str1.1,"aMS",%progbits,1
.asciz "one"
1: .asciz "two"
.section .data.rel.ro,"aw"
POINTER 1b
.section .group_member,"axG",%progbits,signature,comdat
.globl signature
signature: nop
.section .linked,"awo",%progbits,.text
POINTER all_kinds
.section .ctors,"aw"
POINTER all_kinds
.section .note.own,"a",%note
.long 4, 4, 1
.asciz "OWN"
.long 1
.section .debug_own,"",%progbits
POINTER .text
.comm common_b, 16, 8
.lcomm local_b, 8
"""

NARROW_DATA = r"""
.globl narrow
narrow: nop
.data
own_data: POINTER own_data, absolute
.long absolute
"""

START_DATA = r"""
.globl _start, own_start
.type _start, %function
_start: own_start: CALL main_c
 nop
.globl main_c, absolute
.weak main_c
.set absolute, 100
.data
POINTER _start
.section .note.GNU-stack,"",%progbits
"""


class Machine:
    """Compilers and assembly of a machine."""

    PREFIXES = {"x86_64": "", "i386": "", "aarch64": "aarch64-linux-gnu-", "riscv64": "riscv64-linux-gnu-",
                "arm": "arm-linux-gnueabihf-"}
    TARGETS = {"i386": "i386-linux-gnu", "aarch64": "aarch64-linux-gnu", "riscv64": "riscv64-linux-gnu",
               "arm": "arm-linux-gnueabihf"}
    CALLS = {"i386": "call", "aarch64": "bl", "riscv64": "call", "arm": "bl"}
    RETURNS = {"arm": "bx lr"}

    def __init__(self, name):
        self.name, prefix = name, self.PREFIXES[name]
        self.is_native = name == "x86_64"
        bits = ["-m32"] if name == "i386" else []
        self.gcc, self.gxx = [f"{prefix}gcc", *bits], [f"{prefix}g++", *bits]
        self.assembler = [f"{prefix}as"] + (["--32"] if bits else [])
        self.clang = ["clang-19"] + ([f"--target={self.TARGETS[name]}"] if name in self.TARGETS else [])
        self.archiver = [f"{prefix}ar"]
        self.returns = self.RETURNS.get(name, "ret")
        # What only GNU's compiler for x86-64 has.
        self.large = ["-mcmodel=large"] if self.is_native else []
        self.zone = ["-mno-red-zone"] if self.is_native else []
        self.protection = ["-fcf-protection"] if name in ("x86_64", "i386") else []
        if self.is_native:
            self.asm, self.narrow, self.start, self.versioned = ASM_SOURCE, NARROW_SOURCE, START_SOURCE, VERSIONED_SOURCE
            return
        pointer = ".quad" if name in ("aarch64", "riscv64") else ".long"
        self.asm = "".join([".globl all_kinds\n.type all_kinds, %function\n.text\nall_kinds:\n.cfi_startproc\n", TEXTS[name],
                            "\n.cfi_endproc\n", DATA_SOURCE.replace("POINTER", pointer)])
        self.narrow = NARROW_DATA.replace("POINTER", pointer)
        self.narrow += {"aarch64": ".short absolute\n", "riscv64": ""}.get(name, ".short absolute\n.byte absolute\n")
        self.start = START_DATA.replace("POINTER", pointer).replace("CALL", self.CALLS[name])
        self.versioned = VERSIONED_SOURCE.replace("call ", self.CALLS[name] + " ").replace("ret", self.returns)


SECTION_MAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Examples/section-maps/default-x86-64.smap")


class Inputs:
    """The well-formed files, in a folder; `names` are those that get damaged."""

    def __init__(self, folder, linker, machine):
        self.folder = folder
        self.machine = machine
        self.names = []
        gcc, gxx = machine.gcc, machine.gxx
        self.compile("c.o", C_SOURCE, gcc, "-x", "c", "-O1", "-fcommon", "-ffunction-sections", "-fdata-sections", "-fPIC")
        self.compile("g.o", C_SOURCE, gcc, "-x", "c", "-g", "-fcommon", "-fno-pie", *machine.zone)
        self.compile("z.o", C_SOURCE, gcc, "-x", "c", "-g", "-gz=zlib", "-fPIC")
        self.compile("zstd.o", C_SOURCE, machine.clang, "-x", "c", "-g", "-gz=zstd", "-fPIC")
        self.compile("large.o", C_SOURCE, gcc, "-x", "c", *machine.large, "-fPIC")
        self.compile("x.o", CXX_SOURCE, gxx, "-x", "c++", "-g", "-O1", "-fPIC")
        self.compile("xs.o", CXX_SOURCE, gxx, "-x", "c++", "-O1", "-ffunction-sections", *machine.protection)
        self.compile("a.o", machine.asm, gcc, "-x", "assembler")
        self.compile("narrow.o", machine.narrow, gcc, "-x", "assembler")
        self.compile("versioned.o", machine.versioned, gcc, "-x", "assembler")
        self.compile("start.o", machine.start, gcc, "-x", "assembler")
        self.write("many.s", "".join(f".section s{n},\"ax\"\n.globl m{n}\nm{n}: {machine.returns}\n" for n in range(30)))
        self.run(*machine.assembler, "many.s", "-o", "many.o")
        self.write("versions", VERSIONS)
        self.write("dynamic.list", "{ main_c; own*; };\n")
        self.write("lib.c", LIBRARY_SOURCE)
        self.run(*gcc, "-shared", "-fPIC", "-nostdlib", "-Wl,--version-script=versions",
                 "-Wl,--hash-style=both", "-Wl,-soname,lib.so", "lib.c", "-o", "lib.so")
        self.write("script", 'GROUP ( AS_NEEDED ( lib.so ) c.o )\n')
        self.run(*machine.archiver, "rcs", "lib.a", "c.o", "a.o", "many.o")
        self.run(*machine.archiver, "rcsT", "thin.a", "c.o", "a.o")
        shutil.copy(SECTION_MAP, os.path.join(folder, "map"))
        self.make_stubs()
        self.names = ["c.o", "g.o", "z.o", "zstd.o", "large.o", "x.o", "xs.o", "a.o", "narrow.o", "start.o",
                      "versioned.o", "many.o", "lib.so", "lib.a", "thin.a", "versions", "dynamic.list", "script", "map", "response"]
        self.write("response", RESPONSE)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def run(self, *command):
        subprocess.run(command, cwd=self.folder, check=True)

    def compile(self, name, source, compiler, *flags):
        subprocess.run([*compiler, *flags, "-c", "-", "-o", name], cwd=self.folder, check=True,
                       input=source.encode(), stderr=subprocess.DEVNULL)

    def make_stubs(self):
        """A library and an object that define whatever the other files lack."""
        undefined, defined = set(), set()
        for name in os.listdir(self.folder):
            if name.endswith(".o"):
                out = subprocess.run(["nm", "-g", name], cwd=self.folder, capture_output=True).stdout.decode()
                for line in out.splitlines():
                    kind, symbol = line.split()[-2:]
                    (undefined if kind in "Uwv" else defined).add(symbol)
        wanted = sorted(s for s in (undefined | {"memcpy"}) - defined if "@" not in s and not s.startswith(("__start_", "__stop_", "_GLOBAL_", "$")))
        text = "".join(f".globl {s}\n.type {s}, %function\n{s}: {self.machine.returns}\n" for s in wanted if s not in ("shared_data", "shared_tls"))
        text += ".data\n.globl shared_data\n.type shared_data, %object\n.size shared_data, 8\nshared_data: .quad 0\n.section .tdata,\"awT\"\n.globl shared_tls\n.type shared_tls,%tls_object\nshared_tls: .quad 0\n"
        self.write("stubs.s", text)
        self.run(*self.machine.assembler, "stubs.s", "-o", "stubs.o")
        self.run(*self.machine.gcc, "-shared", "-nostdlib", "stubs.o", "-o", "stubs.so")


# --- Damage ----------------------------------------------------------------------------------------

BOUNDARIES = [0, 1, -1, 2, 3, 7, 8, 16, 24, 0x7F, 0xFF, 0x7FFF, 0xFF00, 0xFFF1, 0xFFF2, 0xFFFF, 1 << 16, 1 << 24,
              (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 1 << 40, (1 << 46) - 1, 1 << 47, (1 << 63) - 1,
              1 << 63, -2, -8, -16, -4096, 0x8002_0000_0000_0000, 0x8003_0000_0000_0001, 0x8003_0000_0000_0000]

SECTION_TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 15, 16, 17, 18, 19, 0x6FFFFFF6, 0x6FFFFFFD, 0x6FFFFFFE,
                 0x6FFFFFFF, 0x70000001, 0x40000014, 0x6FFF4C03]


class Elf:
    """The places of an ELF file that have a meaning: lists of (offset, size), by kind."""

    def __init__(self, data):
        self.sites = {}
        self.data = data
        if len(data) < 64 or data[:4] != b"\x7fELF":
            return
        self.is64 = data[4] == 2
        w = 8 if self.is64 else 4
        tail = 24 + 3 * w
        self.add("header", [(4, 1), (5, 1), (6, 1), (7, 1), (16, 2), (18, 2), (20, 4), (24, w), (24 + w, w), (24 + 2 * w, w),
                            (tail, 4)] + [(tail + 4 + 2 * n, 2) for n in range(6)])
        offset, = struct.unpack_from("<Q" if self.is64 else "<I", data, 24 + 2 * w)
        count, = struct.unpack_from("<H", data, tail + 12)
        layout = "<IIQQQQIIQQ" if self.is64 else "<10I"
        step = struct.calcsize(layout)
        for index in range(count):
            at = offset + step * index
            if at + step > len(data):
                break
            place = at
            for letter in layout[1:] if self.is64 else "I" * 10:
                size = 8 if letter == "Q" else 4
                self.add("section", [(place, size)])
                place += size
            self.section(*struct.unpack_from(layout, data, at))

    def add(self, kind, sites):
        self.sites.setdefault(kind, []).extend(site for site in sites if sum(site) <= len(self.data))

    def table(self, kind, offset, size, step, fields):
        for at in range(offset, min(offset + size, len(self.data)) - step + 1, step):
            self.add(kind, [(at + o, s) for o, s in fields])

    def section(self, name, kind, flags, address, offset, size, link, info, align, entry):
        if kind in (2, 11):
            if self.is64:
                self.table("symbol", offset, size, 24, [(0, 4), (4, 1), (5, 1), (6, 2), (8, 8), (16, 8)])
            else:
                self.table("symbol", offset, size, 16, [(0, 4), (4, 4), (8, 4), (12, 1), (13, 1), (14, 2)])
        elif kind == 4 and self.is64:
            self.table("relocation", offset, size, 24, [(0, 8), (8, 4), (12, 4), (16, 8)])
        elif kind == 9:
            self.table("relocation", offset, size, 8, [(0, 4), (4, 1), (5, 3)])
        elif kind == 17:
            self.table("group", offset, size, 4, [(0, 4)])
        elif kind == 6:
            word = 8 if self.is64 else 4
            self.table("dynamic", offset, size, 2 * word, [(0, word), (word, word)])
        elif kind in (0x6FFFFFFD, 0x6FFFFFFE):
            self.table("version", offset, size, 4, [(0, 2), (2, 2), (0, 4)])
        elif kind == 0x6FFFFFFF:
            self.table("versym", offset, size, 2, [(0, 2)])
        elif kind == 7:
            self.table("note", offset, size, 4, [(0, 4)])
        elif kind == 3:
            self.add("string", [(offset + i, 1) for i in range(min(size, 4000))])
        elif flags & 0x800:
            self.add("compressed", [(offset, 4), (offset + 8, 8), (offset + 16, 8), (offset + 24, 4)]
                     if self.is64 else [(offset, 4), (offset + 4, 4), (offset + 8, 4), (offset + 12, 4)])
        elif flags & 0x20 or kind == 18:
            self.table("merge", offset, size, 1, [(0, 1)])
        elif size < 1 << 20:
            # .eh_frame and debug sections; text now and then
            self.table("content", offset, size, 4, [(0, 4)])


def number(draw, old, size, total):
    choice = draw.random()
    if choice < 0.6:
        value = draw.choice(BOUNDARIES)
    elif choice < 0.8:
        value = old + draw.choice([1, -1, 2, 4, 8, -4, -8, 16, 24, 64])
    elif choice < 0.9:
        value = draw.choice([total, total - 1, total + 1, total - old, draw.randrange(total + 1)])
    else:
        value = draw.getrandbits(size * 8)
    return value & ((1 << (size * 8)) - 1)


def damage_elf(draw, data):
    elf = Elf(bytes(data))
    kinds = [k for k, sites in elf.sites.items() if sites]
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        if not kinds:
            return data
        kind = draw.choice(kinds + ["section", "symbol", "relocation"])
        if not elf.sites.get(kind):
            continue
        at, size = draw.choice(elf.sites[kind])
        old = int.from_bytes(data[at:at + size], "little")
        value = number(draw, old, size, len(data))
        if kind == "section" and size == 4 and old in SECTION_TYPES and draw.random() < 0.5:
            value = draw.choice(SECTION_TYPES)
        elif kind == "section" and size == 8 and draw.random() < 0.2:
            value = old ^ 1 << draw.randrange(34)
        elif kind == "relocation" and size in (1, 4) and draw.random() < 0.6:
            value = draw.choice([draw.randrange(64), draw.randrange(256), 256 + draw.randrange(800)])
        elif kind == "string" and draw.random() < 0.5:
            value = draw.choice([0, ord("@"), 0xFF, ord("."), ord("A")])
        elif size == 4 and kinds and draw.random() < 0.1:
            other, other_size = draw.choice(elf.sites[draw.choice(kinds)])
            value = int.from_bytes(data[other:other + min(size, other_size)], "little")
        data[at:at + size] = (value & (1 << size * 8) - 1).to_bytes(size, "little")
    return data


def damage_bytes(draw, data):
    for _ in range(draw.choice([1, 1, 2, 5, 20])):
        choice = draw.random()
        if not data:
            return data
        at = draw.randrange(len(data))
        if choice < 0.6:
            data[at] = draw.choice([0, 1, 0x20, 0x7F, 0x80, 0xFF, draw.randrange(256)])
        elif choice < 0.7:
            del data[at:at + draw.randrange(1, 9)]
        elif choice < 0.8:
            data[at:at] = data[at:at + draw.randrange(1, 40)] * draw.choice([1, 1, 50])
        elif choice < 0.9:
            data[at:at + 8] = bytes([0xFF] * 8)
        else:
            data[at:at] = draw.choice([b"{", b"}", b"(", b";", b'"', b"*", b"/*", b"\0", b"9" * 30, b"[", b"-1", b"\n"])
    return data


def damage_archive(draw, data):
    """Fields of a member's header, or the member itself as the ELF file that it is."""
    headers = [m.start() - 58 for m in re.finditer(b"`\n", bytes(data)) if m.start() >= 66 and m.start() % 2 == 0]
    if not headers or draw.random() < 0.3:
        return damage_bytes(draw, data)
    at = draw.choice(headers)
    if draw.random() < 0.5:
        end = min([h for h in headers if h > at] + [len(data)])
        data[at + 60:end] = damage_elf(draw, data[at + 60:end])
    elif draw.random() < 0.5:
        data[at + 48:at + 58] = str(draw.choice([0, 1, 7, 10**9, len(data), len(data) - at, 9999999999])).ljust(10)[:10].encode()
    else:
        data[at:at + 16] = draw.choice(["/", "//", "/0", "/99999", "/0:8", "/SYM64/", "#1/20", "#1/99999", "", "thin.a/", "/-1"]).ljust(16).encode()
    return data


def damage(draw, name, data):
    data = bytearray(data)
    choice = draw.random()
    if choice < 0.06:
        del data[draw.randrange(len(data)):]
    elif choice < 0.15 or not name.endswith((".o", ".so", ".a")):
        damage_bytes(draw, data)
    elif name.endswith(".a"):
        damage_archive(draw, data)
    else:
        damage_elf(draw, data)
    return bytes(data)


# --- Links -----------------------------------------------------------------------------------------

STYLES = [
    ["-no-pie", "stubs.so", "lib.so"], ["-pie", "stubs.so", "lib.so"], ["-shared", "lib.so"], ["-shared"],
    ["-static", "stubs.o"], ["-r"], ["-pie", "--gc-sections", "stubs.so", "lib.so"],
    ["-shared", "--gc-sections", "--version-script=versions"], ["-static", "--gc-sections", "stubs.o"],
    ["-pie", "-z", "pack-relative-relocs", "stubs.so", "lib.so", "--hash-style=both", "--build-id"],
    ["-shared", "-z", "notext", "-Bsymbolic"], ["-pie", "--strip-debug", "stubs.so"], ["-no-pie", "stubs.so"],
    ["-no-pie", "-z", "notext", "--unresolved-symbols=ignore-all", "-z", "nognustack", "--strip-all"],
    ["-pie", "--no-dynamic-linker", "-static", "stubs.o"], ["--no-relax", "-pie", "stubs.so"],
    ["-shared", "--dynamic-list=dynamic.list", "--export-dynamic"], ["-no-pie", "--nmagic", "stubs.so"],
    ["-pie", "--noinhibit-exec", "-z", "separate-code", "stubs.so"], ["-shared", "--discard-all", "-z", "nocombreloc"],
]


def plan(draw, name, folder):
    """The command line for a damaged `name`, which lies in `folder` under its own name."""
    styles = STYLES
    if name in ("g.o", "narrow.o"):
        styles = [s for s in STYLES if s[0] not in ("-pie", "-shared", "--no-relax") or draw.random() < 0.1]
    elif name in ("xs.o", "versioned.o", "lib.so", "script"):
        styles = [s for s in STYLES if "lib.so" in s and (name != "xs.o" or s[0] != "-shared") or draw.random() < 0.1]
    style = list(draw.choice(styles))
    if name in ("versions", "dynamic.list", "map"):
        option = {"versions": "--version-script=", "dynamic.list": "--dynamic-list=", "map": "--section-map="}[name]
        style = [a for a in style if not a.startswith(("--version-script", "--dynamic-list"))]
        style = [a for a in style if name != "map" or a not in ("-pie", "-shared", "-r")]
        return [f"{option}{folder}/{name}", "start.o", "c.o"] + (style if "stubs.o" in style else style + ["stubs.so"])
    if name == "response":
        return [f"@{folder}/{name}"]
    path = f"{folder}/{name}"
    files = [path] if name == "start.o" else ["start.o", path]
    if name.endswith(".a") and draw.random() < 0.5:
        files = ["start.o", "--whole-archive", path, "--no-whole-archive"]
    if name not in ("c.o", "g.o", "z.o", "zstd.o", "large.o", "lib.a", "thin.a", "script") and draw.random() < 0.5:
        files.append("c.o")
    if name == "lib.so":
        style = [a for a in style if a != "lib.so"]
        files.append("versioned.o")
    if draw.random() < 0.3:
        files.reverse() if "--whole-archive" not in files else None
    return files + style


class Failure(Exception):
    pass


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))


def check(linker, inputs, arguments, folder, environment, threads, looks):
    """One link; raises Failure if a promise is broken. Returns the exit code and a digest of the output."""
    out = f"{folder}/out{threads}"
    os.mkdir(out)
    output = f"{out}/output"
    with open(output, "wb") as file:
        file.write(b"old")
    before = os.stat(output).st_ino
    # In front, where no damaged option that wants a value can take it for one.
    command = [linker, f"--threads={threads}", *arguments, "-o", output]
    try:
        result = subprocess.run(command, cwd=inputs.folder, capture_output=True, timeout=TIME_LIMIT,
                                preexec_fn=limits, env=environment)
    except subprocess.TimeoutExpired:
        raise Failure(f"more than {TIME_LIMIT} s")
    said = result.stderr.decode(errors="replace")
    left = os.listdir(out)
    if result.returncode not in (0, 1):
        raise Failure(f"exit code {result.returncode}\n{said}")
    if re.search("Fatal error|Stack dump|Assertion|Backtrace", said):
        raise Failure(f"crashed\n{said}")
    if left != ["output"]:
        raise Failure(f"left {left}")
    if result.returncode == 1:
        if os.stat(output).st_ino != before or open(output, "rb").read() != b"old":
            raise Failure(f"failed and changed the old output\n{said}")
        first = said.split("\n>>>")[0]
        if not re.search(r"error(\[SM\d+\])?:", said):
            raise Failure(f"no message\n{said}")
        names = [os.path.basename(a) for a in arguments if not a.startswith("-")] + ["c.o", "lib.so", "versions", "dynamic.list", "map"]
        # A section may be so far away that the file gets too large; then it is the output that is named.
        # The words of a damaged response file can name anything.
        if not arguments[0].startswith("@") and not any(n in said for n in names) and f"cannot write {output}" not in said:
            raise Failure(f"the message names no file\n{first}")
        return 1, None
    size = os.stat(output).st_size
    if size >= 1 << 26:
        return 0, size
    with open(output, "rb") as file:
        digest = hashlib.sha256(file.read()).digest()
    if looks:
        try:
            shown = subprocess.run(["readelf", "-aW", output], capture_output=True, timeout=30)
        except subprocess.TimeoutExpired:
            raise Failure("readelf hangs on the output")
        if shown.returncode < 0:
            raise Failure(f"readelf crashes on the output ({shown.returncode})")
        serious = [l for l in shown.stderr.decode(errors="replace").splitlines()
                   if re.search("Reading .* bytes extends past end of file|out of range|overlap", l)]
        if serious:
            raise Failure("readelf: " + serious[0])
    return 0, digest


def round_of(number_, linker, inputs, options):
    seed, keep, only = options.seed, options.keep, options.only
    draw = random.Random(f"{seed}/{number_}")
    name = draw.choice(inputs.names)
    if only:
        name = only
    with tempfile.TemporaryDirectory(prefix="swold-mutate.") as folder:
        data = open(os.path.join(inputs.folder, name), "rb").read()
        with open(f"{folder}/{name}", "wb") as file:
            file.write(data if options.undamaged else damage(draw, name, data))
        if name in ("script", "thin.a"):
            for other in ("c.o", "a.o", "lib.so"):
                os.symlink(os.path.join(inputs.folder, other), f"{folder}/{other}")
        arguments = plan(draw, name, folder)
        environment = dict(os.environ, LC_ALL="C")
        environment.setdefault("SWIFT_BACKTRACE", "enable=no")
        try:
            results = [check(linker, inputs, arguments, folder, environment, threads, number_ % 4 == 0 and not index)
                       for index, threads in enumerate(options.threads.split(","))]
            if any(result != results[0] for result in results):
                raise Failure(f"threads make a difference: exit codes {[code for code, _ in results]}")
            code = results[0][0]
            if options.undamaged and code == 1:
                raise Failure("refused")
            return number_, name, code, None
        except Failure as failure:
            text = f"round {number_}: {name}: {' '.join(arguments)}\n  {failure}"
            if keep:
                place = os.path.join(keep, f"{seed}-{number_}")
                shutil.copytree(folder, place, symlinks=True, dirs_exist_ok=True)
                with open(f"{place}/command", "w") as file:
                    file.write(f"cd {inputs.folder} && {linker} {' '.join(arguments).replace(folder, place)} -o {place}/output\n")
                with open(f"{place}/failure", "w") as file:
                    file.write(text)
            return number_, name, None, text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--linker", required=True)
    parser.add_argument("--seconds", type=float, default=20, help="how long to go on")
    parser.add_argument("--rounds", type=int, default=1 << 60, help="the most rounds to run; then --seconds is no limit")
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--limit", type=float, default=TIME_LIMIT, help="seconds that a link may take")
    parser.add_argument("--threads", default="1,4", help="numbers of threads to link with, each in turn")
    parser.add_argument("--machine", default="x86_64", choices=list(Machine.PREFIXES), help="whose files")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--undamaged", action="store_true", help="leave the inputs as they are")
    parser.add_argument("--only", help="damage this input only")
    parser.add_argument("--only-round", type=int, help="repeat one round")
    parser.add_argument("--keep", help="where failed rounds go")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--inputs", help="a folder for the inputs that stays")
    options = parser.parse_args()
    globals()["TIME_LIMIT"] = options.limit
    if options.rounds < 1 << 60:
        options.seconds = float("inf")
    linker = os.path.abspath(options.linker)
    folder = options.inputs or tempfile.mkdtemp(prefix="swold-mutate-inputs.")
    os.makedirs(folder, exist_ok=True)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    failures, counts = [], {0: 0, 1: 0}
    try:
        inputs = Inputs(folder, linker, Machine(options.machine))
        end = time.monotonic() + options.seconds
        numbers = iter([options.only_round] if options.only_round is not None else range(options.first, options.first + options.rounds))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            running = set()
            while True:
                while len(running) < options.jobs * 2 and time.monotonic() < end:
                    number_ = next(numbers, None)
                    if number_ is None:
                        break
                    running.add(pool.submit(round_of, number_, linker, inputs, options))
                if not running:
                    break
                done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    _, _, code, text = future.result()
                    if text:
                        failures.append(text)
                        print(text, file=sys.stderr, flush=True)
                    else:
                        counts[code] += 1
    finally:
        if not options.inputs:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{counts[0]} linked, {counts[1]} refused, {len(failures)} failures (seed {options.seed})")
    # A fuzzer whose damage is always refused, or never, tests nothing.
    if not options.only and options.only_round is None and sum(counts.values()) > 200 and 0 in counts.values():
        print("the damage has no variety", file=sys.stderr)
        return 1
    return 1 if failures else 0


sys.exit(main())
