#!/bin/bash
# swold-edit takes the command line of patchelf, under the name swold-patchelf, too, and prints what patchelf prints.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "one machine is enough for an option"
ln -s "$edit" swold-patchelf

echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
gcc -B/usr/bin -shared -fPIC f.c -Wl,-soname,libf.so.1 -o libf.so.1
gcc -B/usr/bin m.c libf.so.1 -o ours
cp ours theirs

# Each option with the same words for both; then they say the same of both files.
same() {
  ./swold-patchelf "$@" ours
  patchelf "$@" theirs
  for query in --print-rpath --print-needed --print-interpreter --print-soname; do
    ./swold-patchelf $query ours >a
    patchelf $query theirs >b
    diff a b
    patchelf $query ours >c
    diff b c
  done
}
same --set-rpath '$ORIGIN:/opt/some/where/else/and/a/bit/longer/than/that'
same --add-rpath /usr/lib
same --shrink-rpath
same --force-rpath --set-rpath /a:/b
shows '(RPATH)' readelf -dW ours
same --remove-rpath
same --add-needed librt.so.1 --add-needed libdl.so.2
same --remove-needed libdl.so.2
same --replace-needed libf.so.1 libf-0123456789abcdef.so.1
mv libf.so.1 libf-0123456789abcdef.so.1
same --set-soname ours.so
printf '$ORIGIN' >text
same --set-rpath @text
LD_LIBRARY_PATH=. ./ours
same --no-default-lib
shows NODEFLIB readelf -dW ours

"$edit" patchelf --set-rpath /x --output other ours libf-0123456789abcdef.so.1 2>err && fail "two inputs, one output"
grep -q -e "--output takes one input file" err
"$edit" patchelf --page-size 65536 ours 2>err && fail "an option that does nothing"
grep -q -e "'--page-size' is not taken" err
