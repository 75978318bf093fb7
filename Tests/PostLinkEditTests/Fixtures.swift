// The programs that the tests edit. They are linked by gcc and GNU ld; slots are ordinary
// sections and the registry is written by the assembler, exactly as the linker writes it.

/// Assembler text for slots and their registry.
enum SlotAssembly {
  /// `.slot.NAME` with its symbols.
  static func slot(_ name: String, size: Int, align: Int, fill: Int) -> String {
    """
    .section .slot.\(name),"aR",@progbits
    .balign \(align)
    .globl __slot_\(name), __slot_\(name)_start, __slot_\(name)_end
    .hidden __slot_\(name), __slot_\(name)_start, __slot_\(name)_end
    .type __slot_\(name), @object
    .size __slot_\(name), \(size)
    __slot_\(name):
    __slot_\(name)_start:
    .fill \(size), 1, \(fill)
    __slot_\(name)_end:

    """
  }

  private static func note(_ type: Int, _ body: String) -> String {
    """
    .long 6, 9f-8f, \(type)
    .asciz "SWOLD"
    .balign 4
    8: \(body)
    9: .balign 4

    """
  }

  /// The record of a slot; flags 1 means required.
  static func record(_ name: String, size: Int, align: Int, fill: Int, flags: Int = 0) -> String {
    note(
      1,
      """
      .short 1, \(flags)
      .long \(align)
      .quad __slot_\(name), \(size)
      .byte \(fill), \(fill), \(fill), \(fill)
      .asciz "\(name)"
      """)
  }

  static func region(_ name: String, origin: Int, length: Int, erased: Int) -> String {
    note(
      3,
      """
      .short 1, 0
      .byte \(erased), \(erased), \(erased), \(erased)
      .quad \(origin), \(length)
      .asciz "\(name)"
      """)
  }

  static let registryStart = ".section .note.swold.slots,\"\",@note\n.balign 4\n"
}

extension Sandbox {
  /// A bare-metal program: 64 KiB of flash at 0x08000000, `.data` stored in flash, RAM at
  /// 0x20000000, holes between the sections.
  /// - Parameter slots: with `ident`, `sig` (required) and `crc`, the last word of the flash.
  func buildFirmware(_ name: String = "fw.elf", slots: Bool = true, machine: String = "") {
    var source = """
      .section .vectors,"a",@progbits
      .globl vectors
      .type vectors,@object
      .size vectors, 32
      vectors: .long 0x20010000, 0x08000101, 0x11, 0x22, 0x33, 0x44, 0x55, 0
      .text
      .globl _start
      .type _start,@function
      _start: .byte 0x90, 0x90, 0xeb, 0xfe
      .size _start, .-_start
      .section .rodata,"a",@progbits
      .globl table
      table: .ascii "read-only data of some length"
      .data
      .globl counter
      counter: .long 1, 2, 3, 4
      .bss
      .globl buffer
      buffer: .zero 256

      """
    var sections = ""
    if slots {
      source += SlotAssembly.slot("ident", size: 64, align: 8, fill: 0xff)
      source += SlotAssembly.slot("sig", size: 256, align: 16, fill: 0xff)
      source += SlotAssembly.slot("crc", size: 4, align: 4, fill: 0xff)
      source += SlotAssembly.registryStart
      source += SlotAssembly.record("ident", size: 64, align: 8, fill: 0xff)
      source += SlotAssembly.record("sig", size: 256, align: 16, fill: 0xff, flags: 1)
      source += SlotAssembly.record("crc", size: 4, align: 4, fill: 0xff)
      source += SlotAssembly.region("flash", origin: 0x0800_0000, length: 0x1_0000, erased: 0xff)
      sections = """
          .slot.ident 0x08000180 : { *(.slot.ident) } :rom
          .slot.sig 0x0800fe00 : { *(.slot.sig) } :top
          .slot.crc 0x0800fffc : { *(.slot.crc) } :top
        """
    }
    write("\(name).s", source)
    write(
      "\(name).ld",
      """
      ENTRY(_start)
      PHDRS { rom PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); \(slots ? "top PT_LOAD FLAGS(4);" : "") }
      SECTIONS {
        .vectors 0x08000000 : { *(.vectors) } :rom
        .text 0x08000100 : { *(.text) } :rom
        .rodata 0x08000140 : { *(.rodata) } :rom
        \(sections)
        .data 0x20000000 : AT(0x08000200) { _sdata = .; *(.data) _edata = .; } :data
        .bss : { *(.bss) } :data
        _sidata = LOADADDR(.data);
      }
      """)
    check("gcc -c \(machine) -o \(name).o \(name).s")
    check("ld -z max-page-size=4 --build-id=none -T \(name).ld -o \(name) \(name).o 2>ld.log")
  }

  /// A hosted C program with slots `ident` (64 bytes) and `tag` (16 bytes), and a program header
  /// that stands in for a spare one.
  func buildProgram(
    _ name: String = "app", flags: String = "", spare: Bool = true, source: String? = nil
  ) {
    write(
      "\(name).c",
      source ?? """
        #include <stdio.h>
        #include <string.h>
        extern const unsigned char __slot_ident[64];
        const int marker = 0x12345678;
        int counter = 7, zeros[1000];
        int *pointer = &counter;
        int sum(void) { int s = 0; for (int i = 0; i < 1000; i++) s += zeros[i]; return s; }
        int main(int argc, char **argv) {
          if (argc > 1 && !strcmp(argv[1], "--version")) {
            for (int i = 0; i < 64 && __slot_ident[i] && __slot_ident[i] != 0xff; i++)
              putchar(__slot_ident[i]);
            putchar(10);
            return 0;
          }
          printf("%x %d %d\\n", marker, *pointer, sum());
          return 0;
        }
        """)
    write(
      "\(name).s",
      SlotAssembly.slot("ident", size: 64, align: 8, fill: 0)
        + SlotAssembly.slot("tag", size: 16, align: 4, fill: 0)
        + SlotAssembly.registryStart
        + SlotAssembly.record("ident", size: 64, align: 8, fill: 0)
        + SlotAssembly.record("tag", size: 16, align: 4, fill: 0)
        + ".section .note.GNU-stack,\"\",@progbits\n")
    check("gcc -g -O1 -Wl,--build-id=sha1 \(flags) -o \(name) \(name).c \(name).s")
    if spare { makeSpareHeader(name) }
  }

  /// Turns PT_GNU_PROPERTY, which nothing needs, into the PT_NULL of a spare program header.
  func makeSpareHeader(_ name: String) {
    var bytes = read(name)
    let table = Int(bytes[32]) | Int(bytes[33]) << 8
    for index in 0..<Int(bytes[56]) {
      let entry = table + index * 56
      if bytes[entry..<(entry + 4)].elementsEqual([0x53, 0xe5, 0x74, 0x64]) {
        bytes.replaceSubrange(entry..<(entry + 56), with: [UInt8](repeating: 0, count: 56))
      }
    }
    write(name, bytes)
    check("chmod +x \(name)")
  }

  func sha(_ name: String) -> String { check("sha256sum < \(name)") }
}
