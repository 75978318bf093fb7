// The help texts of the verbs; docs/SwoldEdit.md has the whole story.

import ArgumentParser

enum VerbCommands {
  static let all: [any ParsableCommand.Type] = [
    VerbCommand<PutVerb>.self, VerbCommand<PokeVerb>.self, VerbCommand<FillVerb>.self,
    VerbCommand<PadVerb>.self, VerbCommand<InsertVerb>.self, VerbCommand<SectionHelpVerb>.self,
    VerbCommand<EntryVerb>.self, VerbCommand<LMAVerb>.self, VerbCommand<InterpreterVerb>.self,
    VerbCommand<RunPathVerb>.self, VerbCommand<NeededVerb>.self, VerbCommand<SonameVerb>.self,
    VerbCommand<SymbolHelpVerb>.self, VerbCommand<NoteVerb>.self, VerbCommand<BuildIDVerb>.self,
    VerbCommand<DebugVerb>.self, VerbCommand<DigestVerb>.self, VerbCommand<AssertVerb>.self,
    VerbCommand<SealVerb>.self,
  ]
}

enum PutVerb: VerbHelp {
  static let name = "put"
  static let abstract = "Overwrites bytes."
  static let usage =
    "put PLACE DATA [pad=keep|fill|zero] [expect=DATA] [code=yes] [replace=yes]"
}

enum PokeVerb: VerbHelp {
  static let name = "poke"
  static let abstract = "Stores an integer."
  static let usage =
    "poke u8|u16|u32|u64 PLACE = (EXPR) [endian=le|be] [wrap=yes]"
}

enum FillVerb: VerbHelp {
  static let name = "fill"
  static let abstract = "Fills holes between sections."
  static let usage =
    "fill RANGE holes=BYTE|hex:PATTERN [claim=yes] | all=BYTE replace=yes"
}

enum PadVerb: VerbHelp {
  static let name = "pad"
  static let abstract = "Pads a bare-metal image."
  static let details = """
    The last ROM segment grows if it can, otherwise another one follows it. For images prefer \
    export with pad-to=.


    """
  static let usage =
    "pad to=LMA|size=N [byte=0xFF]"
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
    "insert NAME DATA [where=slot:N|hole|tail|segment|nonalloc] [align=N] [flags=r|rw|rx] [lma=A]"
}

enum SectionHelpVerb: VerbHelp {
  static let name = "section"
  static let abstract = "Adds, replaces, removes, renames or dumps a section."
  static let usage =
    "section add|replace|remove|rename|dump|flags NAME …"
}

enum EntryVerb: VerbHelp {
  static let name = "entry"
  static let abstract = "Sets the entry point."
  static let usage =
    "entry (EXPR) [vectors=SYMBOL]"
}

enum LMAVerb: VerbHelp {
  static let name = "lma"
  static let abstract = "Moves load addresses."
  static let usage =
    "lma all by=±N [remap=yes] [expect=LMA] | lma seg:K to=ADDRESS"
}

enum InterpreterVerb: VerbHelp {
  static let name = "interp"
  static let abstract = "Sets the interpreter."
  static let usage =
    "interp PATH"
}

enum RunPathVerb: VerbHelp {
  static let name = "rpath"
  static let abstract = "Edits DT_RUNPATH or DT_RPATH."
  static let usage =
    "rpath set|add|remove|shrink STR [tag=runpath|rpath] [scrub=yes]"
}

enum NeededVerb: VerbHelp {
  static let name = "needed"
  static let abstract = "Edits the list of needed libraries."
  static let usage =
    "needed add|remove|replace A [B]"
}

enum SonameVerb: VerbHelp {
  static let name = "soname"
  static let abstract = "Sets the soname."
  static let usage =
    "soname STR"
}

enum SymbolHelpVerb: VerbHelp {
  static let name = "symbol"
  static let abstract = "Edits the symbol table."
  static let usage =
    "symbol rename|localize|globalize|weaken|hide|remove|add NAME …"
}

enum NoteVerb: VerbHelp {
  static let name = "note"
  static let abstract = "Sets or removes a note."
  static let usage =
    "note set OWNER TYPE DATA [section=NAME] [loaded=slot:N] | note remove OWNER TYPE"
}

enum BuildIDVerb: VerbHelp {
  static let name = "build-id"
  static let abstract = "Keeps, recomputes or sets the build-id."
  static let usage =
    "build-id keep|recompute [style=tree|fast|sha1|sha256]|set HEX"
}

enum DebugVerb: VerbHelp {
  static let name = "debug"
  static let abstract = "Splits, links, strips or compresses debug information."
  static let usage =
    "debug split to=FILE [link=yes] [compress=zlib|zstd] | compress | decompress | strip | link to=FILE"
}

enum DigestVerb: VerbHelp {
  static let name = "digest"
  static let abstract = "Stores a checksum of ranges."
  static let usage =
    "digest ALG over=RANGES [except=RANGES] into=PLACE [holes=BYTE|skip] …"
}

enum AssertVerb: VerbHelp {
  static let name = "assert"
  static let abstract = "Fails if an expression is false."
  static let usage =
    "assert (EXPR) MESSAGE"
}

enum SealVerb: VerbHelp {
  static let name = "seal"
  static let abstract = "Closes all slots."
  static let usage =
    "seal [drop=yes]"
}
