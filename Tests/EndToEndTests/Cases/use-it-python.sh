#!/bin/bash
# Python's setuptools builds an extension with swold: under -run, and by COMPILER_PATH.
# machines: x86_64 (runs compilers and linkers of the host)
. "$(dirname "$0")/../prelude.sh"

python3 -c 'import setuptools, sysconfig, os; assert os.path.exists(sysconfig.get_path("include") + "/Python.h")' ||
  skip "no setuptools or no Python.h"
cat >seven.c <<'END'
#include <Python.h>
static PyObject *seven(PyObject *m, PyObject *a) { return PyLong_FromLong(7); }
static PyMethodDef methods[] = {{"seven", seven, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "seven", 0, -1, methods};
PyMODINIT_FUNC PyInit_seven(void) { return PyModule_Create(&module); }
END
cat >setup.py <<'END'
from setuptools import setup, Extension
setup(name="seven", version="1", ext_modules=[Extension("seven", ["seven.c"])])
END
for how in "$SWOLD -run" "env COMPILER_PATH=$LD_DIR"; do
  $how python3 setup.py --quiet build_ext --inplace >log 2>&1 || { cat log; fail build; }
  python3 -c 'import seven; assert seven.seven() == 7'
  "$SWOLD" --linked-by seven*.so
  rm -r build seven*.so
done
