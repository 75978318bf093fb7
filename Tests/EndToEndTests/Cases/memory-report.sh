#!/bin/bash
# --memory-report: a page and JSON that say what fills each region, down to symbols, with and without a
# map, and what changed since an earlier report.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  cat >part.s <<END
.section .text.small_$n,"ax",%progbits
.globl small_$n
.type small_$n,%function
small_$n: .zero $((100 * n))
.size small_$n, $((100 * n))
.data
.globl table_$n
.type table_$n,%object
table_$n: .zero 64
.size table_$n, 64
END
  as part.s -o part$n.o
done
ar rc libparts.a part1.o part2.o
cat >start.s <<'END'
.text
.globl _start
.type _start,%function
_start: .zero 5000
.size _start, 5000
.bss
.globl buffer
.type buffer,%object
buffer: .zero 4096
.size buffer, 4096
END
as start.s -o start.o
cat >layout.smap <<'END'
smap 1;
pages none; entry _start; orphans place;
region flash { at 0x0800_0000; size 64 KiB; access rx; }
region ram { at 0x2000_0000; size 16 KiB; }
place in flash { section .text { take @code; } }
place in ram {
    section .data { load in flash; take @data; }
    section .bss { take @bss; }
    reserve stack { high; align 8; size 1 KiB; }
}
discard .comment .note+ .ARM.attributes .riscv.attributes;
END
link() { $SWOLD --section-map layout.smap start.o --whole-archive libparts.a -o program "$@"; }
link --memory-report=old.json
python3 - <<'END'
import json
report = json.load(open("old.json"))
flash, ram = report["memories"]
text, image = flash["blocks"]
assert (text["name"], text["size"], image["kind"], image["size"]) == (".text", 5300, "image", 128), flash
assert flash["used"] + flash["free"] == 65536
assert [f["name"] for f in flash["files"]["largest"]][:2] == ["start.o", "libparts.a"], flash["files"]
member = flash["files"]["largest"][1]["parts"]["largest"][0]
assert (member["name"], member["size"]) == ("part2.o", 264), member
assert member["parts"]["largest"][0]["parts"]["largest"] == [{"name": "small_2", "size": 200}], member
assert [s["name"] for s in flash["symbols"]["largest"]][:3] == ["_start", "small_2", "small_1"]
assert ram["blocks"][0]["load"] == image["address"], ram
assert [b["name"] for b in ram["blocks"]] == [".data", ".bss", "stack"]
END

# Strings that were merged are told of the files that brought them along, one that several have of the first.
for n in 1 2; do
  cat >strings$n.s <<END
.section .rodata.str1.1,"aMS",@progbits,1
.asciz "common to both"
.asciz "a string of file $n"
.if $n == 2
.asciz "a second one"
.endif
END
  as strings$n.s -o strings$n.o
done
as strings1.s -o strings3.o
$SWOLD start.o strings1.o strings2.o strings3.o -o program --memory-report=strings.json
python3 - <<'END'
import json
memories = json.load(open("strings.json"))["memories"]
block = next(b for m in memories for b in m["blocks"] if b["name"] == ".rodata")
shares = {f["name"]: f["size"] for f in block["shares"]["largest"]}
assert shares == {"strings1.o": 15 + 19, "strings2.o": 19 + 13}, shares
END

# The page is complete without anything beside it, and well-formed.
link --memory-report=page.html
python3 - <<'END'
import html.parser, re, xml.etree.ElementTree as tree
page = open("page.html").read()
class Parser(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        assert not any(name in ("src", "onclick") for name, _ in attributes)
        if tag not in ("meta",): self.open.append(tag)
    def handle_startendtag(self, tag, attributes): pass
    def handle_endtag(self, tag): assert self.open.pop() == tag, tag
parser = Parser(); parser.feed(page); assert not parser.open
for picture in re.findall(r"<svg.*?</svg>", page, re.S): tree.fromstring(picture)
assert page.count("<svg") == 2 and "libparts.a" in page and "small_2" in page
END

# What changed, from JSON or from a page.
sed -i 's/200/328/' part.s; as part.s -o part2.o; ar r libparts.a part2.o
for before in old.json page.html; do
  link --memory-report=new.html --memory-report-before=$before
  sed -n '/Since the earlier report/,/<\/section>/p' new.html >changes
  grep -q 'small_2.*+128 B' changes
done

# Without a map: segments.
$SWOLD start.o part1.o -o program --memory-report=plain.json --memory-report-before=old.json
python3 -c '
import json
memories = json.load(open("plain.json"))["memories"]
assert {m["kind"] for m in memories} == {"segment"} and "code" in [m["name"] for m in memories], memories'

# Mistakes have one message.
echo nonsense >bad.html
expect_fail link --memory-report=new.html --memory-report-before=bad.html
says 'bad.html: it is no memory report'
expect_fail link --memory-report=new.html --memory-report-before=none.html
says 'none.html: no such file'
expect_fail link --memory-report-before=old.json
says 'means nothing without --memory-report'
expect_fail $SWOLD -r start.o -o x.o --memory-report=x.html
says 'may not be used together'
expect_fail link --memory-report=none/x.html
says 'cannot write none/x.html'
