#!/bin/bash
# A link that is interrupted while a compiler works takes the compiler and its files with it.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
export TMPDIR=$PWD/tmp && mkdir tmp
echo 'int main(void) { return 0; }' >m.c
gcc -flto -c m.c
# A compiler that does not come to an end.
printf '#!/bin/sh\ntouch $TMPDIR/x.o; echo $$ >%s/pid; exec sleep 100\n' "$PWD" >wrapper && chmod +x wrapper
plugin=$(gcc -print-file-name=liblto_plugin.so)
export COLLECT_GCC=gcc COLLECT_GCC_OPTIONS=
for signal in TERM INT; do
  rm -f pid
  # A background job of a script ignores SIGINT, which is no test of it.
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])' \
    $SWOLD -plugin $plugin -plugin-opt=$PWD/wrapper \
    -plugin-opt=-fresolution=$PWD/resolution m.o -o m 2>log &
  link=$!
  for i in $(seq 100); do [ -s pid ] && break; sleep 0.1; done
  [ -n "$(ls tmp)" ]
  kill -$signal $link
  code=0; wait $link || code=$?
  [ $code != 0 ]
  for i in $(seq 50); do [ -z "$(ls tmp)" ] && ! kill -0 "$(cat pid)" 2>/dev/null && break; sleep 0.1; done
  [ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"
  ! kill -0 "$(cat pid)" 2>/dev/null || fail "the compiler is still there"
  [ ! -e m ]
done
