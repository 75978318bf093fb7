#!/usr/bin/env python3
"""Changes single numbers of an ELF file, for cases about damaged input.

    patch-elf.py IN OUT EDIT...

    section:FIELD=VALUE      a field of the section's header: name type flags addr offset size link info align entry
    section@OFFSET/SIZE=VALUE   SIZE bytes of the section's content
    section[SYMBOL]:FIELD=VALUE a field of a symbol, by name or number: name info other section value size

A section is named or given by its number; VALUE is a number, or the name of a section, for its number.
"""

import re
import struct
import sys

data = bytearray(open(sys.argv[1], "rb").read())
table, = struct.unpack_from("<Q", data, 40)
count, names = struct.unpack_from("<HH", data, 60)
HEADER = {"name": (0, "I"), "type": (4, "I"), "flags": (8, "Q"), "addr": (16, "Q"), "offset": (24, "Q"),
          "size": (32, "Q"), "link": (40, "I"), "info": (44, "I"), "align": (48, "Q"), "entry": (56, "Q")}
SYMBOL = {"name": (0, "I"), "info": (4, "B"), "other": (5, "B"), "section": (6, "H"), "value": (8, "Q"), "size": (16, "Q")}


def get(index, field):
    return struct.unpack_from("<" + HEADER[field][1], data, table + 64 * index + HEADER[field][0])[0]


def string(section, offset):
    start = get(section, "offset") + offset
    return data[start:data.index(0, start)].decode()


numbers = {string(names, get(index, "name")): index for index in reversed(range(count))}


def number(text):
    return numbers[text] if text in numbers else int(text, 0)


def symbol(section, text):
    if text.isdigit():
        return int(text)
    for index in range(get(section, "size") // 24):
        if string(get(section, "link"), struct.unpack_from("<I", data, get(section, "offset") + 24 * index)[0]) == text:
            return index
    sys.exit(f"no symbol {text}")


edits = []
for edit in sys.argv[3:]:
    where, value = edit.rsplit("=", 1)
    value = number(value)
    if match := re.fullmatch(r"(.*)@(\d+)/(\d)", where):
        at, form = get(number(match[1]), "offset") + int(match[2]), {"1": "B", "2": "H", "4": "I", "8": "Q"}[match[3]]
    elif match := re.fullmatch(r"(.*)\[(.*)\]:(\w+)", where):
        section = number(match[1])
        at, form = get(section, "offset") + 24 * symbol(section, match[2]) + SYMBOL[match[3]][0], SYMBOL[match[3]][1]
    else:
        section, field = where.rsplit(":", 1)
        at, form = table + 64 * number(section) + HEADER[field][0], HEADER[field][1]
    edits.append((at, form, value))
for at, form, value in edits:
    struct.pack_into("<" + form, data, at, value)
open(sys.argv[2], "wb").write(data)
