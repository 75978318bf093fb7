// From names to numbers: places, ranges and expressions against the working image.

internal import ELF

/// A place, found.
struct ResolvedPlace {
  var space: AddressSpace
  var address: UInt64
  /// What the script named, for messages.
  var label: String
  /// How many bytes the named object has from `address` on; nil for plain addresses.
  var room: UInt64?
  var slot: Slot?
  /// Where the object begins.
  var start: UInt64
  /// Shorter data needs `pad=`.
  var needsPadding = false
}

/// A range in one address space.
struct AddressRange: Equatable {
  var space: AddressSpace
  var range: Range<UInt64>
}

extension EditSession {
  /// Finds a place. Virtual addresses stay virtual, unloaded sections become file offsets, load
  /// addresses are kept if `keepLoad`, else turned into virtual ones.
  func resolve(_ place: EditPlace, keepLoad: Bool = false) throws(EditFailure) -> ResolvedPlace {
    var result: ResolvedPlace
    switch place.base {
    case .virtual(let value):
      let address = try evaluate(value).value
      result = ResolvedPlace(
        space: .virtual, address: address, label: "va:\(hex(address))", start: address)
    case .load(let value):
      let address = try evaluate(value).value
      result = ResolvedPlace(
        space: .load, address: address, label: "lma:\(hex(address))", start: address)
    case .file(let value):
      let address = try evaluate(value).value
      result = ResolvedPlace(
        space: .file, address: address, label: "off:\(hex(address))", start: address)
    case .start(let object):
      result = try find(object)
    case .end(let object):
      result = try find(object)
      guard let size = result.room else {
        throw EditFailure(.value, "\(object) has no end")
      }
      result.address = try sum(result.address, size)
      result.label = "end(\(object))"
      result.room = nil
      result.slot = nil
      result.needsPadding = false
    }
    if place.offset > 0 {
      if let room = result.room {
        guard place.offset <= room else {
          throw EditFailure(
            .slotOverflow, "\(result.label) has \(room) bytes, the offset is \(place.offset)")
        }
        result.room = room - place.offset
        result.needsPadding = false
      }
      result.address = try sum(result.address, place.offset)
      result.label += "+\(hex(place.offset))"
    }
    if result.space == .load, !keepLoad {
      guard let address = image.virtualAddress(ofLoad: result.address) else {
        throw EditFailure(
          .notInFile, "no segment has bytes at lma \(hex(result.address))")
      }
      let delta = address &- result.address
      result.address = address
      result.start = result.start &+ delta
      result.space = .virtual
    }
    return result
  }

  private func sum(_ a: UInt64, _ b: UInt64) throws(EditFailure) -> UInt64 {
    let (value, overflow) = a.addingReportingOverflow(b)
    guard !overflow else { throw EditFailure(.value, "the place lies beyond the address space") }
    return value
  }

  private func find(_ object: ObjectName) throws(EditFailure) -> ResolvedPlace {
    let label = object.description
    func made(
      _ space: AddressSpace, _ address: UInt64, _ size: UInt64
    ) throws(EditFailure) -> ResolvedPlace {
      _ = try sum(address, size)
      return ResolvedPlace(
        space: space, address: address, label: label, room: size, start: address)
    }
    switch object {
    case .symbol(let name):
      let symbol = try image.symbol(named: name)
      guard symbol.type != STT.TLS else {
        throw EditFailure(.unsupported, "'\(name)' is thread-local: it has no address")
      }
      // The lowest bit of an ARM function says Thumb; the bytes begin below it.
      let isThumb = image.machine == EM.ARM && symbol.type == STT.FUNC
      var place = try made(.virtual, isThumb ? symbol.value & ~1 : symbol.value, symbol.size)
      place.needsPadding = true
      if symbol.size == 0 {
        place.room = nil
        place.needsPadding = false
      }
      return place
    case .section(let name):
      let section = try image.section(named: name)
      var place = try made(
        section.isLoaded ? .virtual : .file, section.isLoaded ? section.address : section.offset,
        section.size)
      place.needsPadding = true
      if name.hasPrefix(SlotNote.sectionPrefix) {
        place.slot = try image.slots().first { SlotNote.sectionPrefix + $0.name == name }
      }
      return place
    case .slot(let name):
      let slot = try image.slot(named: name)
      var place = try made(.virtual, slot.address, slot.size)
      place.slot = slot
      return place
    case .region(let name):
      let region = try image.region(named: name)
      return try made(.load, region.origin, region.length)
    case .segment(let index):
      guard image.segments.indices.contains(index), image.segments[index].type == PT.LOAD else {
        throw EditFailure(.notFound, "program header \(index) is not a PT_LOAD")
      }
      return try made(.virtual, image.segments[index].address, image.segments[index].fileSize)
    case .rom:
      guard let rom = image.rom else {
        throw EditFailure(.notInFile, "the file has no loaded bytes")
      }
      return try made(.load, rom.lowerBound, rom.upperBound - rom.lowerBound)
    }
  }

  /// Finds a range; both ends in one address space.
  func resolve(_ range: RangeSpecification) throws(EditFailure) -> AddressRange {
    switch range {
    case .object(let object):
      let place = try find(object)
      guard let size = place.room else {
        throw EditFailure(.value, "\(object) has no size", hint: "write \(object),+SIZE")
      }
      return AddressRange(space: place.space, range: place.address..<(place.address &+ size))
    case .sized(let start, let size):
      let place = try resolve(start, keepLoad: true)
      return AddressRange(
        space: place.space, range: place.address..<(try sum(place.address, size)))
    case .between(let first, let last):
      var low = try resolve(first, keepLoad: true)
      var high = try resolve(last, keepLoad: true)
      if low.space != high.space {
        guard low.space != .file, high.space != .file else {
          throw EditFailure(.value, "a range joins loaded and unloaded bytes")
        }
        low = try asLoad(low)
        high = try asLoad(high)
      }
      guard low.address <= high.address else {
        throw EditFailure(
          .value, "the range \(hex(low.address))..\(hex(high.address)) is backwards")
      }
      return AddressRange(space: low.space, range: low.address..<high.address)
    }
  }

  private func asLoad(_ place: ResolvedPlace) throws(EditFailure) -> ResolvedPlace {
    guard place.space == .virtual else { return place }
    guard let address = image.loadAddress(ofVirtual: place.address) else {
      throw EditFailure(.notInFile, "\(place.label) has no load address")
    }
    var result = place
    result.space = .load
    result.address = address
    return result
  }

  /// The bytes of a range of the working image; all of them must be in the file.
  func read(_ range: RangeSpecification) throws(EditFailure) -> [UInt8] {
    try read(resolve(range))
  }

  func read(_ range: AddressRange) throws(EditFailure) -> [UInt8] {
    let length = range.range.upperBound - range.range.lowerBound
    var view: ByteView?
    switch range.space {
    case .virtual: view = image.bytes(atVirtual: range.range.lowerBound, length)
    case .file: view = image.bytes.slice(range.range.lowerBound, length)
    case .load:
      if let address = image.virtualAddress(ofLoad: range.range.lowerBound) {
        view = image.bytes(atVirtual: address, length)
      }
    }
    if let view { return view.array }
    let place = "\(range.space.rawValue) \(hex(range.range.lowerBound))"
    throw EditFailure(
      .notInFile, "\(length) bytes at \(place) are not all in the file",
      hint: "bytes of .bss exist only in memory")
  }
}
