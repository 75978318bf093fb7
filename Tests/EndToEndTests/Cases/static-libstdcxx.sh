#!/bin/bash
# Exceptions with the C++ runtime linked statically into a dynamic program.
. "$(dirname "$0")/../prelude.sh"

cat >e.cc <<'END'
#include <iostream>
#include <stdexcept>
int main() { try { throw std::out_of_range("far"); } catch (std::logic_error &e) { std::cout << e.what() << "\n"; } }
END
both g++ -static-libstdc++ -static-libgcc e.cc
[ "$(cat both.out)" = far ]
lacks 'NEEDED.*(stdc|gcc_s)' readelf -d both
