#!/bin/bash
# What single options change in the output, looked at with readelf.
. "$(dirname "$0")/../prelude.sh"

dynamic() { readelf -dW "$1"; }
lacks() { # PATTERN COMMAND…
  local pattern=$1
  shift
  "$@" >lacks.out
  ! grep -E -- "$pattern" lacks.out || fail "a line matches '$pattern': $*"
}

# --- References that nobody defines.
echo 'extern int absent(void), gone(void); int main(void) { return absent() + gone(); }' >u.c
gcc -c u.c
expect_fail $CC u.o -o u -Wl,--ignore-unresolved-symbol=absent
says 'undefined (symbol|reference).*gone'
! grep -q 'absent' "$ERR" || fail "absent is reported"
$CC u.o -o u -Wl,--ignore-unresolved-symbol=absent,--ignore-unresolved-symbol=gone

# --- Exports of a program.
cat >e.c <<'END'
int one_a, one_b, other; int main(void) { return one_a + one_b + other; }
END
gcc -c e.c
printf '{ one_*; };\n' >list
$CC e.o -o e -Wl,--export-dynamic-symbol-list=list
shows ' one_a$' readelf --dyn-syms -W e
shows ' one_b$' readelf --dyn-syms -W e
lacks ' other$' readelf --dyn-syms -W e

# --- What a library binds to itself: in .rela.dyn and .rela.plt is what it leaves to others.
cat >b.cc <<'END'
#include <typeinfo>
struct Plain { virtual ~Plain(); virtual int f(); };
Plain::~Plain() {}
int Plain::f() { return 1; }
int strong() { return 2; }
__attribute__((weak)) int weak() { return 3; }
int data = 4;
__attribute__((weak)) int weak_data = 5;
int *pointer = &data, *weak_pointer = &weak_data;
int caller() { return strong() + weak(); }
const std::type_info &info() { return typeid(Plain); }
END
g++ -fPIC -O0 -c b.cc
names() { readelf -rW "$1" | awk '$3 ~ /^R_/ && $5 ~ /^_?[a-zA-Z]/ { print $5 }' | sed 's/@.*//' | sort -u; }
names_of() { $CXX -shared "$@" b.o -o b.so && names b.so; }
has() { grep -qx -- "$1" now || { cat now; fail "$1 is not left to others"; }; }
has_not() { ! grep -qx -- "$1" now || { cat now; fail "$1 is left to others"; }; }
names_of >now
has _Z6strongv && has _Z4weakv && has data && has weak_data
names_of -Wl,--Bsymbolic-non-weak >now
has_not _Z6strongv && has _Z4weakv && has_not data && has weak_data
names_of -Wl,--Bsymbolic-non-weak-functions >now
has_not _Z6strongv && has _Z4weakv && has data && has weak_data
names_of -Wl,--dynamic-list-cpp-typeinfo >now
has_not _Z6strongv && has_not data && has _ZTI5Plain
names_of -Wl,--dynamic-list-cpp-new >now
has_not _Z6strongv && has_not _ZTI5Plain

# --- Values where dynamic relocations apply: RELA does not need them.
echo 'int v; int *p = &v; int main(void) { return *p; }' >r.c
gcc -fPIE -c r.c
value_of_p() {
  local address offset
  address=$(readelf -sW "$1" | awk '$8 == "p" { print $2 }')
  offset=$(readelf -SW "$1" | sed 's/^ *\[ *//' | awk '$2 == ".data" { print $4, $5 }')
  set -- "$1" $offset
  od -An -tx8 -j $((0x$address - 0x$2 + 0x$3)) -N 8 "$1" | tr -d ' '
}
address_of() { readelf -sW "$1" | awk -v n="$2" '$8 == n { print $2 }'; }
$CC -pie r.o -o r -Wl,--apply-dynamic-relocs
[ "$(value_of_p r)" = "$(address_of r v)" ]
./r
$CC -pie r.o -o r -Wl,--no-apply-dynamic-relocs
[ "$(value_of_p r)" = 0000000000000000 ]
./r

# --- Dynamic relocations that name one symbol stand together, or as the inputs have them.
echo 'extern int first, second; int *pointers[] = {&first, &second, &first};' >o.c
gcc -fPIC -c o.c
order() { $CC -shared -nostdlib o.o -o o.so "$@" && readelf -rW o.so | awk '$3 ~ /^R_/ { printf "%s ", $5 }'; }
[ "$(order)" = 'first first second ' ]
[ "$(order -Wl,-z,nocombreloc)" = 'first second first ' ]

# --- Marks for the loader.
echo 'int f(void) { return 1; }' >f.c
gcc -fPIC -c f.c
while read -r keyword mark; do
  $CC -shared f.o -o f.so -Wl,-z,$keyword
  shows "FLAGS_1.*\b$mark\b" readelf -dW f.so
done <<'END'
nodlopen NOOPEN
nodump NODUMP
nodefaultlib NODEFLIB
initfirst INITFIRST
interpose INTERPOSE
global GLOBAL
nodelete NODELETE
origin ORIGIN
END
$CC -shared f.o -o f.so -Wl,-z,nognustack
lacks GNU_STACK readelf -lW f.so
$CC -shared f.o -o f.so -Wl,-z,execstack
shows 'GNU_STACK.* RWE ' readelf -lW f.so
printf '.section .note.GNU-stack,"x",@progbits\n' >x.s
gcc -c x.s
$CC -shared f.o x.o -o f.so -Wl,-z,execstack-if-needed
shows 'GNU_STACK.* RWE ' readelf -lW f.so
$CC -shared f.o -o f.so -Wl,-z,execstack-if-needed
shows 'GNU_STACK.* RW  ' readelf -lW f.so
for level in x86-64-baseline x86-64-v2 x86-64-v3 x86-64-v4; do
  $CC -shared f.o -o f.so -Wl,-z,$level
  shows "x86 ISA needed: .*$level" readelf -nW f.so
done

# --- The build's own notes and tables.
$CC -shared f.o -o f.so -Wl,--package-metadata='{"name":"a%20b"}'
shows 'Packaging Metadata: \{"name":"a b"\}' readelf -nW f.so
$CC -shared f.o -o f.so -Wl,--no-eh-frame-hdr
lacks GNU_EH_FRAME readelf -lW f.so
$CC -shared f.o -o f.so -Wl,--eh-frame-hdr
shows GNU_EH_FRAME readelf -lW f.so

# --- Messages.
$CC -shared f.o x.o -o f.so -Wl,--warn-execstack 2>err
grep -q 'x.o: requires an executable stack' err
$CC -shared f.o x.o -o f.so -Wl,--no-warn-execstack 2>err
[ ! -s err ]
gcc -fcf-protection=none -fPIC -c f.c -o plain.o
gcc -fcf-protection=full -fPIC -c f.c -o full.o
$CC -nostdlib -shared full.o -o f.so -Wl,-z,cet-report=warning 2>err
[ ! -s err ]
$CC -nostdlib -shared plain.o -o f.so -Wl,-z,cet-report=warning 2>err
grep -q 'plain.o.*IBT' err
grep -q 'plain.o.*SHSTK' err
expect_fail $CC -nostdlib -shared plain.o -o f.so -Wl,-z,cet-report=error
says 'plain.o'
expect_fail $CC u.o -o u -Wl,--color-diagnostics
grep -q $'\e\\[' "$ERR" || fail "no colours"
expect_fail $CC u.o -o u -Wl,--color-diagnostics=never
! grep -q $'\e\\[' "$ERR" || fail "colours"
echo 'namespace N { int f(int); } int main() { return N::f(1); }' >n.cc
expect_fail $CXX n.cc -o n -Wl,--demangle
says 'N::f\(int\)'
expect_fail $CXX n.cc -o n -Wl,--no-demangle
says '_ZN1N1fEi'

# --- What is not done says so.
$CC f.o -shared -o f.so -Wl,--ld-generated-unwind-info 2>err
grep -q 'warning: --ld-generated-unwind-info has no effect' err
$CC f.o -shared -o f.so -Wl,-z,extern-protected-data 2>err
grep -q 'warning: -z extern-protected-data has no effect' err
