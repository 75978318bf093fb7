#!/bin/bash
# extern "C++" patterns match demangled names.
. "$(dirname "$0")/../prelude.sh"

cat >l.cc <<'END'
namespace ns { void f(int) {} void g(int) {} struct S { void m(); }; void S::m() {} }
extern "C" void plain() {}
void hidden() {}
END
cat >v.map <<'END'
V1 {
  global:
    extern "C++" { "ns::f(int)"; ns::S::*; };
    extern "C" { plain; };
  local: *;
};
END
$CXX -shared -fPIC l.cc -Wl,--version-script=v.map -o libl.so
shows '_ZN2ns1fEi@@V1' nm -D libl.so
shows '_ZN2ns1S1mEv@@V1' nm -D libl.so
shows 'plain@@V1' nm -D libl.so
lacks '_ZN2ns1gEi|hidden' nm -D libl.so
