// The help texts of the verbs: what each does, its words, and an edit that can be typed.
// docs/SwoldEdit.md has the whole story.

import ArgumentParser

enum VerbCommands {
  static let all: [any ParsableCommand.Type] = [
    VerbCommand<PutVerb>.self, VerbCommand<PokeVerb>.self, VerbCommand<FillVerb>.self,
    VerbCommand<PadVerb>.self, VerbCommand<InsertVerb>.self, VerbCommand<SectionHelpVerb>.self,
    VerbCommand<EntryVerb>.self, VerbCommand<LMAVerb>.self, VerbCommand<InterpreterVerb>.self,
    VerbCommand<RunPathVerb>.self, VerbCommand<NeededVerb>.self, VerbCommand<SonameVerb>.self,
    VerbCommand<SymbolHelpVerb>.self, VerbCommand<ExecStackVerb>.self, VerbCommand<FlagsVerb>.self,
    VerbCommand<HeaderVerb>.self, VerbCommand<NoteVerb>.self, VerbCommand<BuildIDVerb>.self,
    VerbCommand<DebugVerb>.self, VerbCommand<DigestVerb>.self, VerbCommand<AssertVerb>.self,
    VerbCommand<SealVerb>.self,
  ]
}

enum PutVerb: VerbHelp {
  static let name = "put"
  static let abstract = "Overwrites bytes."
  static let usage = "put PLACE DATA [pad=keep|fill|zero] [expect=DATA] [code=yes] [replace=yes]"
  static let words = [
    ("PLACE", "va:A lma:A off:A sym:NAME sec:NAME slot:NAME seg:N, each with +N"),
    ("DATA", "hex:00ff str:TEXT strz:TEXT base64:… file:PATH zero:N u8:N … u64:N"),
    ("pad=", "what happens to the rest of a symbol, section or slot"),
    ("expect=DATA", "refuse if other bytes are there before"),
    ("code=yes", "the bytes may be executable"),
    ("replace=yes", "a slot may hold something already"),
  ]
  static let example = "put slot:ident strz:1.2.3 -i app"
}

enum PokeVerb: VerbHelp {
  static let name = "poke"
  static let abstract = "Stores an integer."
  static let usage = "poke u8|u16|u32|u64 PLACE = (EXPR) [endian=le|be] [wrap=yes]"
  static let words = [
    ("(EXPR)", "sym(NAME) start(OBJECT) end(OBJECT) size(OBJECT) u32(PLACE) sum32(RANGE) …"),
    ("endian=", "another byte order than the file's"),
    ("wrap=yes", "the value is taken modulo the width"),
  ]
  static let example = "poke u32 sym:limit = '(end(sec:.text) - start(sec:.text))' -i app"
}

enum FillVerb: VerbHelp {
  static let name = "fill"
  static let abstract = "Fills holes between sections."
  static let usage = "fill RANGE holes=BYTE|hex:PATTERN [claim=yes] | all=BYTE replace=yes"
  static let words = [
    ("RANGE", "A..B, A,+SIZE or an object: rom, sec:NAME, seg:N, region:NAME"),
    ("holes=", "what holes get"), ("all=", "what everything gets, sections too"),
    ("claim=yes", "filled holes become sections .fill.N, which strip keeps"),
  ]
  static let example = "fill rom holes=0xFF claim=yes -o fw.full.elf fw.elf"
}

enum PadVerb: VerbHelp {
  static let name = "pad"
  static let abstract = "Pads a bare-metal image."
  static let details = """
    The last ROM segment grows if it can, otherwise another one follows it. For images prefer \
    export with pad-to=.
    """
  static let usage = "pad to=LMA|size=N [byte=0xFF]"
  static let words = [
    ("to=LMA", "the load address behind the last byte"), ("size=N", "the size of the image"),
    ("byte=", "the padding, 0xFF unless told"),
  ]
  static let example = "pad to=0x08010000 -o fw.padded.elf fw.elf"
}

enum InsertVerb: VerbHelp {
  static let name = "insert"
  static let abstract = "Adds bytes with a section of their own."
  static let details = """
    Without where= they go to the first place that takes them: a hole between two sections, the \
    room behind a segment, that room with the rest of the file moved down by whole pages \
    (addresses never change), a spare program header. swold-edit show room FILE lists the room.
    """
  static let usage =
    "insert NAME DATA [where=slot:N|hole|tail|segment|nonalloc | at=A] [align=N] [flags=r|rw|rx] [lma=A]"
  static let words = [
    ("where=", "this place only"), ("at=A", "at this virtual address only"),
    ("align=N", "of the address, 1 unless told"),
    ("flags=", "what memory must permit, r unless told"),
    ("lma=A", "the load address of a new segment of a bare-metal image"),
  ]
  static let example = "insert .license file:LICENSE flags=r -o app.new app"
}

enum SectionHelpVerb: VerbHelp {
  static let name = "section"
  static let abstract = "Adds, replaces, removes, renames or dumps a section."
  static let usage = "section add|replace|remove|rename|dump|flags NAME …"
  static let words = [
    ("add NAME DATA [align=N]", "one that is not loaded"),
    ("replace NAME DATA [pad=]", "a loaded one keeps its size"),
    ("remove NAME", "if it is not loaded"), ("rename NAME NEW", ""),
    ("dump NAME to=FILE [raw=no]", "raw=no decompresses"),
    ("flags NAME LETTERS", "a w x M S, as readelf has them"),
  ]
  static let example = "section add .sbom file:sbom.json -i app"
}

enum EntryVerb: VerbHelp {
  static let name = "entry"
  static let abstract = "Sets the entry point."
  static let usage = "entry (EXPR) [vectors=SYMBOL]"
  static let words = [
    ("(EXPR)", "an address in executable memory, as '(sym(_start))'"),
    ("vectors=SYMBOL", "warn if word 1 of this vector table is another address"),
  ]
  static let example = "entry '(sym(other_start))' -i app"
}

enum LMAVerb: VerbHelp {
  static let name = "lma"
  static let abstract = "Moves load addresses."
  static let usage = "lma all by=±N [remap=yes] [expect=LMA] | lma seg:K to=ADDRESS"
  static let words = [
    ("all by=", "all segments, by so many bytes"), ("seg:K to=", "one segment"),
    ("remap=yes", "a boot loader or hardware maps the image back"),
    ("expect=LMA", "where the image must begin before"),
  ]
  static let example = "lma all by=+0x20000 remap=yes expect=0x08000000 -o b.elf fw.elf"
}

enum InterpreterVerb: VerbHelp {
  static let name = "interp"
  static let abstract = "Sets the interpreter."
  static let usage = "interp PATH [expect=DATA]"
  static let words = [("PATH", "of the dynamic linker")]
  static let example = "interp /opt/glibc/lib/ld.so -i app"
}

enum RunPathVerb: VerbHelp {
  static let name = "rpath"
  static let abstract = "Edits DT_RUNPATH or DT_RPATH."
  static let usage = "rpath set|add|remove|replace|shrink|convert … [tag=runpath|rpath] [scrub=yes]"
  static let words = [
    ("set DIRS", "instead of what is there"),
    ("add DIR [first=yes]", "behind the others, or before them"),
    ("remove [DIR]", "one directory, or the whole tag"), ("replace DIR NEW", ""),
    ("shrink [root=DIR] [prefix=P:Q]", "without directories that hold no needed library"),
    ("convert tag=", "DT_RUNPATH to DT_RPATH or back"),
    ("tag=", "which tag; otherwise the one that is there"),
    ("scrub=yes", "overwrite the old string, if nothing else reads it"),
  ]
  static let example = "rpath set '$ORIGIN/../lib' -i app"
}

enum NeededVerb: VerbHelp {
  static let name = "needed"
  static let abstract = "Edits the list of needed libraries."
  static let usage = "needed add|remove|replace A [B] [first=yes]"
  static let words = [
    ("add A [first=yes]", "behind the others, or before them"),
    ("remove A", "if no version of it is needed"),
    ("replace A B", "in the version table, too"),
  ]
  static let example = "needed replace libfoo.so.1 libfoo-1a2b3c.so.1 -i app"
}

enum SonameVerb: VerbHelp {
  static let name = "soname"
  static let abstract = "Sets the soname."
  static let usage = "soname STR [expect=DATA]"
  static let words = [("STR", "what programs that link with the library will need")]
  static let example = "soname libfoo-1a2b3c.so.1 -i libfoo.so.1"
}

enum SymbolHelpVerb: VerbHelp {
  static let name = "symbol"
  static let abstract = "Edits the symbol tables."
  static let details = """
    Without dynamic=yes a name of .dynsym is refused, because .symtab alone would contradict it.
    """
  static let usage =
    "symbol rename|localize|globalize|weaken|hide|remove|add|unversion NAME … [dynamic=yes]"
  static let words = [
    ("NAME", "a symbol, or glob:PATTERN"), ("rename NAME NEW", ""),
    ("localize, hide NAME", "with dynamic=yes it is exported no more"),
    ("globalize, weaken NAME", "what .dynsym defines, too"), ("remove NAME", "from .symtab"),
    ("add NAME = (EXPR)", "to .symtab"),
    ("unversion NAME", "takes the version from a dynamic symbol"),
    ("dynamic=yes", ".dynsym too, with hash tables, versions and relocations"),
  ]
  static let example = "symbol hide glob:internal_* dynamic=yes -i libfoo.so"
}

enum ExecStackVerb: VerbHelp {
  static let name = "exec-stack"
  static let abstract = "Says whether the stack is executable."
  static let usage = "exec-stack set|clear"
  static let words = [("set, clear", "the right in PT_GNU_STACK; show prints yes or no")]
  static let example = "exec-stack clear -i libold.so"
}

enum FlagsVerb: VerbHelp {
  static let name = "flags"
  static let abstract = "Edits DT_FLAGS and DT_FLAGS_1."
  static let usage = "flags add|remove FLAG…"
  static let words = [
    ("FLAG", "now origin symbolic nodeflib nodelete nodlopen initfirst interpose"),
    ("", "global group direct loadfltr nodump"),
  ]
  static let example = "flags add nodeflib now -i app"
}

enum HeaderVerb: VerbHelp {
  static let name = "header"
  static let abstract = "Sets fields of the ELF header."
  static let usage = "header [osabi=NAME|N] [abi-version=N] [e-flags=N]"
  static let words = [
    ("osabi=", "sysv linux freebsd netbsd openbsd solaris arm standalone …, or a number"),
    ("e-flags=", "the machine defines them; readelf -h shows their meaning"),
  ]
  static let example = "header osabi=sysv -i app"
}

enum NoteVerb: VerbHelp {
  static let name = "note"
  static let abstract = "Sets or removes a note."
  static let usage =
    "note set OWNER TYPE DATA [section=NAME] [loaded=slot:N] | note remove OWNER TYPE"
  static let words = [
    ("OWNER TYPE", "a name and a number"), ("section=", ".note.OWNER unless told"),
    ("loaded=slot:N", "into a slot, so that the program can read it"),
  ]
  static let example = "note set ACME 0x100 strz:v1.2 -i app"
}

enum BuildIDVerb: VerbHelp {
  static let name = "build-id"
  static let abstract = "Keeps, recomputes or sets the build-id."
  static let usage = "build-id keep|recompute [style=fast|sha1|sha256]|set HEX"
  static let words = [
    ("recompute", "the hash of the file with the id zeroed"), ("set HEX", "of the same length"),
  ]
  static let example = "build-id recompute -i app"
}

enum DebugVerb: VerbHelp {
  static let name = "debug"
  static let abstract = "Splits, links, strips or compresses debug information."
  static let usage =
    "debug split to=FILE [link=yes] [compress=zlib|zstd] | compress | decompress | strip | link to=FILE"
  static let words = [
    ("split to=FILE", "into a file of its own"),
    ("link=yes, link to=FILE", "a .gnu_debuglink with the right CRC"),
    ("strip", "debug information and .symtab"),
    ("compress, decompress", "compress=zlib or zstd"),
  ]
  static let example = "debug split link=yes to=app.debug -o app.stripped app"
}

enum DigestVerb: VerbHelp {
  static let name = "digest"
  static let abstract = "Stores a checksum of ranges."
  static let usage = "digest ALG over=RANGES [except=RANGES] into=PLACE [holes=BYTE|skip] …"
  static let words = [
    ("ALG", "crc-32/iso-hdlc crc-32/mpeg-2 crc-32c crc-16/… sha1 sha256 sum32 …"),
    ("over=, except=", "ranges with commas"), ("into=", "is not read itself"),
    ("holes=", "the byte between segments, or skip"),
    ("slots=", "as-is, as-fill or skip"),
    ("endian= word=", "of the result; 1, 2 or 4 bytes a step"),
    ("space= span=", "lma or va; the widest walk in bytes"),
  ]
  static let example = "digest crc-32c over=rom holes=0xFF into=slot:crc -i fw.elf"
}

enum AssertVerb: VerbHelp {
  static let name = "assert"
  static let abstract = "Fails if an expression is false."
  static let usage = "assert (EXPR) MESSAGE"
  static let words = [("(EXPR)", "0 is false")]
  static let example = "assert '(size(sec:.text) < 64KiB)' 'code too large' app"
}

enum SealVerb: VerbHelp {
  static let name = "seal"
  static let abstract = "Closes all slots."
  static let usage = "seal [drop=yes]"
  static let words = [("drop=yes", "removes the registry of slots instead")]
  static let example = "seal -i fw.elf"
}
