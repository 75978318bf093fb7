#!/bin/bash
# etext, edata, end and their kin enclose what they should.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
extern char etext, _etext, edata, _edata, end, _end, __bss_start;
extern char __executable_start, __ehdr_start;
int data = 1;
char bss[100];
int main(void) {
  char *p = (char *)&data, *code = (char *)main;
  if (__ehdr_start != 0x7f || __executable_start != 0x7f) return 1;
  if (code < &__executable_start || code >= &etext) return 2;
  if (&etext != &_etext || &edata != &_edata || &end != &_end) return 3;
  if (p >= &edata || &edata > &__bss_start || bss < &__bss_start || bss + 100 > &end) return 4;
  return 0;
}
END
for kind in '-fPIE -pie' '-fno-pie -no-pie' '-fno-pie -static' '-fPIE -static-pie'; do
  supports $kind || continue
  $CC $kind m.c -o m
  ./m || fail "$kind"
done
sane m
