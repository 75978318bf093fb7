// Says over the UART what the map and swold-edit have made of it.

/// In .data: copied from flash.
nonisolated(unsafe) var stored = 0x1234
/// In .bss.
nonisolated(unsafe) var cleared = 0

protocol Shape { func area() -> Int }
struct Square: Shape {
  var side: Int
  func area() -> Int { side * side }
}
struct Bar: Shape {
  var width: Int, height: Int
  func area() -> Int { width * height }
}

func total<S: Shape>(_ shapes: [S]) -> Int { shapes.reduce(0) { $0 + $1.area() } }

class Animal {
  func sound() -> String { "nothing" }
}
final class Dog: Animal {
  override func sound() -> String { "a bark" }
}

/// CRC-32 as of IEEE 802.3. (By a pointer that C made: the flash begins at 0, of which Swift makes none.)
func crc(_ start: UnsafePointer<CChar>, _ count: Int) -> UInt32 {
  var sum = ~UInt32(0)
  for index in 0..<count {
    sum ^= UInt32(UInt8(bitPattern: start[index]))
    for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 != 0 ? 0xedb8_8320 : 0) }
  }
  return ~sum
}

@inline(never)
func make(_ count: Int) -> [Animal] {
  (0..<count).map { $0 % 2 == 0 ? Animal() : Dog() }
}

func hexadecimal(_ number: UInt) -> String { String(number, radix: 16) }

@_cdecl("firmware_main")
public func firmwareMain() -> CInt {
  print("version \(String(cString: pointer(&__slot_version) as UnsafePointer<CChar>))")
  print("data    \(hexadecimal(UInt(stored))) at 0x\(hexadecimal(address(&data_start)))")
  print("bss     \(cleared)")
  let area = total((1...3).map { Square(side: $0) }) + total([Bar(width: 2, height: 5)])
  print("areas   \(area)")
  let animals = make(4)
  print("says    \(animals[3].sound())")
  let isInHeap = withExtendedLifetime(animals[0]) {
    let place = UInt(bitPattern: Unmanaged.passUnretained(animals[0]).toOpaque())
    return place >= address(&heap_start) && place < address(&heap_end)
  }
  print(
    "heap    \((address(&heap_end) - address(&heap_start)) >> 10) KiB\(isInHeap ? ", in use" : "")")
  let count = Int(address(&checked_end) - address(&checked_start))
  let isRight = crc(&checked_start, count) == pointer(&__slot_crc).pointee
  print("crc     \(isRight ? "right" : "wrong")")
  return stored == 0x1234 && cleared == 0 && area == 24 && isInHeap && isRight ? 0 : 1
}
