#!/bin/bash
# docs/ImportedScripts.md says of each script what scripts/import-table finds: the corpus, the default scripts of the
# installed linkers, those of C libraries. Where an import is faithful, both links are the same.
# machines: x86_64 (it goes through the machines itself)
. "$(dirname "$0")/../prelude.sh"
not_linted "files of other linkers"

root=$CASES/../../..
[ -z "${SWOLD_UNDER_TEST:-}" ] || [ -x "$root/.build/release/swold-map" ] || skip "no swold-map"
"$root/scripts/import-table" >table
lacks 'DIFFERS|exit code' cat table
# A linker or library that is not installed here has no rows.
grep '^| ' table | grep -vxF -f "$root/docs/ImportedScripts.md" >new || true
[ ! -s new ] || { cat new; fail "docs/ImportedScripts.md says something else"; }
