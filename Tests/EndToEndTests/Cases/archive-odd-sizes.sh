#!/bin/bash
# Members at every alignment: text files of odd sizes between the objects.
. "$(dirname "$0")/../prelude.sh"

echo 'int bar(void) { return 3; }' >bar.c
echo 'int bar(void); int main(void) { return bar() - 3; }' >m.c
gcc -c bar.c m.c
for pad in 1 2 3 4 5; do
  head -c $pad /dev/zero | tr '\0' x >pad.txt
  rm -f libbar.a
  ar rcS libbar.a pad.txt bar.o
  $CC m.o libbar.a -o m
  ./m
done
