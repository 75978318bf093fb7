#!/bin/bash
# Absolute addresses in read-only code of a PIE or a library: a warning that names the section, and
# a program that runs. GNU ld and mold do the same; lld has -z text as its default.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl own, other, call, indirect
own: movabs $val, %rax
  ret
other: movabs $ext, %rax
  ret
call: movabs $fn, %rax
  ret
indirect: movabs $chosen, %rax
  ret
.type chosen, @gnu_indirect_function
chosen: lea real(%rip), %rax
  ret
real: return 5
.data
val: .long 5
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
echo 'int ext = 5; int fn(void) { return 5; }' >l.c
gcc -shared -fPIC l.c -o libl.so
cat >g.c <<'END'
extern int ext; int fn(void);
int *own(void), *other(void), (*call(void))(void), (*indirect(void))(void);
int get(void) {
  if (call() != fn || other() != &ext) return 1;
  return *own() + *other() + call()() + indirect()() - 20;
}
END
gcc -fPIC -c g.c
echo 'int get(void); int main(void) { return get(); }' >m.c
$CC -fPIE -pie m.c g.o a.o ./libl.so -o m 2>err
./m
grep -q "warning: a\.o:(\.text).*$R_WORD.*in a read-only section" err
grep -q 'warning: m: .*DT_TEXTREL.*-fPIE' err
grep -q 'IFUNC' err
shows '\(TEXTREL\)' readelf -d m
shows 'FLAGS.*TEXTREL' readelf -d m

$CC -shared g.o a.o ./libl.so -o libg.so 2>err
[ "$(grep -c warning: err)" = 2 ]
shows '\(TEXTREL\)' readelf -d libg.so
$CC -fPIE -pie m.c ./libg.so ./libl.so -Wl,-z,text -o n
./n

expect_fail $CC -fPIE -pie m.c g.o a.o ./libl.so -Wl,--fatal-warnings -o f
expect_fail $CC -fPIE -pie m.c g.o a.o ./libl.so -Wl,-z,text -o f
says "$R_WORD against ext"
[ ! -e f ]
# 32 bits cannot be relocated at run time.
echo '.globl f; f: return val; .data; val: .long 1' | as -o narrow.o
expect_fail $CC -shared narrow.o -Wl,-z,notext -o libn.so
says "R_X86_64_32 .*-fPIC"
