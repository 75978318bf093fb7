#!/bin/bash
# Under a build that counts its jobs a link takes as many threads as there are free jobs, and gives
# them back, however it ends.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
# Large enough that a link of its own accord shares its work.
head -c 20000000 /dev/zero >zeros
printf '.globl _start\n_start: .incbin "zeros"\n' >big.s
gcc -c big.s
printf '.section .text.f%d,"ax"\n.globl f%d\nf%d: call f%d\n' 1 1 1 1 >f.s
for i in $(seq 2 3000); do printf '.section .text.f%d,"ax"\n.globl f%d\nf%d: call f%d\n' $i $i $i $((i - 1)); done >>f.s
gcc -c f.s
workers() { awk '$4 == "total" { print $3 }' "$1"; }
processors=$(nproc)

mkfifo server
exec 5<>server
# jobs_left: how many jobs the server has, which stay there.
jobs_left() {
  local text=
  read -r -t 0.1 -u 5 -N 100 text || true
  printf %s "$text" >&5
  echo ${#text}
}

# With N free jobs a link has at most N + 1 threads, and at most as many as there are processors.
for free in 0 1 40; do
  printf '%*s' $free '' | tr ' ' + >&5
  export MAKEFLAGS=" -j$free --jobserver-auth=fifo:$PWD/server"
  $SWOLD big.o f.o --perf -o out 2>perf
  most=$((free + 1 < processors ? free + 1 : processors))
  [ "$(workers perf)" -le $most ] || { cat perf; fail "$(workers perf) threads with $free free jobs"; }
  [ "$(jobs_left)" = $free ] || fail "of $free jobs $(jobs_left) came back"
  # An error gives them back, too.
  expect_fail $SWOLD big.o f.o -o no/such/folder
  [ "$(jobs_left)" = $free ] || fail "of $free jobs $(jobs_left) came back after an error"
  [ $free = 0 ] || read -r -u 5 -N $free
done

# --threads is an order; nothing is asked. (A thread that wakes late may find nothing left to do.)
for i in $(seq 30); do
  $SWOLD big.o f.o --threads=3 --perf -o out 2>perf
  [ "$(workers perf)" != 3 ] || break
done
[ "$(workers perf)" = 3 ]

# The signal that ends a link gives them back: it hangs in a pipe that nobody reads.
printf ++++++++ >&5
mkfifo report
exec 6<>report
$SWOLD big.o f.o --no-fork -M -o out >report 2>err &
link=$!
for i in $(seq 300); do
  [ "$(cat /proc/$link/wchan 2>/dev/null)" != pipe_write ] || break
  sleep 0.1
done
kill -TERM $link
code=0
wait $link || code=$?
[ $code = 143 ] || fail "exit code $code"
[ "$(jobs_left)" = 8 ] || fail "of 8 jobs $(jobs_left) came back after a signal"
exec 5>&- 6>&-

# What is no server counts as none: a plain file, closed descriptors, numbers below zero.
for value in "fifo:$PWD/big.o" 90,91 -2,-2 fifo: nonsense; do
  MAKEFLAGS="k -j4 --jobserver-auth=$value -- A=--jobserver-auth=3,4" $SWOLD big.o f.o -o out
done

# A real make: a recipe that calls make gets the pipe, another gets no descriptors.
cat >Makefile <<END
all: one two three
one two three:
	+$SWOLD big.o f.o --perf -o \$@ 2>\$@.perf
four:
	$SWOLD big.o f.o -o \$@
END
unset MAKEFLAGS
make -s -j2 all four >make.out 2>&1 || { cat make.out; fail "make -j2"; }
for target in one two three; do
  cmp $target out
  [ "$(workers $target.perf)" -le 2 ] || fail "$target: $(workers $target.perf) threads under make -j2"
done
