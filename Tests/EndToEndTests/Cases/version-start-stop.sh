#!/bin/bash
# A reference with a version, such as __start_x@V, does not mean the boundary of section x, which the
# linker defines without one: nobody defines it. (GNU ld, lld)
. "$(dirname "$0")/../prelude.sh"

printf '.section x,"aw"\n.quad 1\n.text\n.globl _start\n_start: ret\n.data\n.quad __start_x\n' |
  as -o plain.o
$SWOLD plain.o -o plain
printf '.section x,"aw"\n.quad 1\n.text\n.globl _start\n_start: ret\n.symver __start_x, __start_x@V\n.data\n.quad __start_x\n' |
  as -o versioned.o
expect_fail $SWOLD versioned.o -o versioned
says '__start_x'
says 'versioned\.o'
