#!/bin/bash
# What swold-edit has written stays a program that runs when GNU strip, objcopy, eu-strip, llvm-strip or patchelf write it
# anew, whichever linker made it: the program headers stay behind the ELF header.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the linkers are those of this machine"

printf '#include <stdio.h>\nint f(void);\nint main(void) { printf("%%d\\n", f()); return 0; }\n' >m.c
echo 'int f(void) { return 42; }' >f.c
long=/opt/$(printf 'a%.0s' {1..200})
links=$PWD/$(printf 'l%.0s' {1..60})
ln -s "$(realpath /lib64/ld-linux-x86-64.so.2)" "$links"

survives() {
  "$@" -g -shared -fPIC f.c -Wl,-soname,libf.so -o libf.so
  "$@" -g m.c -L. -lf -Wl,--build-id -o m
  "$edit" apply -e "rpath set $long" -e 'soname libanother-name-of-this-library.so.1' -o edited.so libf.so
  ln -sf edited.so libanother-name-of-this-library.so.1
  "$edit" apply -e "interp $links" -e "rpath set $PWD:$long" -e 'needed add librt.so.1' \
    -e 'needed replace libf.so libanother-name-of-this-library.so.1' -o edited m
  "$edit" lint edited
  shows '^ *Start of program headers: *64 ' readelf -hW edited
  shows '^ *Start of program headers: *64 ' readelf -hW edited.so
  shows '^42$' ./edited
  for tool in 'strip -o OUT' 'strip -g -o OUT' 'eu-strip -o OUT' 'llvm-strip-19 -o OUT' 'objcopy IN OUT' \
    'patchelf --add-needed libdl.so.2 --output OUT'; do
    for file in edited.so edited; do
      command=${tool/OUT/other.$file}
      case $command in *IN*) command=${command/IN/$file} ;; *) command="$command $file" ;; esac
      $command
    done
    chmod +x other.edited
    ln -sf other.edited.so libanother-name-of-this-library.so.1
    shows '^42$' ./other.edited
  done
  rm other.*  # what patchelf writes is no invariant of ours
}
survives gcc -B/usr/bin
survives gcc -B/usr/bin -Wl,-z,noseparate-code
survives clang-19 -fuse-ld=lld
survives $CC
