// The built-in layout of a Linux program, as a section map.
//
// There is one layout engine, and this text drives it exactly as a user's map would. What the command
// line decides (image base, page size, RELRO) are parameters; what an output does not have (an
// interpreter, TLS) are sections that get no content, and those are left out. It stands in this module,
// and not with the linker, so that `swold-map check` knows what `extends default` refines.

/// The map of a link without --section-map, and what `extends default` refines.
public enum DefaultMap {
  // The text, in pieces between which a `Form` chooses. No kind such as `@data` collects the rest: a
  // section with another name stays an orphan and keeps its name.

  private static let beginning: StaticString = """
    smap 1;
    param image_base = 0x40_0000;
    param page_size  = 4 KiB;
    param use_relro  = 1;   # -z relro
    param bind_now   = 0;   # -z now: .got.plt is filled before RELRO is protected
    param keep_text_prefix = 0;   # -z keep-text-section-prefix
    param bss_bounds = 0;   # the machine's C libraries clear .bss between names of their own
    param small_data = 0;   # the machine has a register for data in reach of 12 bits
    param read_only_dynamic = 0;   # -z rodynamic
    pages page_size;
    orphans place;

    """
  private static let place: StaticString = """
    place at image_base {

    """
  private static let storedPlace: StaticString = """
    param load_base  = 0;   # --physical-image-base
    place at image_base load at load_base {

    """
  private static let startBound: StaticString = """
        provide hidden start __executable_start;

    """
  private static let endBounds: StaticString = """
        provide end end, _end;
        when bss_bounds { provide end __end__; }

    """
  private static let readOnlyStart: StaticString = """
        segment rodata r {

    """
  private static let codeStart: StaticString = """
        segment text rx {

    """
  /// -Trodata-segment moves what stands behind the tables of the dynamic linker, as with GNU ld.
  private static let readOnlyPlace: StaticString = """
    }
    param rodata_base = 0;
    place at rodata_base
    """
  private static let readOnlyLoad: StaticString = " load at load_base + rodata_base - image_base"
  private static let placeStart: StaticString = " {\n"
  private static let pinnedReadOnlyStart: StaticString = """
        segment rodata r {
            splits;

    """
  private static let tablesStart: StaticString = """
        segment tables r {

    """
  private static let tables: StaticString = """
            splits; headers;
            section .interp;
            section .note.gnu.property; section ".note.gnu.build-id"; section .note.package;
            section ".note.ABI-tag";
            section .hash; section .gnu.hash; section .dynsym; section .dynstr;
            section .gnu.version; section .gnu.version_d; section .gnu.version_r;
            section .rela.dyn; section .rel.dyn; section .relr.dyn;
            section .rela.plt; section .rel.plt;

    """
  private static let readOnlyData: StaticString = """
            section .rodata { take .rodata+ .gnu.linkonce.r.*; }
            when read_only_dynamic { section .dynamic; }
            section .eh_frame_hdr; section .eh_frame; section .gcc_except_table;
            section .ARM.extab { take .ARM.extab* .gnu.linkonce.armextab.*; }
            section .ARM.exidx {
                take .ARM.exidx* .gnu.linkonce.armexidx.*;
                provide hidden start __exidx_start; provide hidden end __exidx_end;
            }

    """
  private static let boundary: StaticString = """
        }
        segment text rx {
            splits;

    """
  private static let code: StaticString = """
            section .init { fill nop; keep take .init; }   # one function: .init.text must not get between crti.o and crtn.o
            section .plt; section .plt.sec; section .plt.got;
            when keep_text_prefix {
                section .text.unlikely { take .text.unlikely+; }
                section .text.exit { take .text.exit+; }
                section .text.startup { take .text.startup+; }
                section .text.hot { take .text.hot+; }
                section .text.unknown { take .text.unknown+; }
            }
            section .text {
                when !keep_text_prefix {
                    take .text.unlikely+; take .text.exit+; take .text.startup+; take .text.hot+;
                }
                take .text+ .gnu.linkonce.t.*;
                provide end etext, _etext, __etext;
            }
            section .fini { fill nop; keep take .fini; }

    """
  private static let segmentEnd: StaticString = """
        }

    """
  private static let data: StaticString = """
        segment relro rw {
            splits;
            when use_relro { relro; }
            section .tdata { take @tdata; }
            section .tbss { take @tbss; }
            section .preinit_array {
                keep take .preinit_array;
                provide hidden start __preinit_array_start; provide hidden end __preinit_array_end;
            }
            section .init_array {
                keep take .init_array.* .ctors.* sort init_priority;
                keep take .init_array .ctors except crtbegin*.o(.ctors) crtend*.o(.ctors);
                provide hidden start __init_array_start; provide hidden end __init_array_end;
            }
            section .fini_array {
                keep take .fini_array.* .dtors.* sort init_priority;
                keep take .fini_array .dtors except crtbegin*.o(.dtors) crtend*.o(.dtors);
                provide hidden start __fini_array_start; provide hidden end __fini_array_end;
            }
            section .ctors { keep take crtbegin*.o(.ctors); keep take crtend*.o(.ctors); }
            section .dtors { keep take crtbegin*.o(.dtors); keep take crtend*.o(.dtors); }
            section .data.rel.ro { take .data.rel.ro+ .gnu.linkonce.d.rel.ro.*; take .copyrel.rel.ro; }
            when !read_only_dynamic { section .dynamic; }
            section .got;
            when bind_now { section .got.plt; }
        }
        segment data rw {
            splits;
            when !bind_now { section .got.plt; }
            when small_data {
                group {
                    section .data { take .data+ .gnu.linkonce.d.*; }
                    section .sdata { take .srodata+ .gnu.linkonce.s2.*; take .sdata+ .gnu.linkonce.s.*; }
                    provide end edata, _edata;
                }
            } else {
                section .data { take .data+ .gnu.linkonce.d.*; provide end edata, _edata; }
            }
            section .bss {
                when small_data { take .sbss+ .gnu.linkonce.sb.*; }
                take .bss+ .gnu.linkonce.b.*; take COMMON; take .copyrel;
                provide start __bss_start;
                when bss_bounds { provide start __bss_start__; provide end __bss_end__, _bss_end__; }
            }
        }

    """
  /// -Tldata-segment.
  private static let largePlace: StaticString = """
    }
    param ldata_base = 0;
    place at ldata_base
    """
  private static let largeLoad: StaticString = " load at load_base + ldata_base - image_base"
  private static let large: StaticString = """
        segment large rw {   # what no code of the small model refers to
            splits;
            section .lrodata { take .lrodata+ .gnu.linkonce.lr.*; }
            section .ldata { take .ldata+ .gnu.linkonce.l.*; }
            section .lbss { take .lbss+ .gnu.linkonce.lb.* LARGE_COMMON; }
        }
    }

    """

  /// What options ask of the text, beyond its parameters.
  public struct Form: Sendable {
    /// Read-only data and code get segments of their own.
    public var separatesCode = true
    /// The image has load addresses of its own.
    public var isStoredApart = false
    /// Read-only data is at an address of its own, `rodata_base`, and writable data behind it.
    public var pinsReadOnlyData = false
    /// What only code of the large models refers to is at an address of its own, `ldata_base`.
    public var pinsLargeData = false

    public init() {}
  }

  /// The text as a source file.
  public static func source(_ form: Form = Form()) -> SourceFile {
    let isStored = form.isStoredApart
    var pieces = [beginning, isStored ? storedPlace : place, startBound]
    // The last place has the end.
    let dataBounds = form.pinsLargeData ? [] : [endBounds]
    if form.pinsReadOnlyData {
      pieces += [tablesStart, tables, boundary, code, segmentEnd]
      pieces += [readOnlyPlace] + (isStored ? [readOnlyLoad] : []) + [placeStart]
      pieces += dataBounds + [pinnedReadOnlyStart, readOnlyData, segmentEnd]
    } else {
      pieces += dataBounds + [form.separatesCode ? readOnlyStart : codeStart, tables, readOnlyData]
      if form.separatesCode { pieces.append(boundary) }
      pieces += [code, segmentEnd]
    }
    pieces.append(data)
    if form.pinsLargeData {
      pieces += [largePlace] + (isStored ? [largeLoad] : []) + [placeStart, endBounds]
    }
    pieces.append(large)
    // The pointers are good while the closure runs, and the bytes are copied.
    let bytes = pieces.flatMap { $0.withUTF8Buffer { unsafe [UInt8]($0) } }
    return SourceFile(name: "<built-in>", bytes: bytes, isBuiltIn: true)
  }

  /// A statement of the text that places sections.
  public struct Statement: Sendable {
    /// The name of the segment that it stands in.
    public let segment: String
    /// Of the sections.
    public let names: [String]
    /// The whole of it, as it would stand in a place of a map.
    public let text: String
  }

  /// All of them, for a map that has them in another order; statements that stand in one line are several.
  public static func statements() -> [Statement] {
    var result: [Statement] = []
    var segment = ""
    var text = ""
    var depth = 0
    for line in String(decoding: source().bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("    segment ") {
        segment = String(line.split(separator: " ")[1])
      } else if line.hasPrefix("        ") {
        text += line + "\n"
        depth += line.count { $0 == "{" } - line.count { $0 == "}" }
        guard depth == 0 else { continue }
        let parts = text.contains("{") ? [text] : text.split(separator: ";").map { $0 + ";\n" }
        for part in parts {
          let words = part.split { $0 == " " || $0 == "\n" || $0 == ";" }
          let names = words.indices.dropLast().filter { words[$0] == "section" }.map {
            words[$0 + 1].filter { $0 != "\"" }
          }
          if !names.isEmpty { result.append(Statement(segment: segment, names: names, text: part)) }
        }
        text = ""
      }
    }
    return result
  }

  /// The text in front of the first place: parameters, and what holds for the whole map.
  public static var preamble: String {
    beginning.withUTF8Buffer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The parameters that depend on the kind of the output, as the linker sets them without options.
  public static func parameters(
    isPositionIndependent: Bool
  ) -> [(name: String, value: UInt64)] {
    isPositionIndependent ? [("image_base", 0)] : []
  }
}
