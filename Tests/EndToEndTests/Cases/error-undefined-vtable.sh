#!/bin/bash
# An undefined table of a class: the message says which function makes it, and names candidates that
# are undefined, too.
. "$(dirname "$0")/../prelude.sh"

cat >v.cc <<'END'
struct V { virtual ~V(); virtual void f(); void g(); };
namespace ns { template <class T> struct Box { virtual void h(T); void k(); }; extern template struct Box<int>; }
V *make() { V *v = new V; v->g(); return v; }
int main() { make(); ns::Box<int> b; b.k(); }
END
g++ -c v.cc
expect_fail $CXX v.o -o m
says 'undefined symbol: vtable for V$'
says 'hint: define the key function of V, its first virtual function .* may be V::g\(\), which is undefined, too'
says 'undefined symbol: vtable for ns::Box<int>$'
says 'hint: define the key function of ns::Box<int>.* may be ns::Box<int>::k\(\), which is undefined, too'

# Nothing else is undefined of the class. The same for type information; thunks say what they are.
printf 'struct W { virtual ~W(); virtual int f(); };\nW *make() { return new W; }\nint main() { make(); }\n' >w.cc
g++ -c w.cc
expect_fail $CXX w.o -o m
says 'hint: define the key function of W, its first virtual function that is neither pure nor inline$'
printf '.globl main\nmain: .quad _ZTI1X, _ZThn16_N1X1fEv, _ZTT1X\n' | as -o x.o
expect_fail $CXX -no-pie x.o -o m
says 'hint: define the key function of X, .*, and compile it with -frtti'
says 'hint: a thunk is in the file that defines the virtual function'
[ "$(grep -c 'hint:' "$ERR")" = 3 ]
