"""Reading and writing of small ELF files (x86-64), quicker than a process of `as` or `readelf`."""
import struct

UNDEFINED, ABSOLUTE, COMMON = 0, 0xFFF1, 0xFFF2
LOCAL, GLOBAL, WEAK = 0, 1, 2
NOTYPE, OBJECT, FUNC, SECTION, TLS, IFUNC = 0, 1, 2, 3, 6, 10
DEFAULT, HIDDEN, PROTECTED = 0, 2, 3
PROGBITS, NOBITS, GROUP = 1, 8, 17
INIT_ARRAY, FINI_ARRAY = 14, 15
WRITE, ALLOC, EXEC, LINK_ORDER, GROUPED, THREAD = 1, 2, 4, 0x80, 0x200, 0x400
RETAIN = 0x200000
R_64, R_PC32, R_PLT32, R_GOTPCREL, R_32S, R_GOTTPOFF, R_TPOFF32 = 1, 2, 4, 9, 11, 22, 23
R_GOTPCRELX, R_REX_GOTPCRELX = 41, 42

BINDINGS = {0: "local", 1: "global", 2: "weak", 10: "unique"}
TYPES = {0: "notype", 1: "object", 2: "func", 3: "section", 4: "file", 5: "common", 6: "tls", 10: "ifunc"}
VISIBILITIES = {0: "default", 1: "internal", 2: "hidden", 3: "protected"}


class Strings:
    def __init__(self):
        self.data, self.at = bytearray(b"\0"), {"": 0}

    def __call__(self, text):
        if text not in self.at:
            self.at[text] = len(self.data)
            self.data += text.encode() + b"\0"
        return self.at[text]


class Section:
    def __init__(self, name, kind, flags, align, link=None):
        self.name, self.kind, self.flags, self.align = name, kind, flags, align
        self.link = link
        self.data, self.relocations = bytearray(), []

    def put(self, data):
        """Appends bytes; where they begin."""
        position = len(self.data)
        self.data += data
        return position

    def relocate(self, offset, kind, symbol, addend):
        self.relocations.append((offset, kind, symbol, addend))


class Object:
    """A relocatable object. Symbols are named; the name of a section's own symbol is the section."""

    def __init__(self):
        self.sections, self.symbols, self.groups, self.referred = {}, {}, [], {}

    def section(self, name, kind=PROGBITS, flags=ALLOC, align=1, link=None, key=None):
        key = key or name
        if key not in self.sections:
            self.sections[key] = Section(name, kind, flags, align, link)
        return self.sections[key]

    def define(self, name, section, value, size=0, binding=GLOBAL, kind=NOTYPE, visibility=DEFAULT):
        self.symbols[name] = (section, value, size, binding, kind, visibility)

    def refer(self, name, binding=GLOBAL, visibility=DEFAULT, kind=NOTYPE):
        if name not in self.symbols:
            self.symbols[name] = (UNDEFINED, 0, 0, binding, kind, visibility)

    def bytes(self):
        names, strings = Strings(), Strings()
        # Group sections come before their members, as the gABI wants it.
        order = [Section(".group", GROUP, 0, 4) for _ in self.groups] + list(self.sections.values())
        number = {id(section): index + 1 for index, section in enumerate(order)}
        entries, index_of = [bytes(24)], {}
        for section in self.sections.values():
            index_of[section] = len(entries)
            entries.append(struct.pack("<IBBHQQ", 0, SECTION, 0, number[id(section)], 0, 0))
        first_global = 0
        for is_local in (True, False):
            for name, (section, value, size, binding, kind, visibility) in self.symbols.items():
                if (binding == LOCAL) == is_local:
                    index_of[name] = len(entries)
                    place = section if isinstance(section, int) else number[id(section)]
                    entries.append(struct.pack("<IBBHQQ", strings(name), binding << 4 | kind, visibility,
                                               place, value, size))
            if is_local:
                first_global = len(entries)
        for section, (signature, members) in zip(order, self.groups):
            section.put(struct.pack(f"<{1 + len(members)}I", 1, *(number[id(member)] for member in members)))
        symbol_table, out, headers = len(order) + 1, bytearray(64), [bytes(64)]

        def add(name, kind, flags, data, link, info, align, entry):
            while len(out) % 8:
                out.append(0)
            headers.append(struct.pack("<IIQQQQIIQQ", names(name), kind, flags, 0, len(out), len(data),
                                       link, info, align, entry))
            if kind != NOBITS:
                out.extend(data)

        for index, section in enumerate(order):
            link = number[id(section.link)] if section.link else 0
            info = 0
            if section.kind == GROUP:
                link, info = symbol_table, index_of[self.groups[index][0]]
            add(section.name, section.kind, section.flags, section.data, link, info, section.align,
                4 if section.kind == GROUP else 0)
        add(".symtab", 2, 0, b"".join(entries), symbol_table + 1, first_global, 8, 24)
        add(".strtab", 3, 0, strings.data, 0, 0, 1, 0)
        add(".note.GNU-stack", PROGBITS, 0, b"", 0, 0, 1, 0)
        for section in self.sections.values():
            if section.relocations:
                data = b"".join(
                    struct.pack("<QQq", offset, index_of[symbol] << 32 | kind, addend)
                    for offset, kind, symbol, addend in section.relocations)
                group = section.flags & GROUPED
                add(".rela" + section.name, 4, 0x40 | group, data, symbol_table, number[id(section)], 8, 24)
        names(".shstrtab")
        add(".shstrtab", 3, 0, names.data, 0, 0, 1, 0)
        while len(out) % 8:
            out.append(0)
        # OSABI 3 (GNU): SHF_GNU_RETAIN and STT_GNU_IFUNC mean something.
        out[0:64] = struct.pack("<4sBBBBQHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 3, 0, 1, 62, 1, 0, 0, len(out),
                                0, 64, 0, 0, 64, len(headers), len(headers) - 1)
        return bytes(out + b"".join(headers))


def archive(members):
    """A GNU archive with its index. `members`: (name, bytes, defined global names)."""
    def header(name, size):
        return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{size:<10}`\n".encode()

    names = b"".join(name.encode() + b"\0" for _, _, defined in members for name in defined)
    count = sum(len(defined) for _, _, defined in members)
    size = 4 + 4 * count + len(names)
    size += size % 2
    position, offsets, body = 8 + 60 + size, [], bytearray()
    for name, data, defined in members:
        offsets += [position + len(body)] * len(defined)
        body += header(name + "/", len(data)) + data + b"\n" * (len(data) % 2)
    index = struct.pack(f">{1 + count}I", count, *offsets) + names
    return b"!<arch>\n" + header("/", size) + index.ljust(size, b"\0") + bytes(body)


class Reader:
    """What is compared of an output: its dynamic section, its versions and its symbol tables."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = data = file.read()
        table, = struct.unpack_from("<Q", data, 40)
        size, count, names = struct.unpack_from("<HHH", data, 58)
        self.headers = [struct.unpack_from("<IIQQQQIIQQ", data, table + size * index) for index in range(count)]
        self.names = [self.text(names, header[0]) for header in self.headers]
        self.type, = struct.unpack_from("<H", data, 16)
        start, = struct.unpack_from("<Q", data, 32)
        entry, count = struct.unpack_from("<HH", data, 54)
        self.segments = [struct.unpack_from("<IIQQQQQQ", data, start + entry * index) for index in range(count)]

    def text(self, section, offset):
        start = self.headers[section][4] + offset
        return self.data[start:self.data.index(b"\0", start)].decode()

    def find(self, kind):
        return next((index for index, header in enumerate(self.headers) if header[1] == kind), None)

    def contents(self, index):
        return self.data[self.headers[index][4]:self.headers[index][4] + self.headers[index][5]]

    def dynamic(self):
        index = self.find(6)
        if index is None:
            return None
        tags = []
        for tag, value in struct.iter_unpack("<QQ", self.contents(index)):
            if tag == 0:
                break
            tags.append((tag, self.text(self.headers[index][6], value) if tag in (1, 14, 15, 29) else value))
        return tags

    def symbols(self, index):
        """(name, binding, type, visibility, section index, value, size, number)"""
        link = self.headers[index][6]
        for number, entry in enumerate(struct.iter_unpack("<IBBHQQ", self.contents(index))):
            name, info, other, section, value, size = entry
            yield self.text(link, name), info >> 4, info & 15, other & 3, section, value, size, number

    def version_names(self):
        """({index: name} of the defined, {index: (library, name)} of the needed, raw verdef list)"""
        defined, needed, definitions = {}, {}, []
        index = self.find(0x6FFFFFFD)
        if index is not None:
            data, at, link = self.contents(index), 0, self.headers[index][6]
            while True:
                _, flags, number, count, _, aux, step = struct.unpack_from("<HHHHIII", data, at)
                names, aux = [], at + aux
                for _ in range(count):
                    name, next_aux = struct.unpack_from("<II", data, aux)
                    names.append(self.text(link, name))
                    aux += next_aux
                defined[number] = names[0]
                definitions.append(("base" if flags & 1 else "weak" if flags & 2 else "", *names))
                if not step:
                    break
                at += step
        index = self.find(0x6FFFFFFE)
        if index is not None:
            data, at, link = self.contents(index), 0, self.headers[index][6]
            while True:
                _, count, file, aux, step = struct.unpack_from("<HHIII", data, at)
                library, aux = self.text(link, file), at + aux
                for _ in range(count):
                    _, flags, number, name, next_aux = struct.unpack_from("<IHHII", data, aux)
                    needed[number & 0x7FFF] = (library, self.text(link, name), flags)
                    aux += next_aux
                if not step:
                    break
                at += step
        return defined, needed, definitions
