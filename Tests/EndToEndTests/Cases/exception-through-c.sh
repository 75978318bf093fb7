#!/bin/bash
# An exception passes a C function that was compiled with -fexceptions.
. "$(dirname "$0")/../prelude.sh"

cat >mid.c <<'END'
void mid(void (*f)(void)) { f(); f(); }
END
cat >m.cc <<'END'
extern "C" void mid(void (*)());
static int calls;
int main() {
  try { mid([] { if (++calls == 2) throw calls; }); } catch (int n) { return n != 2; }
  return 1;
}
END
gcc -fexceptions -c mid.c
$CXX m.cc mid.o -o m
./m
sane m
