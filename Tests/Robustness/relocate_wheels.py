#!/usr/bin/env python3
"""Wheels are relocated with swold-edit in place of patchelf, and still import.

    relocate_wheels.py SWOLD_EDIT [FOLDER...]

A wheel with an extension module and a library of its own is made and repaired by auditwheel, if it is installed: it
finds swold-edit under the name of patchelf. Each FOLDER is an unpacked wheel, or several: every library that it brings
gets another name, as auditwheel gives it, in its soname, in all that need it and in the file system, every file gets a
longer run path, and its packages are imported. Prints a line for each; the exit code is 1 if one fails.
"""

import os, re, shutil, subprocess, sys, sysconfig, tempfile

MODULE = """
#include <Python.h>
int helper(int);
static PyObject *twice(PyObject *s, PyObject *a) { return PyLong_FromLong(helper((int)PyLong_AsLong(a))); }
static PyMethodDef methods[] = {{"twice", twice, METH_O, 0}, {0, 0, 0, 0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "wheelmade", 0, -1, methods};
PyMODINIT_FUNC PyInit_wheelmade(void) { return PyModule_Create(&module); }
"""


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=600, **options)


def repaired(editor, scratch):
    """What `auditwheel repair` makes of a wheel that needs a library from elsewhere; nil if it cannot be tried."""
    if not shutil.which("auditwheel"):
        return None
    path = lambda *names: os.path.join(scratch, *names)
    os.makedirs(path("lib"))
    os.makedirs(path("wheel", "wheelmade-1.0.dist-info"))
    with open(path("m.c"), "w") as file:
        file.write(MODULE)
    with open(path("h.c"), "w") as file:
        file.write("int helper(int x) { return 2 * x; }\n")
    compile = ["gcc", "-B/usr/bin", "-shared", "-fPIC"]
    extension = path("wheel", "wheelmade" + sysconfig.get_config_var("EXT_SUFFIX"))
    subprocess.check_call([*compile, path("h.c"), "-Wl,-soname,libhelper.so.1", "-o", path("lib", "libhelper.so.1")])
    subprocess.check_call([*compile, "-I", sysconfig.get_paths()["include"], path("m.c"), path("lib", "libhelper.so.1"), "-o", extension])
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    for name, lines in ("METADATA", "Metadata-Version: 2.1\nName: wheelmade\nVersion: 1.0\n"), (
            "WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}-{tag}-linux_x86_64\n"), (
            "RECORD", f"{os.path.basename(extension)},,\n"):
        with open(path("wheel", "wheelmade-1.0.dist-info", name), "w") as file:
            file.write(lines)
    wheel = f"wheelmade-1.0-{tag}-{tag}-linux_x86_64.whl"
    shutil.make_archive(path("w"), "zip", path("wheel"))
    os.rename(path("w.zip"), path(wheel))
    os.mkdir(path("bin"))
    os.symlink(editor, path("bin", "patchelf"))
    environment = dict(os.environ, PATH=path("bin") + ":" + os.environ["PATH"], LD_LIBRARY_PATH=path("lib"))
    result = run("auditwheel", "repair", "--plat", "manylinux_2_36_x86_64", "-w", path("out"), path(wheel), env=environment)
    if result.returncode != 0:
        return result.stderr
    made = os.listdir(path("out"))
    shutil.unpack_archive(path("out", made[0]), path("unpacked"), "zip")
    shutil.rmtree(path("lib"))
    result = run(sys.executable, "-c", "import wheelmade; assert wheelmade.twice(21) == 42", cwd=path("unpacked"))
    libraries = os.listdir(path("unpacked", "wheelmade.libs"))
    return result.stderr or ("" if re.match(r"libhelper-[0-9a-f]{8}\.so\.1", libraries[0]) else str(libraries))


def renamed(editor, folder, scratch):
    """Renames the libraries that a folder brings; returns the number of files, and a complaint."""
    tree = os.path.join(scratch, "tree")
    shutil.copytree(folder, tree, symlinks=True)
    edits, places = [], []
    for top, _, names in os.walk(tree):
        for name in names:
            if re.search(r"\.so(\.\d+)*$", name) and top.endswith(".libs") and not os.path.islink(os.path.join(top, name)):
                new = re.sub(r"\.so", "-0123456789abcdef-and-more.so", name, count=1)
                edits += ["-e", f"needed replace {name} {new} if-needed"]
                places.append((os.path.join(top, name), os.path.join(top, new)))
    for old, new in places:
        result = run(editor, "soname", os.path.basename(new), "-i", "--no-fsync", old)
        if result.returncode != 0:
            return 0, result.stderr
        os.rename(old, new)
    result = run(editor, "apply", *edits, "-e", f"rpath add /opt/{'x' * 200} if-needed", "--no-fsync", "-i", tree)
    if result.returncode != 0:
        return 0, result.stderr
    modules = sorted(n for n in os.listdir(tree) if os.path.exists(os.path.join(tree, n, "__init__.py")))
    modules += [n.split(".")[0] for n in os.listdir(tree) if n.endswith(".so")]
    probe = "import sys, importlib\nsys.path[:0] = sys.argv[1:2]\nfor name in sys.argv[2:]: importlib.import_module(name)"
    before = run(sys.executable, "-c", probe, folder, *modules)
    after = run(sys.executable, "-c", probe, tree, *modules)
    count = re.search(r"(\d+) files", result.stderr)
    # What cannot be imported before, for lack of another package, cannot afterwards.
    return int(count[1]) if count else 1, after.stderr[-300:] if after.returncode and not before.returncode else ""


def main():
    editor, *folders = map(os.path.abspath, sys.argv[1:])
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        complaint = repaired(editor, scratch)
        print("auditwheel:", "not installed" if complaint is None else complaint or "repaired, and imports")
        failed |= bool(complaint)
    for folder in folders:
        with tempfile.TemporaryDirectory() as scratch:
            count, complaint = renamed(editor, folder, scratch)
            print(f"{os.path.basename(folder)}: {complaint or f'{count} files edited, and it imports'}", flush=True)
            failed |= bool(complaint)
    sys.exit(failed)


if __name__ == "__main__":
    main()
