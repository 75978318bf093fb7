"""Writes a program's files, links its modules with a linker, and runs it."""
import os
import shutil
import struct
import subprocess

import elf
import program as programs

LOADER = "/lib64/ld-linux-x86-64.so.2"
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


class Linker:
    def __init__(self, name, path, flags=(), has_start_lib=True, needs_group=True):
        self.name, self.path, self.flags = name, path, list(flags)
        self.has_start_lib, self.needs_group = has_start_lib, needs_group

    def run(self, arguments, folder):
        """(exit status, standard error)"""
        try:
            done = subprocess.run([self.path, *self.flags, *arguments], cwd=folder, capture_output=True,
                                  env=ENVIRONMENT, timeout=60, close_fds=False, check=False)
        except subprocess.TimeoutExpired:
            return "no end", ""
        return done.returncode, done.stderr.decode(errors="replace")


def version_script(nodes):
    def quoted(patterns):
        return " ".join(f"{pattern};" for pattern in patterns)
    text = ""
    for name, names, local, parent in nodes:
        text += f"{name} {{"
        if names:
            text += f" global: {quoted(names)}"
        if local:
            text += f" local: {quoted(local)}"
        text += f" }} {parent};\n" if name else " };\n"
    return text


class Files:
    """The files of a program that do not depend on the linker, in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        libraries = [module["name"] for module in program["modules"][:-1]]
        self.write("end.o", programs.last_object())
        for module in program["modules"]:
            is_main = module["name"] == "main"
            is_static = program["kind"] == "static"
            has_no_loader = program["kind"] != "pie" and not libraries
            self.write(f"{module['name']}-start.o",
                       programs.first_object(module, (None if is_static else libraries) if is_main else [],
                                             has_no_loader))
            if module["script"]:
                self.write(f"{module['name']}.map", version_script(module["script"]).encode())
            for index, item in enumerate(module["inputs"]):
                if item[0] == "library":
                    continue
                members = [(f"o{one['id']}.o", *programs.write_object(one)) for one in item[1]]
                if item[0] in ("archive", "whole"):
                    self.write(f"{module['name']}-{index}.a", elf.archive(members))
                for name, data, _ in members:
                    self.write(name, data)

    def write(self, name, data):
        with open(f"{self.folder}/{name}", "wb") as out:
            out.write(data)

    def commands(self, module, linker):
        """The command lines (without the linker) that make a module, in order: (output, arguments)."""
        commands, place = [], linker.name
        name, line = module["name"], []
        for index, item in enumerate(module["inputs"]):
            kind = item[0]
            if kind == "library":
                line += ["--as-needed"] if item[2] else []
                line.append(f"{place}/lib{item[1]}.so")
                line += ["--no-as-needed"] if item[2] else []
                continue
            objects = [f"o{one['id']}.o" for one in item[1]]
            if kind == "object":
                line += objects
            elif kind == "archive":
                line.append(f"{name}-{index}.a")
            elif kind == "whole":
                line += ["--whole-archive", f"{name}-{index}.a", "--no-whole-archive"]
            elif kind == "start-lib":
                if linker.has_start_lib:
                    line += ["--start-lib", *objects, "--end-lib"]
                else:  # an archive of the same objects
                    path = f"{name}-{index}.a"
                    members = [(f"o{one['id']}.o", *programs.write_object(one)) for one in item[1]]
                    self.write(path, elf.archive(members))
                    line.append(path)
            elif kind == "joined":
                joined = f"{place}/{name}-{index}.o"
                commands.append((joined, ["-r", "-o", joined, *objects]))
                line.append(joined)
        arguments = list(module["args"])
        if module["script"]:
            arguments.append(f"--version-script={name}.map")
        if name != "main":
            output = f"{place}/lib{name}.so"
            arguments += ["-shared", "-soname", f"lib{name}.so"]
        else:
            output = f"{place}/main"
            if self.program["kind"] == "static":
                arguments.append("-static")
            else:
                arguments += ["-pie"] if self.program["kind"] == "pie" else []
                # A loader for a program without a dynamic section would only crash (lld writes such).
                if self.program["kind"] == "pie" or any(item[0] == "library" for item in module["inputs"]):
                    arguments += ["-dynamic-linker", LOADER]
            arguments += [f"-rpath-link={place}"]
        # GNU ld looks at an archive once, the others until nothing is missing; a group makes them equal.
        # (lld refuses --start-lib inside of one.)
        if linker.needs_group:
            line = ["--start-group", *line, "--end-group"]
        commands.append((output, [*arguments, "-o", output, f"{name}-start.o", *line, "end.o"]))
        return commands


def run(folder, place):
    """(exit status, output) of a linked program."""
    try:
        done = subprocess.run([f"{folder}/{place}/main"], cwd=folder, capture_output=True, timeout=20,
                              env={"LD_LIBRARY_PATH": f"{folder}/{place}"}, close_fds=False, check=False)
    except subprocess.TimeoutExpired:
        return "no end", b"", ""
    except OSError as error:
        return f"not started: {error.strerror}", b"", ""
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def decode(program, output):
    """What a program wrote: ({(object, reference): (address class, number)}, orders, logs)."""
    objects = {one["id"]: (module["name"], one) for module in program["modules"] for item in module["inputs"]
               if item[0] != "library" for one in item[1]}
    results, order, lists, classes = {}, [], {}, {}
    at = 0

    def word():
        nonlocal at
        value, = struct.unpack_from("<I", output, at)
        at += 4
        return value

    try:
        while at < len(output):
            mark = word()
            if mark & 0xFFFF0000 == programs.OBJECT_MARK:
                number = mark & 0xFFFF
                order.append(number)
                for index, reference in enumerate(objects[number][1]["references"]):
                    address, = struct.unpack_from("<Q", output, at)
                    at += 8
                    if address >= 0x100000 and reference["how"] != "call":
                        address = f"&{classes.setdefault(address, len(classes))}"
                    results[number, index] = (address, word())
            elif mark & 0xFFFF0000 in (programs.LOG_MARK, programs.TABLE_MARK):
                count = word()
                lists[mark] = list(struct.unpack_from(f"<{count}I", output, at))
                at += 4 * count
            else:
                return None
    except (struct.error, KeyError):
        return None
    return results, order, lists
