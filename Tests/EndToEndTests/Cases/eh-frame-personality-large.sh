#!/bin/bash
# Frames with and without personality and LSDA in one file.
. "$(dirname "$0")/../prelude.sh"

cat >a.cc <<'END'
struct D { int *p; ~D() { ++*p; } };
void thrower(int);
int with(int *n) { D d{n}; thrower(3); return 0; }
END
echo 'void thrower(int x) { throw x; }' >t.cc
echo 'extern "C" int plain(int x) { return x; }' >p.cc
cat >m.cc <<'END'
int with(int *); extern "C" int plain(int);
int main() { int n = 0; try { with(&n); } catch (int x) { return plain(x) + n != 4; } return 1; }
END
for kind in -pie -no-pie -static; do
  $CXX $kind a.cc t.cc p.cc m.cc -o m
  ./m || fail "$kind"
done
sane m
