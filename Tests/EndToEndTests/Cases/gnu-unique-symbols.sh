#!/bin/bash
# Unique symbols of inline functions are one over program and libraries.
. "$(dirname "$0")/../prelude.sh"

printf 'template <class T> struct S { static int n; }; template <class T> int S<T>::n = 0;\n' >f.h
printf '#include "f.h"\nint *where() { return &S<int>::n; }\n' >l.cc
printf '#include "f.h"\nint *where(); int main() { return where() != &S<int>::n; }\n' >m.cc
$CXX -shared -fPIC l.cc -o libl.so
$CXX m.cc ./libl.so -o m
./m
shows 'UNIQUE .* _ZN1SIiE1nE' readelf -W --dyn-syms libl.so
shows 'OS/ABI: *UNIX - GNU' readelf -h libl.so
sane libl.so m
