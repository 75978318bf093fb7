#!/bin/bash
# What another object says of the visibility of `foo` is none of `foo@V1`, though `.symver foo, foo@V1`
# lets references to `foo` in this library reach it: the old version stays exported. (lld, always;
# GNU ld, if the other object comes first)
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

printf '.globl foo\n.type foo, @function\nfoo: mov $7, %%eax\nret\n.symver foo, foo@V1\n' | as -o old.o
for visibility in hidden protected; do
  printf '.weak foo\n.%s foo\nfoo: mov $1, %%eax\nret\n' $visibility | as -o definition.o
  printf '.%s foo\n.globl call_foo\ncall_foo: jmp foo\n' $visibility | as -o reference.o
  for script in 'V1 { global: call_foo; };' 'V1 { global: foo; call_foo; };'; do
    echo "$script" >map
    for objects in 'old.o definition.o' 'definition.o old.o' 'old.o reference.o' 'reference.o old.o'; do
      $SWOLD -shared $objects --version-script map -soname libl.so -o libl.so
      [ "$(readelf --dyn-syms -W libl.so | awk '$8 ~ /^foo/ { print $5, $6, $8 }')" = 'GLOBAL DEFAULT foo@V1' ] \
        || fail "$visibility, $script, $objects"
      sane libl.so
    done
    # A reference that wants what is here gets it, whatever the program calls foo.
    echo 'int call_foo(void); int foo(void) { return 9; } int main(void) { return call_foo() != 7; }' >m.c
    $CC m.c libl.so -Wl,--export-dynamic-symbol=foo -Wl,-rpath,. -o m
    ./m
  done
done
