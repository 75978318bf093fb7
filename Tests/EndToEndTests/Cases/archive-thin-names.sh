#!/bin/bash
# GNU ar leaves a `/` at the end of the name's field in a thin archive if the file's name has 15
# characters: `/23            /`. Members with names of any length link, also from an archive in it.
. "$(dirname "$0")/../prelude.sh"

mkdir sub
for length in {3..20}; do
  name=$(printf "f%0$((length - 3))d" 0).o
  [ ${#name} = $length ] || name=$(printf 'f.o')
  echo "int value$length(void) { return $length; }" >f.c
  gcc -c f.c -o "sub/$name"
  echo "int value$length(void);" >>m.c
done
{ printf 'int main(void) { return '; printf 'value%d() + ' {3..20}; echo '-207; }'; } >>m.c
gcc -c m.c
ar rcsT sub/libvalues.a sub/*.o
grep -qaE '^/[0-9]+ +/' sub/libvalues.a || skip "this ar writes other names"
$CC m.o sub/libvalues.a -o m
./m
ar rcsT libouter.a sub/libvalues.a
$CC m.o libouter.a -o m2
./m2
