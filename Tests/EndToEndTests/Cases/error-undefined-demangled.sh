#!/bin/bash
# C++ names are demangled, unless --no-demangle.
. "$(dirname "$0")/../prelude.sh"

echo 'namespace ns { int f(int, char *); } int main() { return ns::f(1, nullptr); }' >m.cc
g++ -c m.cc
expect_fail $CXX m.o -o m
says 'ns::f\(int, char ?\*\)'
expect_fail $CXX m.o -Wl,--no-demangle -o m
says '_ZN2ns1fEiPc'
