#!/bin/bash
# .ctors and .init_array of one priority run in the order of the files, those with numbers before them
# by priority and then by name, as with GNU ld's default script; so do .dtors and .fini_array.
. "$(dirname "$0")/../prelude.sh"

word=.quad
[ $BITS = 64 ] || word=.long
# entry SECTION NUMBER… : assembly that puts words into a section.
entry() {
  local name=$1
  shift
  printf '.section %s,"aw"\n' $name
  for number; do printf "$word 0x%s\n" $number; done
}
{ entry .ctors 11 12; entry .init_array 13; entry .ctors.65434 14; entry .dtors 51; entry .init_array.00200 15; } >1.s
{ entry .init_array 21; entry .init_array.101 22; entry .fini_array 52; entry .ctors 23; } >2.s
{ entry .ctors 31; entry .ctors.65335 32; entry .init_array.200 33; entry .dtors 53; entry .ctors.65535 34; } >3.s
for n in 1 2 3; do as $n.s -o $n.o; done
words() { contents out $1 | fold -w $((BITS / 4)) | cut -c1-2 | tr '\n' ' '; }
# agree FILE… : in the same order as GNU ld.
agree() {
  ld.bfd -e 0 "$@" -o out
  want="$(words .init_array) $(words .fini_array)"
  $SWOLD -e 0 "$@" -o out
  [ "$(words .init_array) $(words .fini_array)" = "$want" ]
}
agree 1.o 2.o 3.o
[ "$want" = "34 14 22 32 15 33 12 11 13 21 23 31  51 52 53 " ]
agree 3.o 2.o 1.o
has_no_section out .ctors

# The lists of an old crtbegin.o and crtend.o stay what they were, and stand around all others.
{ entry .ctors 91; entry .dtors 92; entry .init_array 93; } | as -o crtbeginS.o
{ entry .ctors 94; entry .dtors 95; } | as -o crtend.o
agree crtend.o 1.o crtbeginS.o 2.o
[ "$(words .ctors) $(words .dtors)" = "91 94  92 95 " ]
ld.bfd -e 0 crtend.o 1.o crtbeginS.o 2.o -o out
[ "$(words .ctors) $(words .dtors)" = "91 94  92 95 " ]

# Not a priority, whatever the number is.
entry .ctors.-9223372036854775800 96 | as -o 4.o
entry .ctors.99999999999999999999 97 | as -o 5.o
$SWOLD -e 0 4.o 5.o 1.o -o out
