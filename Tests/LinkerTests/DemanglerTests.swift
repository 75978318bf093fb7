import ELF
import Testing

@testable import Linker

struct DemanglerTests {
  @Test(arguments: [
    ("_ZN1A1fEi", "A::f(int)"), ("_Z3fooi", "foo(int)"), ("_ZTV1A", "vtable for A"),
    ("_ZN3std2io5stdio6_print17h0123456789abcdefE", "std::io::stdio::_print"),
    (
      "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
      "<Test + 'static as foo::Bar<Test>>::bar"
    ),
    // The example names of RFC 2603, and others that llvm-cxxfilt 19 reads the same way.
    ("_RNvC6_123foo3bar", "123foo::bar"),
    ("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar"),
    ("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}"),
    (
      "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
      "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>"
    ),
    ("_RMC0INtC8arrayvec8ArrayVechKj7b_E", "<arrayvec::ArrayVec<u8, 123>>"),
    (
      "_RNvXs_C7mycrateNtB4_3FooNtB4_5Trait6method",
      "<mycrate::Foo as mycrate::Trait>::method"
    ),
    (
      "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
      "utf8_idents::საჭმელად_გემრიელი_სადილი"
    ),
    ("_RINvC1c1fFG_RL0_hEuE", "c::f::<for<'a> fn(&'a u8)>"),
    ("_RINvC1c1fTlETlmEAhj4_E", "c::f::<(i32,), (i32, u32), [u8; 4]>"),
    ("_RINvC1c1fKb1_Kc41_Kin5_E", "c::f::<true, 'A', -5>"),
    ("$s4main3fooyyF", "main.foo() -> ()"), ("plain", "plain"), ("", ""), ("i", "i"),
    ("_Z", "_Z"), ("_R", "_R"), ("_RNvC6_123foo3ba", "_RNvC6_123foo3ba"), ("$s", "$s"),
    ("_ZN17h0123456789abcdefE", "h0123456789abcdef"),
  ])
  func readable(name: String, expected: String) {
    #expect(Demangler.readable(ByteView(name)) == expected)
  }

  @Test func versionScriptsSeeTheRuntimesForm() {
    let name = "_ZN3std2io5stdio6_print17h0123456789abcdefE"
    #expect(
      Demangler.itanium(ByteView(name)).map { String(decoding: $0, as: UTF8.self) }
        == "std::io::stdio::_print::h0123456789abcdef")
    #expect(Demangler.itanium(ByteView("i")) == nil)
  }

  @Test func mutilatedNamesAreHandled() {
    let names = [
      "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
      "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
      "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
    ]
    var random = RepeatableRandom(seed: 2)
    for name in names {
      for _ in 0..<2_000 {
        var bytes = Array(name.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let position = Int.random(in: 2..<bytes.count, using: &random)
          bytes[position] = bytes.randomElement(using: &random) ?? 0
        }
        let view = ByteView(bytes)
        #expect(Demangler.demangled(view)?.isEmpty != true)
      }
    }
    // Back references to back references, which would print 2 to the 60th names.
    let bomb = "_RINvC1a1b" + String(repeating: "TB9_BgE", count: 60) + "E"
    _ = Demangler.demangled(ByteView(bomb))
    let deep = "_RINvC1a1b" + String(repeating: "R", count: 100_000) + "hE"
    #expect(Demangler.demangled(ByteView(deep)) == nil)
    #expect(Demangler.demangled(ByteView("_Z" + String(repeating: "P", count: 100_000))) == nil)
  }
}
