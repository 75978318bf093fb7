# How a case runs for another machine: SWOLD_TEST_MACHINE=aarch64 bash Cases/NAME.sh
#
# The prelude reads this file if SWOLD_TEST_MACHINE is set. Compilers, the assembler and the tools of
# that machine come first in PATH under their plain names, and what they link runs under QEMU's user
# emulation, by a library that is preloaded into the shell (foreign-exec.c). i386 runs by itself.
#
# A case that is for some machines only says so in a line before its first command, with the reason:
#
#     # machines: x86_64 i386 (a segment register holds the thread pointer)
#     # machines: -arm (ARM has tables of its own for exceptions)

# applies TEXT : whether a line `machines: TEXT` lets this machine in. Sets why_not.
applies() {
  why_not=${1#*\(}
  why_not=${why_not%)*}
  local word allowed= excluded=
  for word in ${1%%\(*}; do
    case $word in
      -*) excluded=1; [ "$word" != "-$MACHINE" ] || return 1 ;;
      "$MACHINE") allowed=1 ;;
    esac
  done
  [ -n "$allowed$excluded" ]
}

machines=$(sed -n '/^[^#]/q; s/^# machines: //p' "$0")
if [ -n "$machines" ] && ! applies "$machines"; then
  echo "not for $MACHINE: $why_not"
  exit 77
fi

# The folder of tools for $MACHINE, made once: plain names that call the tools of the machine.
make_tools() {
  local folder=$1 new=$1.$$ tool
  mkdir -p "$new"
  wrap() { printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"$new/$1"; chmod +x "$new/$1"; }
  for tool in gcc g++ cpp; do wrap $tool "$TOOLS$tool${GCC_FLAGS:+ $GCC_FLAGS}"; done
  wrap cc "$TOOLS"gcc"${GCC_FLAGS:+ $GCC_FLAGS}"
  wrap c++ "$TOOLS"g++"${GCC_FLAGS:+ $GCC_FLAGS}"
  for tool in ld ld.bfd; do wrap $tool "$TOOLS$tool -m $EMULATION"; done
  for tool in clang-19 clang++-19; do wrap $tool "/usr/bin/$tool --target=$TRIPLE${CLANG_FLAGS:+ $CLANG_FLAGS}"; done
  for tool in nm objdump objcopy strip ar ranlib addr2line size strings elfedit; do
    wrap $tool "$TOOLS$tool"
  done
  wrap as "${TOOLS}as${AS_FLAGS:+ $AS_FLAGS}"
  mv -T "$new" "$folder" 2>/dev/null || rm -rf "$new"  # another case was faster
}

# TLS_DIALECTS: compiler options for how thread-local variables are found; one for each way there is.
TLS_DIALECTS='-mtls-dialect=gnu -mtls-dialect=gnu2'
case $MACHINE in
  aarch64) TLS_DIALECTS='-mtls-dialect=trad -mtls-dialect=desc' ;;
  riscv64) TLS_DIALECTS=-fPIC ;;
esac

# Options for code that has whole addresses among its instructions; nothing: the machine has no such code.
case $MACHINE in
  x86_64 | aarch64) WHOLE_ADDRESSES='-fno-pic -mcmodel=large' ;;
  i386) WHOLE_ADDRESSES=-fno-pic ;;
  arm) WHOLE_ADDRESSES='-fno-pic -mword-relocations' ;;
  *) WHOLE_ADDRESSES= ;;
esac

# What readelf calls the relocations of the dynamic linker, what -m and OUTPUT_FORMAT call the machine.
case $MACHINE in
  x86_64)
    RELA=.rela BITS=64 EMULATION=elf_x86_64 R=R_X86_64_ BFD=elf64-x86-64 INTERPRETER=/lib64/ld-linux-x86-64.so.2
    R_WORD=${R}64 R_GLOB_DAT=${R}GLOB_DAT R_DTPMOD=${R}DTPMOD64 R_DTPOFF=${R}DTPOFF64 R_TPOFF=${R}TPOFF64
    R_TLSDESC=${R}TLSDESC
    return
    ;;
  i386)
    TOOLS=/usr/bin/ TRIPLE=i386-linux-gnu EMULATION=elf_i386 AS_FLAGS=--32
    GCC_FLAGS="-m32 -isystem /usr/include/x86_64-linux-gnu" CLANG_FLAGS="-isystem /usr/include/x86_64-linux-gnu"
    RELA=.rel BITS=32 R=R_386_ BFD=elf32-i386 INTERPRETER=/lib/ld-linux.so.2
    R_WORD=${R}32 R_GLOB_DAT=${R}GLOB_DAT R_DTPMOD=${R}TLS_DTPMOD32 R_DTPOFF=${R}TLS_DTPOFF32
    R_TPOFF=${R}TLS_TPOFF R_TLSDESC=${R}TLS_DESC
    ;;
  aarch64)
    TOOLS=/usr/bin/aarch64-linux-gnu- TRIPLE=aarch64-linux-gnu EMULATION=aarch64linux
    RELA=.rela BITS=64 R=R_AARCH64_ BFD=elf64-littleaarch64 INTERPRETER=/lib/ld-linux-aarch64.so.1
    R_WORD=${R}ABS64 R_GLOB_DAT=${R}GLOB_DAT R_DTPMOD="${R}TLS_DTPMOD(64)?" R_DTPOFF="${R}TLS_DTPREL(64)?"
    R_TPOFF="${R}TLS_TPREL(64)?" R_TLSDESC=${R}TLSDESC
    ;;
  riscv64)
    TOOLS=/usr/bin/riscv64-linux-gnu- TRIPLE=riscv64-linux-gnu EMULATION=elf64lriscv
    RELA=.rela BITS=64 R=R_RISCV_ BFD=elf64-littleriscv INTERPRETER=/lib/ld-linux-riscv64-lp64d.so.1
    R_WORD=${R}64 R_GLOB_DAT=${R}64 R_DTPMOD=${R}TLS_DTPMOD64 R_DTPOFF=${R}TLS_DTPREL64
    R_TPOFF=${R}TLS_TPREL64 R_TLSDESC=${R}TLSDESC
    ;;
  arm)
    TOOLS=/usr/bin/arm-linux-gnueabihf- TRIPLE=arm-linux-gnueabihf EMULATION=armelf_linux_eabi
    RELA=.rel BITS=32 R=R_ARM_ BFD=elf32-littlearm INTERPRETER=/lib/ld-linux-armhf.so.3
    R_WORD=${R}ABS32 R_GLOB_DAT=${R}GLOB_DAT R_DTPMOD=${R}TLS_DTPMOD32 R_DTPOFF=${R}TLS_DTPOFF32
    R_TPOFF=${R}TLS_TPOFF32 R_TLSDESC=${R}TLS_DESC
    ;;
  *)
    echo "no machine '$MACHINE': x86_64, i386, aarch64, riscv64 or arm" >&2
    exit 2
    ;;
esac

# The second time, with the tools and the library in place.
if [ -n "${SWOLD_MACHINE_TOOLS:-}" ]; then
  export PATH=$SWOLD_MACHINE_TOOLS:$PATH
  AS=$SWOLD_MACHINE_TOOLS/as
  [ "$MACHINE" = i386 ] || export LD_PRELOAD=${SWOLD_MACHINE_TOOLS%/*}/foreign-exec.so
  return
fi

folder=$(realpath -m "$TESTS/../../.build/test-machines")
mkdir -p "$folder"
exec {lock}>"$folder/lock"
flock $lock  # cases run side by side
[ "$folder/$MACHINE" -nt "$TESTS/Machines/machines.sh" ] || {
  rm -rf "$folder/$MACHINE"
  make_tools "$folder/$MACHINE"
}
exec {lock}>&-
library=$folder/foreign-exec.so
[ "$library" -nt "$TESTS/Machines/foreign-exec.c" ] || {
  gcc -O1 -shared -fPIC "$TESTS/Machines/foreign-exec.c" -o "$library.$$"
  mv "$library.$$" "$library"
}
export SWOLD_MACHINE_TOOLS=$folder/$MACHINE
[ "$MACHINE" = i386 ] || export LD_PRELOAD=$library
exec bash ${traced:+-x} "$0"
