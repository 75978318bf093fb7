#!/bin/bash
# Profiles and remarks in link-time optimization by LLVM's plugin.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

cat >p.c <<'END'
#include <stdio.h>
int g(int x) { return x > 2 ? x * 2 : x + 1; }
int main(int c, char **v) { (void)v; for (int i = 0; i < c + 9; i++) printf("%d\n", g(i)); return 0; }
END
clang-19 -O2 -flto -fcs-profile-generate -c p.c -o counted.o
clang-19 -O2 -g -fdebug-info-for-profiling -flto -c p.c
# Counters that count after inlining.
counters() { $CLANG -flto p.o -o p -Wl,--lto-obj-path=kept.o "$@" && count '__profc_' nm kept.o; }
[ "$(counters)" = 0 ]
[ "$(counters -Wl,--lto-cs-profile-generate)" -gt 0 ]
# What they counted is told in remarks; these have a format, and may be those of what is hot only.
$CLANG -O2 -flto counted.o -o p -fcs-profile-generate && LLVM_PROFILE_FILE=p.profraw ./p >out
llvm-profdata-19 merge p.profraw -o p.profdata
remarks() {
  local pattern=$1
  shift
  rm -f r
  $CLANG -flto p.o -o p -Wl,--opt-remarks-filename=r "$@" && count "$pattern" cat r
}
hot=-Wl,--opt-remarks-with-hotness
used=-Wl,--lto-cs-profile-file=p.profdata
[ "$(remarks ^Hotness: $hot)" = 0 ]
[ "$(remarks ^Hotness: $hot $used)" -gt 0 ]
[ "$(remarks ^Hotness: $used)" = 0 ]
[ "$(remarks ^Pass: $hot $used -Wl,--opt-remarks-hotness-threshold=1)" -gt 0 ]
[ "$(remarks ^Pass: $hot $used -Wl,--opt-remarks-hotness-threshold=100000)" = 0 ]
expect_fail remarks . -Wl,--lto-cs-profile-file=absent.profdata
says 'absent.profdata'
[ "$(remarks ^Pass: -Wl,--opt-remarks-format=yaml)" -gt 0 ]
expect_fail remarks . -Wl,--opt-remarks-format=bogus
says "Unknown remark format: 'bogus'"
# A sampled profile, which ThinLTO reads when it links.
printf 'main:1000:10\n 0: 10\n' >s.prof
clang-19 -O2 -g -fdebug-info-for-profiling -flto=thin -c p.c
$CLANG -flto=thin p.o -o p -Wl,--lto-sample-profile=s.prof,--save-temps
shows 'ProfileFormat", !"SampleProfile"' llvm-dis-19 p.o.4.opt.bc -o -
