// The built-in layout of a Linux program, as a section map.
//
// There is one layout engine, and this map drives it exactly as a user's would. What differs between
// kinds of output (image base, presence of an interpreter) are parameters and empty sections: a
// section that gets no content is left out.

internal import MapLang

enum DefaultMap {
  /// The map for a link with these options.
  static func make(_ options: Options) -> SectionMap {
    var builder = MapBuilder()
    let base = options.imageBase ?? (options.outputKind == .executable ? 0x40_0000 : 0)
    let readOnly: [PlaceItem] = [
      builder.headers,
      builder.section(".interp"),
      builder.section(".note.gnu.property"), builder.section(".note.gnu.build-id"),
      builder.section(".note.package"), builder.section(".note.ABI-tag"),
      builder.section(".hash"), builder.section(".gnu.hash"),
      builder.section(".dynsym"), builder.section(".dynstr"),
      builder.section(".gnu.version"), builder.section(".gnu.version_d"),
      builder.section(".gnu.version_r"),
      builder.section(".rela.dyn"), builder.section(".relr.dyn"),
      builder.section(".rela.plt"),
      builder.section(".rodata", [.init([".rodata+", ".gnu.linkonce.r.*"])]),
      builder.section(".eh_frame_hdr"), builder.section(".eh_frame"),
      builder.section(".gcc_except_table"),
    ]
    let code: [PlaceItem] = [
      builder.section(".init", [.init([".init"], keep: true)]),
      builder.section(".plt"), builder.section(".plt.sec"), builder.section(".plt.got"),
      builder.section(
        ".text",
        [
          .init([".text.unlikely+"]), .init([".text.exit+"]), .init([".text.startup+"]),
          .init([".text.hot+"]), .init([".text+", ".gnu.linkonce.t.*"]),
        ], bounds: [builder.bound(.end, ["etext", "_etext", "__etext"], hidden: false)]),
      builder.section(".fini", [.init([".fini"], keep: true)]),
    ]
    let relro: [PlaceItem] = [
      builder.section(".tdata", [.init(["@tdata"])]),
      builder.section(".tbss", [.init(["@tbss"])]),
      builder.section(
        ".preinit_array", [.init([".preinit_array"], keep: true)],
        bounds: [
          builder.bound(.start, ["__preinit_array_start"]),
          builder.bound(.end, ["__preinit_array_end"]),
        ]),
      builder.section(
        ".init_array",
        [
          .init([".init_array.*", ".ctors.*"], keep: true, sort: [.initPriority]),
          .init([".init_array"], keep: true),
          .init([".ctors"], keep: true, exceptFiles: ["crtbegin*.o", "crtend*.o"]),
        ],
        bounds: [
          builder.bound(.start, ["__init_array_start"]), builder.bound(.end, ["__init_array_end"]),
        ]),
      builder.section(
        ".fini_array",
        [
          .init([".fini_array.*", ".dtors.*"], keep: true, sort: [.initPriority]),
          .init([".fini_array"], keep: true),
          .init([".dtors"], keep: true, exceptFiles: ["crtbegin*.o", "crtend*.o"]),
        ],
        bounds: [
          builder.bound(.start, ["__fini_array_start"]), builder.bound(.end, ["__fini_array_end"]),
        ]),
      builder.section(".data.rel.ro", [.init([".data.rel.ro+", ".gnu.linkonce.d.rel.ro.*"])]),
      builder.section(".copyrel.rel.ro"),
      builder.section(".dynamic"), builder.section(".got"),
    ]
    let gotPLT = builder.section(".got.plt")
    let data: [PlaceItem] = [
      builder.section(
        ".data", [.init([".data+", ".gnu.linkonce.d.*"])],
        bounds: [builder.bound(.end, ["edata", "_edata"], hidden: false)]),
      builder.section(
        ".bss", [.init([".bss+", "COMMON", ".gnu.linkonce.b.*"]), .init([".copyrel"])],
        bounds: [builder.bound(.start, ["__bss_start"], hidden: false)]),
    ]
    let hasRelroGOTPLT = options.bindNow && options.relro
    builder.place(
      at: base,
      bounds: [
        builder.bound(.start, ["__executable_start"]),
        builder.bound(.end, ["end", "_end"], hidden: false),
      ],
      [
        builder.segment("rodata", .r, readOnly),
        builder.segment("text", [.r, .x], code),
        builder.segment(
          "relro", [.r, .w], relro: options.relro, hasRelroGOTPLT ? relro + [gotPLT] : relro),
        builder.segment("data", [.r, .w], hasRelroGOTPLT ? data : [gotPLT] + data),
      ])
    var map = builder.map
    map.orphans = .place
    return map
  }
}
