"""Random programs as plain data (so that they can be reduced), and their object files.

A program is a dictionary: the kind of its executable, and its modules: first the shared libraries,
last the executable. A module has inputs in the order of its command line; an input is an object, an
archive, a --start-lib group, objects that -r joins first, or a library. An object has definitions,
references, functions that run at the start, and entries of tables.

The programs need no libc. Each thing that a symbol can mean holds a number (its token), and each
reference writes down which address and which number it finds there. So the output of a program says
which definition each reference reached, which references agree about an address, and in what order
things were placed.
"""
import random
import struct

import elf

KINDS = {"f": "function", "d": "data", "c": "common", "t": "thread-local", "k": "absolute", "i": "ifunc"}
OBJECT_MARK, LOG_MARK, TABLE_MARK = 0xF00D0000, 0xF1A60000, 0xF7AB0000
VERSIONS = ["V1", "V2", "V3"]


def objects(module):
    """(kind of the input, object) of each object of a module."""
    for item in module["inputs"]:
        if item[0] != "library":
            for one in item[1]:
                yield item[0], one


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.next_object = 0

    def chance(self, share):
        return self.random.random() < share

    def program(self):
        pick = self.random
        kind = pick.choice(["exe", "exe", "pie", "pie", "pie", "static"])
        libraries = "" if kind == "static" else pick.choice(["", "A", "A", "A", "AB", "AB", "AB"])
        self.kind, self.libraries = kind, libraries
        themes = ["plain", "versions", "defsym", "start", "commons", "archives", "libraries", "visibility"]
        self.themes = set(pick.sample(themes, pick.choice([1, 2, 2, 3])))
        names = ["f0", "f1", "f2", "d0", "d1"]
        if "commons" in self.themes:
            names += ["c0", "c1"]
        if self.chance(.2) and kind != "static":
            names.append("t0")
        if self.chance(.2):
            names.append("k0")
        if self.chance(.15) and kind != "static":
            names.append("i0")
        self.names = pick.sample(names, pick.randint(2, len(names)))
        self.versioned = {}  # library: the versions that it has
        modules = [self.library(name, libraries[:index]) for index, name in enumerate(libraries)]
        modules.append(self.executable())
        self.settle(modules)
        return {"kind": kind, "modules": modules}

    def settle(self, modules):
        """Most programs should be linkable: few names are defined twice or nowhere."""
        defined, exported, versioned = {}, set(), set()
        for module in modules:
            names = defined[module["name"]] = set()
            seen = set()
            for kind, one in objects(module):
                for item in one["definitions"]:
                    full = item["name"] + item["version"].replace("@@", "@")
                    share = .6 if kind in ("archive", "start-lib") else .97
                    if full in seen and item["binding"] == "global" and self.chance(share):
                        item["binding"] = "weak"
                        if item["kind"] == "c":
                            item["kind"] = "d"
                    if item["binding"] == "global" and item["kind"] != "c" and not item["group"]:
                        seen.add(full)
                    names.add(item["name"])
                    versioned.add(full)
                    if item["visibility"] != "hidden":
                        exported.add(item["name"])
            for argument in module["args"]:
                if argument.startswith("--defsym="):
                    names.add(argument[9:].split("=")[0])
        for module in modules:
            for kind, one in objects(module):
                for item in list(one["references"]):
                    if item["version"] and item["name"] + item["version"] not in versioned:
                        if self.chance(.9):
                            item["version"] = ""
                    there = defined[module["name"]]
                    if item["visibility"] == "default" and item["name"][1] != "9":
                        there = there | exported
                    if item["name"] not in there and self.chance(.95):
                        if item["name"][0] == "t":
                            one["references"].remove(item)
                        else:
                            item["weak"], item["how"] = True, "got"

    # Modules

    def library(self, name, others):
        pick = self.random
        versions = []
        if "versions" in self.themes and self.chance(.8):
            versions = VERSIONS[:pick.randint(1, 3)]
        self.versioned[name] = versions
        module = {"name": name, "script": None, "args": [], "inputs": []}
        module["inputs"] = self.inputs(name, pick.choice([1, 1, 2]), versions)
        for other in others:
            if self.chance(.4):
                self.place(module["inputs"], ["library", other, False])
        if versions:
            module["script"] = self.version_script(versions)
        elif self.chance(.1):
            module["script"] = [["", ["f*", "d*", "run_*", "t*", "c*"], ["*"], ""]]
        for flag, share in (("-Bsymbolic", .06), ("-Bsymbolic-functions", .06), ("--gc-sections", .1),
                            ("-z defs", .03), ("--default-symver", .02), ("--hash-style=sysv", .05),
                            ("-z now", .1), ("--no-undefined-version", .05), ("--sort-section=name", .03)):
            if self.chance(share):
                module["args"].append(flag.replace(" ", ""))
        self.more_arguments(module)
        return module

    def executable(self):
        pick = self.random
        module = {"name": "main", "script": None, "args": [], "inputs": []}
        module["inputs"] = self.inputs("main", pick.choice([1, 2, 3]), [])
        for other in self.libraries:
            as_needed = self.chance(.5 if "libraries" in self.themes else .1)
            item = ["library", other, as_needed]
            if "libraries" in self.themes:
                self.place(module["inputs"], item)
            else:
                module["inputs"].append(item)
        module["strong_runs"] = [other for other in self.libraries if self.chance(.6)]
        for flag, share in (("--export-dynamic", .15), ("--gc-sections", .15), ("-z now", .1),
                            ("--allow-shlib-undefined", .1), ("--no-allow-shlib-undefined", .05),
                            ("--unresolved-symbols=ignore-all", .05), ("--discard-all", .03),
                            ("-z nocopyreloc", .02), ("--no-dynamic-linker", 0), ("-z combreloc", .05),
                            ("--exclude-libs=ALL", .05), ("--sort-section=name", .03),
                            ("--warn-common", .03), ("--sort-common", .03)):
            if self.chance(share):
                module["args"].append(flag.replace(" ", ""))
        if self.chance(.08):
            module["args"].append("--export-dynamic-symbol=" + pick.choice(self.names))
        if "versions" in self.themes and self.chance(.1):
            module["script"] = self.version_script(["V9"])
            module["args"].append("--export-dynamic")
        self.more_arguments(module)
        return module

    def more_arguments(self, module):
        pick = self.random
        if "defsym" in self.themes:
            for _ in range(pick.choice([0, 1, 1, 2])):
                module["args"].append("--defsym=" + self.assignment(module))
        if "archives" in self.themes and self.chance(.2):
            module["args"].append("--undefined=" + pick.choice(self.names))
        if self.chance(.03):
            module["args"].append("--wrap=" + pick.choice(self.names))

    def assignment(self, module):
        pick = self.random
        name = pick.choice(self.names)
        others = [other for other in self.names if other[0] == name[0]] + [name[0] + "9"]
        if name[0] == "k":
            choice = pick.choice(["number", "sum", "difference", "ternary", "shift"])
            value = f"0x{pick.randint(1, 0xfff):x}"
            pair = [other for other in self.names if other[0] == "d"]
            if choice == "difference" and pair:
                return f"{name}={pair[0]}+8-{pair[0]}"
            return name + "=" + {"sum": f"{value}+{value}", "ternary": f"{value}>4?{value}:7",
                                 "shift": f"{value}<<2|1"}.get(choice, value)
        other = pick.choice(others)
        step = {"f": "+8", "i": "", "t": "+4"}.get(name[0], "+4")
        return f"{pick.choice([name, name, name[0] + '9'])}={other}{pick.choice(['', '', step])}"

    def version_script(self, versions):
        pick, nodes = self.random, []
        names = list(self.names)
        for index, version in enumerate(versions):
            chosen = [name for name in names if self.chance(.5)]
            patterns = [pick.choice([name, name, name, name[0] + "?"]) for name in chosen]
            names = [name for name in names if name not in chosen]
            local = ["*"] if index == 0 and self.chance(.6) else []
            parent = versions[index - 1] if index and self.chance(.7) else ""
            nodes.append([version, patterns, local, parent])
        nodes[0][1].append("run_*")
        return nodes

    # Inputs

    def place(self, inputs, item):
        inputs.insert(self.random.randint(0, len(inputs)), item)

    def inputs(self, module, count, versions):
        pick, inputs = self.random, []
        for _ in range(count):
            objects = [self.object(module, versions)]
            kind = "object"
            if self.chance(.6 if "archives" in self.themes else .1):
                kind = pick.choice(["archive", "archive", "archive", "start-lib", "whole"])
                objects += [self.object(module, versions) for _ in range(pick.choice([0, 1, 1]))]
            elif self.chance(.12):
                kind = "joined"
                objects += [self.object(module, versions) for _ in range(pick.choice([0, 1, 1]))]
            inputs.append([kind, objects])
        return inputs

    def object(self, module, versions):
        pick = self.random
        number = self.next_object
        self.next_object += 1
        definitions, taken = [], set()
        for _ in range(pick.choice([1, 1, 2, 2, 3])):
            definition = self.definition(number, len(definitions), module, versions)
            if definition["name"] + definition["version"] not in taken:
                taken.add(definition["name"] + definition["version"])
                definitions.append(definition)
        references = []
        for _ in range(pick.choice([1, 2, 2, 3, 4])):
            reference = self.reference(module)
            full = reference["name"] + reference["version"]
            if full not in taken:
                references.append(reference)
        starts, tables = [], []
        if "start" in self.themes:
            for index in range(pick.choice([0, 1, 1, 2])):
                section = pick.choice([".init_array", ".init_array", ".init_array.5", ".init_array.00100",
                                       ".ctors", ".ctors", ".ctors.65000", ".init", ".fini_array",
                                       ".preinit_array" if module == "main" else ".init_array"])
                starts.append([section, 100 * number + index])
            for index in range(pick.choice([0, 0, 1])):
                tables.append([pick.choice(["tab", "lo", "lo"]), 100 * number + 50 + index])
        return {"id": number, "definitions": definitions, "references": references, "starts": starts,
                "tables": tables, "one_section": self.chance(.4)}

    def definition(self, number, index, module, versions):
        pick = self.random
        name = pick.choice(self.names)
        binding = pick.choice(["global", "global", "global", "weak"])
        visibility = "default"
        if "visibility" in self.themes and self.chance(.35):
            visibility = pick.choice(["hidden", "protected"] if name[0] == "f" else ["hidden"])
        version = ""
        if versions and self.chance(.35):
            version = pick.choice(["@", "@@", "@@"]) + pick.choice(versions)
        kind = name[0]
        if kind == "c" and (self.chance(.4) or binding == "weak" or version):
            kind = "d"
        group = ""
        if kind in "fd" and self.chance(.08) and not version:
            group = f"g_{name}"
        return {"name": name, "kind": kind, "binding": binding, "visibility": visibility,
                "version": version, "token": 100 * number + 20 + 4 * index, "group": group,
                "size": pick.choice([4, 8, 16, 16]), "align": pick.choice([4, 8, 16]),
                "plain": bool(version) and self.chance(.3)}

    def reference(self, module):
        pick = self.random
        name = pick.choice(self.names)
        if "defsym" in self.themes and self.chance(.15):
            name = name[0] + "9"
        how = {"f": ["call", "call", "got", "slot"], "i": ["call", "got", "slot"], "t": ["ie"],
               "k": ["got", "slot"]}.get(name[0], ["got", "slot"])
        if module == "main":
            how = how + {"t": ["le"], "k": []}.get(name[0], ["pc"])
            if self.kind != "pie" and name[0] != "t":
                how = how + ["abs"]
        weak = self.chance(.2)
        how = pick.choice(how)
        if weak and how in ("call", "pc", "ie", "le"):
            how = "got" if name[0] != "t" else how
            weak = name[0] != "t"
        version = ""
        there = [each for library in self.libraries for each in self.versioned.get(library, [])]
        if there and self.chance(.15):
            version = "@" + pick.choice(there)
        visibility = "default"
        if "visibility" in self.themes and self.chance(.12) and not version:
            visibility = pick.choice(["hidden", "hidden", "protected"])
        return {"name": name, "version": version, "how": how, "weak": weak, "visibility": visibility}


# Object files


BINDING = {"global": elf.GLOBAL, "weak": elf.WEAK}
VISIBILITY = {"default": elf.DEFAULT, "hidden": elf.HIDDEN, "protected": elf.PROTECTED}
TYPE = {"f": elf.FUNC, "d": elf.OBJECT, "c": elf.OBJECT, "t": elf.TLS, "i": elf.IFUNC, "k": elf.NOTYPE}
DATA = elf.ALLOC | elf.WRITE
TEXT = elf.ALLOC | elf.EXEC


def emit(section, code, *relocation):
    """Appends code; a relocation is (offset in it, type, symbol, addend)."""
    start = section.put(code)
    if relocation:
        offset, kind, symbol, addend = relocation
        section.relocate(start + offset, kind, symbol, addend)


def returns(token):
    return b"\xb8" + struct.pack("<I", token) + b"\xc3\x90\x90"


def write_definition(out, item, one_section):
    kind, full, token = item["kind"], item["name"] + item["version"], item["token"]
    binding, visibility = BINDING[item["binding"]], VISIBILITY[item["visibility"]]

    def place(name, flags, section_kind=elf.PROGBITS, align=16):
        if item["group"]:
            section = out.section(f"{name}.{item['name']}", section_kind, flags | elf.GROUPED, align,
                                  key=f"{name}.{item['name']}.{item['group']}")
            if item["group"] not in out.symbols and item["group"] != full:
                out.define(item["group"], section, 0, binding=elf.LOCAL)
            out.groups.append((item["group"], [section]))
            return section
        return out.section(name if one_section else f"{name}.{item['name']}", section_kind, flags, align)

    if kind == "k":
        out.define(full, elf.ABSOLUTE, 0x1000 + token, 0, binding, elf.NOTYPE, visibility)
        return
    if kind == "c":
        out.define(full, elf.COMMON, item["align"], item["size"], binding, elf.OBJECT, visibility)
        return
    if kind in ("f", "i"):
        section = place(".text", TEXT)
        if kind == "i":
            impl = f"impl_{token}"
            out.define(impl, section, section.put(returns(token)), 8, elf.LOCAL, elf.FUNC)
            value = len(section.data)
            emit(section, b"\x48\x8d\x05\0\0\0\0\xc3", 3, elf.R_PC32, impl, -4)
        else:
            value = section.put(returns(token) + returns(token + 1))
    else:
        section = place(".tdata", DATA | elf.THREAD) if kind == "t" else place(".data", DATA)
        value = section.put(struct.pack("<4I", token, token + 1, token + 2, token + 3))
    out.define(full, section, value, len(section.data) - value, binding, TYPE[kind], visibility)
    if item["plain"] and item["name"] not in out.symbols:
        out.define(item["name"], section, value, 16, binding, TYPE[kind], visibility)


def write_reference(out, text, item):
    """Code that writes the address (8 bytes) and the number found there (4 bytes) to %rdi."""
    full, how = item["name"] + item["version"], item["how"]
    out.refer(full, elf.WEAK if item["weak"] else elf.GLOBAL, VISIBILITY[item["visibility"]],
              elf.TLS if item["name"][0] == "t" else elf.NOTYPE)
    if how == "call":
        emit(text, b"\x31\xc0\x48\xab\xe8\0\0\0\0\xab", 5, elf.R_PLT32, full, -4)
        return
    if how in ("ie", "le"):
        emit(text, b"\x31\xc0\x48\xab")
        if how == "ie":
            emit(text, b"\x48\x8b\x05\0\0\0\0\x64\x8b\x00\xab", 3, elf.R_GOTTPOFF, full, -4)
        else:
            emit(text, b"\x64\x8b\x04\x25\0\0\0\0\xab", 4, elf.R_TPOFF32, full, 0)
        return
    if how == "got":
        emit(text, b"\x48\x8b\x05\0\0\0\0", 3, elf.R_REX_GOTPCRELX, full, -4)
    elif how == "slot":
        slots = out.section(".data.slots", elf.PROGBITS, DATA, 8)
        offset = slots.put(bytes(8))
        slots.relocate(offset, elf.R_64, full, 0)
        emit(text, b"\x48\x8b\x05\0\0\0\0", 3, elf.R_PC32, slots, offset - 4)
    elif how == "pc":
        emit(text, b"\x48\x8d\x05\0\0\0\0", 3, elf.R_PC32, full, -4)
    elif how == "abs":
        emit(text, b"\x48\xc7\xc0\0\0\0\0", 3, elf.R_32S, full, 0)
    emit(text, b"\x48\xab")
    if item["name"][0] in "fi":
        emit(text, b"\x48\x85\xc0\x74\x02\xff\xd0")
    elif item["name"][0] in "dc":
        emit(text, b"\x48\x85\xc0\x74\x02\x8b\x00")
    emit(text, b"\xab")


def note(text, token):
    """Code that appends a number to the module's log."""
    text.relocate(len(text.data) + 3, elf.R_PC32, "modlog", -4)
    text.put(b"\x48\x8d\x15\0\0\0\0\x8b\x02\xc7\x44\x82\x04" + struct.pack("<I", token) + b"\xff\x02")


def write_object(item):
    """(bytes, names that it defines for others)"""
    out = elf.Object()
    for definition in item["definitions"]:
        if definition["name"] + definition["version"] not in out.symbols:
            write_definition(out, definition, item["one_section"])
    text = out.section(".text", elf.PROGBITS, TEXT, 16)
    start = len(text.data)
    emit(text, b"\xb8" + struct.pack("<I", OBJECT_MARK | item["id"]) + b"\xab")
    for reference in item["references"]:
        write_reference(out, text, reference)
    text.put(b"\xc3")
    runs = out.section("runs", elf.PROGBITS, elf.ALLOC | elf.RETAIN, 4)
    runs.relocate(runs.put(bytes(4)), elf.R_PC32, text, start)
    if item["starts"]:
        out.refer("modlog", visibility=elf.HIDDEN)
    for section, token in item["starts"]:
        if section in (".init", ".fini"):
            note(out.section(section, elf.PROGBITS, TEXT, 1), token)
            continue
        kind = {".init_a": elf.INIT_ARRAY, ".fini_a": elf.FINI_ARRAY, ".preini": 16}.get(section[:7],
                                                                                       elf.PROGBITS)
        array = out.section(section, kind, DATA, 8)
        array.relocate(array.put(bytes(8)), elf.R_64, text, len(text.data))
        note(text, token)
        text.put(b"\xc3")
    for index, (name, token) in enumerate(item["tables"]):
        if name == "lo":
            code = out.section(f".text.lo{index}", elf.PROGBITS, TEXT, 16)
            code.put(returns(token))
            out.section("lo", elf.PROGBITS, elf.ALLOC | elf.LINK_ORDER | elf.RETAIN, 4, link=code,
                        key=f"lo{index}").put(struct.pack("<I", token))
        else:
            out.section("tab", elf.PROGBITS, elf.ALLOC | elf.RETAIN, 4).put(struct.pack("<I", token))
    defined = [name for name, symbol in out.symbols.items()
               if symbol[3] != elf.LOCAL and symbol[0] != elf.UNDEFINED]
    return out.bytes(), defined


def first_object(module, libraries, has_no_loader):
    """What starts the executable, or runs a library's objects: the first input of a module."""
    out = elf.Object()
    text = out.section(".text", elf.PROGBITS, TEXT, 16)
    is_main = module["name"] == "main"
    number = 99 if is_main else ord(module["name"])
    for name in ("__start_runs", "__stop_runs"):
        out.refer(name, visibility=elf.HIDDEN)
    runs = out.section("runs", elf.PROGBITS, elf.ALLOC | elf.RETAIN, 4)
    emit(text, b"\xc3")
    runs.relocate(runs.put(bytes(4)), elf.R_PC32, text, 0)
    log = out.section(".data.modlog", elf.PROGBITS, DATA | elf.RETAIN, 8)
    log.put(bytes(400))
    out.define("modlog", log, 0, 400, elf.GLOBAL, elf.OBJECT, elf.HIDDEN)
    out.define("_start" if is_main else f"run_{module['name']}", text, 1, 0, elf.GLOBAL, elf.FUNC)
    if is_main:
        buffer = out.section(".bss.buffer", elf.NOBITS, DATA, 16)
        buffer.data = bytearray(1 << 16)
        emit(text, b"\x48\x8d\x3d\0\0\0\0", 3, elf.R_PC32, buffer, -4)
        if has_no_loader:
            apply_indirect(out, text)
        if libraries is None:  # else the dynamic loader does it
            walk(out, text, "__preinit_array_start", "__preinit_array_end", b"\xff\x13", 8)
        walk(out, text, "__init_array_start", "__init_array_end", b"\xff\x13", 8)
        out.refer("_init", visibility=elf.HIDDEN)
        emit(text, b"\xe8\0\0\0\0", 1, elf.R_PLT32, "_init", -4)
    else:
        emit(text, b"\x53\x55")
    walk(out, text, "__start_runs", "__stop_runs", b"\x48\x63\x03\x48\x01\xd8\xff\xd0", 4)
    if is_main:
        walk(out, text, "__fini_array_start", "__fini_array_end", b"\xff\x13", 8)
    # The log: mark, count, numbers.
    emit(text, b"\xb8" + struct.pack("<I", LOG_MARK | number) + b"\xab")
    emit(text, b"\x48\x8d\x35\0\0\0\0", 3, elf.R_PC32, log, -4)
    emit(text, b"\x8b\x0e\xff\xc1\xf3\xa5")
    for index, name in enumerate(("lo", "tab")):
        emit(text, b"\xb8" + struct.pack("<I", TABLE_MARK | number << 4 | index) + b"\xab")
        for symbol, code in ((f"__start_{name}", b"\x48\x8b\x35\0\0\0\0"),
                             (f"__stop_{name}", b"\x48\x8b\x0d\0\0\0\0")):
            out.refer(symbol, elf.WEAK, elf.HIDDEN)
            emit(text, code, 3, elf.R_REX_GOTPCRELX, symbol, -4)
        emit(text, b"\x48\x29\xf1\x48\xc1\xe9\x02\x89\xc8\xab\xf3\xa5")
    if not is_main:
        text.put(b"\x5d\x5b\xc3")
    for library in libraries or []:
        out.refer(f"run_{library}", elf.GLOBAL if library in module["strong_runs"] else elf.WEAK)
        emit(text, b"\x48\x8b\x05\0\0\0\0", 3, elf.R_REX_GOTPCRELX, f"run_{library}", -4)
        emit(text, b"\x48\x85\xc0\x74\x02\xff\xd0")
    if is_main:
        emit(text, b"\x48\x8d\x35\0\0\0\0", 3, elf.R_PC32, buffer, -4)
        emit(text, b"\x48\x89\xfa\x48\x29\xf2\xb8\1\0\0\0\xbf\1\0\0\0\x0f\x05\xb8\x3c\0\0\0\x31\xff\x0f\x05")
    init = out.section(".init", elf.PROGBITS, TEXT, 1)
    init.put(b"\x90")
    out.define("_init", init, 0, 0, elf.GLOBAL, elf.FUNC, elf.HIDDEN)
    return out.bytes()


def walk(out, text, first, last, body, step):
    """Runs `body` for each entry (in %rbx) between two symbols of the linker."""
    for symbol, code in ((first, b"\x48\x8d\x1d\0\0\0\0"), (last, b"\x48\x8d\x2d\0\0\0\0")):
        out.refer(symbol, visibility=elf.HIDDEN)
        emit(text, code, 3, elf.R_PC32, symbol, -4)
    size = len(body) + 4
    emit(text, b"\x48\x39\xeb\x73" + bytes([size + 2]) + body + b"\x48\x83\xc3" + bytes([step])
         + b"\xeb" + bytes([256 - (size + 2 + 5)]))


def apply_indirect(out, text):
    """Applies R_X86_64_IRELATIVE relocations, as the start-up code of a static libc does."""
    for symbol, code in (("__rela_iplt_start", b"\x48\x8b\x1d\0\0\0\0"), ("__rela_iplt_end", b"\x48\x8b\x2d\0\0\0\0")):
        out.refer(symbol, elf.WEAK, elf.HIDDEN)
        emit(text, code, 3, elf.R_REX_GOTPCRELX, symbol, -4)
    body = b"\xff\x53\x10\x48\x8b\x0b\x48\x89\x01"  # call *16(%rbx); mov (%rbx),%rcx; mov %rax,(%rcx)
    size = len(body) + 4
    emit(text, b"\x48\x39\xeb\x73" + bytes([size + 2]) + body + b"\x48\x83\xc3\x18"
         + b"\xeb" + bytes([256 - (size + 2 + 5)]))


def last_object():
    out = elf.Object()
    out.section(".init", elf.PROGBITS, TEXT, 1).put(b"\xc3")
    return out.bytes()
