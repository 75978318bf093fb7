#!/bin/bash
# A C++ program with iostreams, which have global constructors.
. "$(dirname "$0")/../prelude.sh"

cat >h.cc <<'END'
#include <iostream>
#include <string>
int main() { std::string who = "world"; std::cout << "hello " << who << std::endl; }
END
both g++ h.cc
[ "$(cat both.out)" = "hello world" ]
