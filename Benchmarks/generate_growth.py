#!/usr/bin/env python3
"""Writes objects like those of a large C++ program, for measuring how a link grows.

    generate_growth.py FOLDER PART [--debug]

PART 10 makes a tenth of a link of Chromium, 30 a thirtieth: 30,723 objects with 24 million symbols,
10 million sections, 9.9 million of them in COMDAT groups, 62 million relocations and 1.6 million
mergeable strings, divided by PART. Two of three groups are copies of another object's. --debug adds
.debug_info and .debug_str, a kilobyte of the former for each three of code, with as many relocations
again. The objects are made byte by byte: an assembler would take minutes. FOLDER/link.rsp names them.
The program does nothing and leaves with status 0.
"""
import argparse
import os
import random
import struct
import subprocess

OBJECTS = 30_723
GROUPS, OWN_LOCALS, STRINGS = 322, 290, 52
CALLS, LOADS, CODE = 4, 2, 96
SHT = {"PROGBITS": 1, "SYMTAB": 2, "STRTAB": 3, "RELA": 4, "GROUP": 17}
ALLOC, EXEC, MERGE, STR, INFO_LINK, GROUP = 2, 4, 0x10, 0x20, 0x40, 0x200
R_64, R_PC32, R_PLT32, R_32 = 1, 2, 4, 10


class Table:
    """A string table."""

    def __init__(self):
        self.bytes = bytearray(b"\0")

    def add(self, name):
        offset = len(self.bytes)
        self.bytes += name + b"\0"
        return offset


def function(number):
    return b"_ZN4base8internal%06d7FunctorINS_%dOnceCallbackEE3RunEv" % (number, number % 97)


class Object:
    def __init__(self, number, objects, debug):
        self.random = random.Random(number)
        self.names, self.strings = Table(), Table()
        self.sections = [(0, 0, 0, b"", 0, 0, 0, 0)]
        self.locals, self.globals = [bytes(24)], []
        self.global_index = {}
        self.number, self.debug = number, debug
        self.functions = objects * GROUPS // 3

    def section(self, name, kind, flags, data, link=0, info=0, align=1, size=0):
        self.sections.append((self.names.add(name), SHT[kind], flags, data, link, info, align, size))
        return len(self.sections) - 1

    def refer(self, number):
        """The symbol of a function; made as a reference if the object has none."""
        if number not in self.global_index:
            self.global_index[number] = len(self.globals)
            self.globals.append(struct.pack("<IBBHQQ", self.strings.add(function(number)), 0x10, 0, 0, 0, 0))
        return self.global_index[number]

    def make(self):
        """Relocations name globals by a tag (1 << 30), for their numbers come behind all locals."""
        choose = self.random.randrange
        own = sorted({(self.number * GROUPS + i * 3 + choose(3)) % self.functions for i in range(GROUPS)})
        text = bytearray()
        for i in range(STRINGS):
            text += b"message %d of component %d\0" % (i, (self.number * 7 + i * i) % 20011)
        pool = self.section(b".rodata.str1.1", "PROGBITS", ALLOC | MERGE | STR, bytes(text), align=1, size=1)
        # As assemblers do: a distance to a string needs a symbol of its own.
        for i, start in enumerate(i for i in range(len(text)) if i == 0 or text[i - 1] == 0):
            self.locals.append(struct.pack("<IBBHQQ", self.strings.add(b".LC%d" % i), 0, 0, pool, start, 0))
        groups, relocations, code = [], [], {}
        for position, number in enumerate(own):
            name = function(number)
            body = bytearray(b"\xc3" * CODE)
            entries = bytearray()
            for i in range(CALLS):
                body[i * 8:i * 8 + 1] = b"\xe8"
                target = own[choose(len(own))] if choose(4) else choose(self.functions)
                entries += struct.pack("<QQq", i * 8 + 1, (1 << 30 | self.refer(target)) << 32 | R_PLT32, -4)
            for i in range(LOADS):
                at = 40 + i * 8
                body[at:at + 3] = b"\x48\x8d\x3d"
                entries += struct.pack("<QQq", at + 3, (1 + choose(STRINGS)) << 32 | R_PC32, -4)
            group = self.section(b".group", "GROUP", 0, b"", align=4, size=4)
            section = self.section(b".text." + name, "PROGBITS", ALLOC | EXEC | GROUP, bytes(body), align=16)
            table = self.section(b".rela.text." + name, "RELA", INFO_LINK | GROUP, bytes(entries),
                                 info=section, align=8, size=24)
            index = self.refer(number)
            self.globals[index] = struct.pack(
                "<IBBHQQ", struct.unpack_from("<I", self.globals[index])[0], 0x22, 0, section, 0, CODE)
            groups.append((group, index, struct.pack("<III", 1, section, table)))
            relocations.append(table)
            code[position] = section
        for i in range(OWN_LOCALS):
            name = self.strings.add(b"_ZL%dlocal_%d_%d" % (12 + len(str(i)), self.number % 977, i))
            self.locals.append(struct.pack("<IBBHQQ", name, 2, 0, code[i % len(code)], i % CODE, 4))
        if self.debug:
            relocations.append(self.make_debug(own, code))
        if self.number == 0:
            start = self.section(b".text", "PROGBITS", ALLOC | EXEC, b"\xb8\x3c\0\0\0\x31\xff\x0f\x05", align=16)
            self.globals.append(struct.pack("<IBBHQQ", self.strings.add(b"_start"), 0x12, 0, start, 0, 9))
        self.section(b".note.GNU-stack", "PROGBITS", 0, b"")
        return self.encode(groups, relocations)

    def make_debug(self, own, code):
        """For each function its name, two types and where it is."""
        text, places = bytearray(), []
        for number in own:
            places.append(len(text))
            text += function(number) + b"\0"
        for i in range(200):
            places.append(len(text))
            text += b"std::__1::basic_string<char, std::__1::char_traits<char>>::part_%d\0" % (
                (self.number * 3 + i) % 3001)
        pool = self.section(b".debug_str", "PROGBITS", MERGE | STR, bytes(text), align=1, size=1)
        self.locals.append(struct.pack("<IBBHQQ", 0, 3, 0, pool, 0, 0))
        strings = len(self.locals) - 1
        body, entries = bytearray(32 * len(own)), bytearray()
        for position in range(len(own)):
            at = position * 32
            entries += struct.pack("<QQq", at, strings << 32 | R_32, places[position])
            entries += struct.pack("<QQq", at + 4, strings << 32 | R_32, places[-1 - position % 200])
            entries += struct.pack("<QQq", at + 8, strings << 32 | R_32, places[-1 - position * 7 % 200])
            target = 1 << 30 | self.refer(own[position])
            entries += struct.pack("<QQq", at + 16, target << 32 | R_64, 0)
        section = self.section(b".debug_info", "PROGBITS", 0, bytes(body))
        return self.section(b".rela.debug_info", "RELA", INFO_LINK, bytes(entries), info=section, align=8, size=24)

    def encode(self, groups, relocations):
        first = len(self.locals)
        symbols = len(self.sections)
        self.section(b".symtab", "SYMTAB", 0, b"".join(self.locals + self.globals), link=symbols + 1, info=first,
                     align=8, size=24)
        self.section(b".strtab", "STRTAB", 0, bytes(self.strings.bytes))
        for index in relocations:
            name, kind, flags, data, _, info, align, size = self.sections[index]
            words = list(struct.unpack("<%dQ" % (len(data) // 8), data))
            for i in range(1, len(words), 3):
                symbol = words[i] >> 32
                if symbol >> 30:
                    words[i] = ((symbol & 0x3fffffff) + first) << 32 | words[i] & 0xffffffff
            self.sections[index] = (name, kind, flags, struct.pack("<%dQ" % len(words), *words), symbols, info,
                                    align, size)
        for index, symbol, data in groups:
            name, kind, flags, _, _, _, align, size = self.sections[index]
            self.sections[index] = (name, kind, flags, data, symbols, first + symbol, align, size)
        self.section(b".shstrtab", "STRTAB", 0, b"")
        own = self.sections[-1]
        self.sections[-1] = own[:3] + (bytes(self.names.bytes),) + own[4:]
        body, headers = bytearray(64), bytearray()
        for name, kind, flags, data, link, info, align, size in self.sections:
            body += bytes(-len(body) % max(align, 1))
            headers += struct.pack("<IIQQQQIIQQ", name, kind, flags, 0, len(body), len(data), link, info, align,
                                   size)
            body += data
        body += bytes(-len(body) % 8)
        body[:64] = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
            "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, len(body), 0, 64, 0, 0, 64, len(self.sections),
            len(self.sections) - 1)
        return bytes(body + headers)


def generate(folder, part, debug):
    os.makedirs(folder, exist_ok=True)
    count = OBJECTS // part
    missing = set(range(count * GROUPS // 3))
    paths = []
    for number in range(count):
        path = os.path.join(folder, f"o{number:05d}.o")
        made = Object(number, count, debug)
        data = made.make()
        missing -= {n for n, i in made.global_index.items() if made.globals[i][6:8] != b"\0\0"}
        with open(path, "wb") as out:
            out.write(data)
        paths.append(path)
    # Functions that no object happens to define, as absolute symbols: thousands of --defsym are no build's.
    names = [function(n).decode() for n in sorted(missing)]
    path = os.path.join(folder, "missing.o")
    text = "".join(f".globl {name}\n.set {name}, 0x1000\n" for name in names)
    subprocess.run(["as", "-o", path, "-"], input=text.encode(), check=True)
    paths.append(path)
    with open(os.path.join(folder, "link.rsp"), "w") as out:
        out.write("-o\nout\n--no-gc-sections\n")
        out.write("".join(path + "\n" for path in paths))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("part", type=int)
    parser.add_argument("--debug", action="store_true")
    arguments = parser.parse_args()
    generate(os.path.abspath(arguments.folder), arguments.part, arguments.debug)


if __name__ == "__main__":
    main()
