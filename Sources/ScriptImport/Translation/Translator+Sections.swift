// The walk along SECTIONS: moves of the location counter become places, padding and reserves.
//
// A section with `> REGION` goes on where that region is, whatever the counter says; so between such
// sections a move of the counter only matters for the symbols that look at it. Without MEMORY the
// counter is the place, and `. = X` begins a new one.

extension Translator {
  mutating func walk(_ statement: ScriptStatement) {
    switch statement.kind {
    case .comments:
      tail += statement.trivia.before.map { .comment($0) }
    case .entry(let name):
      preamble += statement.trivia.before.map { .comment($0) }
      preamble.append(.line("entry \(MapWords.name(name));"))
    case .extern(let names):
      preamble.append(.line("root \(names.map(MapWords.name).joined(separator: ", "));"))
    case .assignment(let assignment) where assignment.target == ".": move(assignment, statement)
    case .assignment(let assignment): assign(assignment, statement)
    case .assertion(let condition, let message): assert(condition, message, statement)
    case .section(let section): output(section, statement)
    case .overlay(let overlay): self.overlay(overlay, statement)
    case .command(let word, let names): command(word, names, statement)
    case .insert: break
    case .memory, .headers, .alias, .sections, .input, .data, .text, .fill:
      tail += untranslated(statement, "it cannot stand here")
    }
  }

  // MARK: - The location counter between sections

  private mutating func move(_ assignment: ScriptAssignmentSyntax, _ statement: ScriptStatement) {
    var value = assignment.value
    if assignment.sign != "=" {
      value = .binary(String(assignment.sign.dropLast()), .dot, value)
    }
    value = Self.plain(value)
    if value == .dot { return }
    let comments = statement.trivia.before + statement.trivia.behind
    let isOpen = openFlow != nil && anchor == openFlow
    // `. = X;`
    if isConstant(value) {
      do throws(Untranslatable) {
        let address = try expression(value, .constant)
        beginFlow(at: address, value: self.value(value), comments)
      } catch {
        tail += untranslated(statement, error.reason)
      }
      return
    }
    if Self.mentionsHeaders(value) { return moveBehindHeaders(value, statement) }
    do throws(Untranslatable) {
      switch value {
      case .call("ALIGN", let values)
      where values.count == 1 || values[0] == .dot,
        .call("BLOCK", let values), .call("NEXT", let values),
        .call("DATA_SEGMENT_ALIGN", let values):
        try align(to: value, values, isOpen, comments, statement)
      case .binary("+", .dot, let distance), .binary("+", let distance, .dot):
        try advance(by: distance, isOpen, comments)
      case .binary("+", .call("ALIGN", let values), .binary("&", .dot, _)) where values.count == 1:
        // `ALIGN(page) + (. & (page - 1))`: the same page of the file at the next page of memory.
        note(
          "the next page begins at its start here, not at the offset where the last one ended",
          statement.place)
        try align(to: .call("ALIGN", values), values, isOpen, comments, statement)
      default:
        let words = try expression(value, .observing, counter)
        if !isOpen && openFlow != anchor || !memories.isEmpty {
          // Only symbols see it.
          counter = words
          constantCounter = self.value(value)
          anchor = nil
        } else {
          throw Untranslatable(reason: "a map has no location counter that moves to such a place")
        }
      }
    } catch {
      tail += untranslated(statement, error.reason)
    }
  }

  /// What stands behind here begins at `address`.
  private mutating func beginFlow(
    at address: MapExpression, value: UInt64?, _ comments: [String]
  ) {
    flows.append(FlowDraft(region: nil, at: address))
    if !comments.isEmpty { flows[flows.count - 1].items.append(.comments(comments)) }
    openFlow = flows.count - 1
    anchor = nil
    counter = address
    constantCounter = value
  }

  /// `. = ALIGN(n);`
  private mutating func align(
    to value: ScriptExpression, _ values: [ScriptExpression], _ isOpen: Bool,
    _ comments: [String], _ statement: ScriptStatement
  ) throws(Untranslatable) {
    let multiple = value.isDataSegmentAlign ? values[0] : values[values.count - 1]
    let words = try expression(multiple, .constant)
    if value.isDataSegmentAlign {
      note(
        "DATA_SEGMENT_ALIGN: the data begins on a page of its own; GNU ld may share the last one",
        statement.place)
    }
    if isOpen, let flow = openFlow, let last = flows[flow].items.popLast() {
      let attributes = comments.map { MapNode.comment($0) } + [.line("pad \(words.text);")]
      flows[flow].items.append(.group(attributes, [last]))
      counter = counter.map { MapExpression("align_up(\($0.text), \(words.text))") }
    } else {
      let aligned = counter.map { MapExpression("align_up(\($0.text), \(words.text))") }
      // A flow that has not begun begins there.
      if let flow = openFlow, flows[flow].items.allSatisfy(\.isComment), constantCounter != nil,
        let aligned
      {
        flows[flow].at = aligned
      }
      counter = aligned
      constantCounter = self.value(.call("ALIGN", [multiple]))
      anchor = nil
      return
    }
    constantCounter = nil
  }

  /// `. += n;`
  private mutating func advance(
    by distance: ScriptExpression, _ isOpen: Bool, _ comments: [String]
  ) throws(Untranslatable) {
    if isOpen, let flow = openFlow {
      let words = try expression(distance, .placement)
      let name = reserveName("room")
      flows[flow].items.append(
        .reserve(
          name, comments.map { .comment($0) } + [.line("size \(words.text);")],
          segment: lastSegment))
      counter = counter.map {
        MapExpression("\(MapExpression.sum($0)) + \(Self.tight(words, 9))", 8)
      }
      constantCounter = nil
      return
    }
    let words = try expression(distance, .observing, counter)
    let sum = counter.map { MapExpression("\(MapExpression.sum($0)) + \(Self.tight(words, 9))", 8) }
    if let flow = openFlow, flows[flow].items.allSatisfy(\.isComment), isConstant(distance), let sum
    {
      flows[flow].at = sum
    }
    let number = value(distance)
    constantCounter = constantCounter.flatMap { old in number.map { old &+ $0 } }
    counter = sum
    anchor = nil
  }

  /// `. = X + SIZEOF_HEADERS;`
  private mutating func moveBehindHeaders(_ value: ScriptExpression, _ statement: ScriptStatement) {
    var base: ScriptExpression?
    if case .binary("+", let left, .call("SIZEOF_HEADERS", _)) = value { base = left }
    if case .call("SIZEOF_HEADERS", _) = value { base = .number(0, "0") }
    if let base, isConstant(base), let address = try? expression(base, .constant) {
      beginFlow(at: address, value: nil, statement.trivia.before + statement.trivia.behind)
      flows[flows.count - 1].items.append(.headers)
      counter = nil
      note(
        "the headers have another size than with GNU ld, and what has other rights than its neighbour begins a page",
        statement.place)
      return
    }
    tail += untranslated(statement, "the headers can only begin a place")
  }

  mutating func reserveName(_ wish: String) -> String {
    var name = wish
    var number = 1
    while !reserveNames.insert(name).inserted {
      number += 1
      name = wish + String(number)
    }
    return name
  }

  // MARK: - Output sections

  private mutating func output(_ section: ScriptSection, _ statement: ScriptStatement) {
    if section.name == "/DISCARD/" { return discard(section, statement) }
    if isUnallocated(section) {
      remark(
        "sections without addresses keep their names by themselves: \(section.name)",
        statement.place)
      return
    }
    if let type = section.type, ["INFO", "DSECT", "COPY", "OVERLAY"].contains(type) {
      tail += untranslated(statement, "a map has no section type \(type)")
      return
    }
    if let known = outputIndex[section.name] {
      return again(section, known, statement)
    }
    if section.constraint != nil {
      note(
        "\(section.constraint ?? "") depends on the input; the map has '\(section.name)' here, whatever its rights",
        statement.place)
    }
    let index = outputs.count
    outputs.append(OutputDraft(name: section.name, place: statement.place))
    outputIndex[section.name] = index
    outputs[index].before = statement.trivia.before
    outputs[index].behind = statement.trivia.behind
    attributes(of: section, index, statement)
    contents(of: section, index, statement)
    place(section, index, statement)
  }

  /// Debug information and the like: `.debug_info 0 : { *(.debug_info) }`.
  private func isUnallocated(_ section: ScriptSection) -> Bool {
    let names = [
      ".debug", ".zdebug", ".stab", ".line", ".comment", ".gnu.attributes", ".gdb_index",
    ]
    let isNamed =
      names.contains { section.name.hasPrefix($0) } || section.name.hasSuffix(".attributes")
    guard isNamed, section.region == nil else { return false }
    if let address = section.address { return value(address) == 0 && isConstant(address) }
    return true
  }

  private mutating func again(
    _ section: ScriptSection, _ known: Int, _ statement: ScriptStatement
  ) {
    if section.constraint != nil {
      tail += untranslated(
        statement, "the map has one section '\(section.name)', the first of the script")
      return
    }
    note(
      "'\(section.name)' is described twice; what is here follows the rest of it in the map",
      statement.place)
    contents(of: section, known, statement)
  }

  private mutating func attributes(
    of section: ScriptSection, _ index: Int, _ statement: ScriptStatement
  ) {
    func text(
      _ value: ScriptExpression, _ what: String, _ translator: inout Translator
    ) -> String? {
      do throws(Untranslatable) { return try translator.expression(value, .constant).text } catch {
        translator.note("\(what): \(error.reason)", statement.place)
        return nil
      }
    }
    if case .call(let name, let values) = section.address, values.count == 1,
      ["ALIGN", "BLOCK", "NEXT"].contains(name), let multiple = text(values[0], "address", &self)
    {
      outputs[index].attributes.append(.line("align \(multiple);"))
    }
    if let align = section.align, let multiple = text(align, "ALIGN", &self) {
      outputs[index].attributes.append(.line("align \(multiple);"))
    }
    if let subalign = section.subalign, let multiple = text(subalign, "SUBALIGN", &self) {
      outputs[index].attributes.append(.line("subalign \(multiple);"))
    }
    if section.alignsLoadWithInput {
      note(
        "ALIGN_WITH_INPUT: the map stores the section at a multiple of its alignment",
        statement.place)
    }
    switch section.type {
    case "NOLOAD":
      if !isBare(section) { outputs[index].attributes.append(.line("noload;")) }
    case "READONLY": outputs[index].attributes.append(.line("access r;"))
    case "TYPE", "READONLY (TYPE)":
      note("the map does not set the type of a section: \(section.name)", statement.place)
    default: break
    }
    if let fill = section.fill { self.fill(fill, index, statement.place) }
    outputs[index].isBare = isBare(section)
    outputs[index].isThreadBare = isThreadBare(section)
  }

  /// Whether names tell that a section has no bytes.
  private func isBare(_ section: ScriptSection) -> Bool {
    let names = inputNames(of: section)
    let bare = [
      ".bss", ".sbss", "COMMON", ".scommon", ".dynbss", ".dynsbss", ".tbss", ".gnu.linkonce.b",
      ".gnu.linkonce.sb", ".lbss", "LARGE_COMMON",
    ]
    return names.allSatisfy { name in bare.contains { name.hasPrefix($0) } }
      && !section.contents.contains { statement in
        switch statement.kind {
        case .data, .text: true
        default: false
        }
      }
  }

  /// `.tbss` takes no room, so the counter stands where it was.
  private func isThreadBare(_ section: ScriptSection) -> Bool {
    let names = inputNames(of: section)
    return !names.isEmpty
      && names.allSatisfy {
        $0.hasPrefix(".tbss") || $0.hasPrefix(".tcommon") || $0.hasPrefix(".gnu.linkonce.tb")
      }
  }

  private func inputNames(of section: ScriptSection) -> [String] {
    section.contents.flatMap { statement -> [String] in
      if case .input(let input) = statement.kind { return input.patterns.map(\.name) }
      return []
    }
  }

  // MARK: - Where a section goes

  private mutating func place(
    _ section: ScriptSection, _ index: Int, _ statement: ScriptStatement
  ) {
    var region: String?
    if let name = section.region {
      region = regionName(name)
      if region == nil {
        note(
          "MEMORY has no '\(name)'; the section goes where the one before went",
          statement.place)
      }
    } else if !memories.isEmpty, insertion == nil {
      if openFlow != nil, anchor == openFlow || anchor == nil && flows[openFlow!].items.isEmpty {
        region = nil
      } else if let last = lastRegion {
        region = last
        note(
          "'\(section.name)' names no region; GNU ld chooses one by attributes, the map takes '\(last)'",
          statement.place)
      }
    }
    segment(section, index)
    let flow = self.flow(for: section, region, statement)
    // What has an address of its own does not go on where the images end.
    if let region, flows[flow].at == nil {
      for image in waitingImages.removeValue(forKey: region) ?? [] {
        flows[flow].items.append(.image(image))
      }
    }
    load(section, index, region, flow, statement)
    flows[flow].items.append(.section(index))
    for name in outputs[index].endSymbols { flowOfSymbol[name] = flow }
    if !outputs[index].isThreadBare {
      anchor = flow
      counter = MapExpression("end(\(MapWords.name(section.name)))")
      constantCounter = nil
      counterSection = section.name
    }
    lastRegion = region ?? lastRegion
  }

  /// The flow that the section continues, or a new one where it says an address.
  private mutating func flow(
    for section: ScriptSection, _ region: String?, _ statement: ScriptStatement
  ) -> Int {
    if let address = section.address, !address.isAlignment {
      if isConstant(address), let words = try? expression(address, .constant) {
        flows.append(FlowDraft(region: region, at: words))
        let new = flows.count - 1
        if let region { flowOfRegion[region] = new } else { openFlow = new }
        return new
      }
      let isHere =
        (try? expression(address, .observing, counter)).map { $0.text == counter?.text } ?? false
      if isHere, section.align == nil, !endsPadded() {
        note(
          "an address makes GNU ld forget the alignment of '\(section.name)'; the map aligns it",
          statement.place)
      }
      if !isHere {
        note(
          "the address of '\(section.name)' is not known before the layout; it follows the section before",
          statement.place)
      }
    }
    if let region {
      if let known = flowOfRegion[region] { return known }
      flows.append(FlowDraft(region: region, at: nil))
      flowOfRegion[region] = flows.count - 1
      return flows.count - 1
    }
    if let openFlow { return openFlow }
    flows.append(FlowDraft(region: nil, at: MapExpression("0")))
    openFlow = flows.count - 1
    return flows.count - 1
  }

  /// Whether padding comes before the location counter.
  private func endsPadded() -> Bool {
    func isPadded(_ nodes: [MapNode]) -> Bool {
      nodes.contains { node in
        if case .line(let words, _) = node { return words.hasPrefix("pad ") }
        return false
      }
    }
    guard let anchor, let last = flows[anchor].items.last else { return true }
    switch last {
    case .section(let index): return isPadded(outputs[index].attributes)
    case .group(let attributes, _): return isPadded(attributes)
    case .reserve, .image, .headers, .comments: return false
    }
  }

  private mutating func segment(_ section: ScriptSection, _ index: Int) {
    var name = lastSegment
    if let load = section.headers.first(where: { wanted in
      headers.contains { $0.name == wanted && $0.type == "PT_LOAD" }
    }) {
      name = load
    } else if section.headers.contains("NONE") {
      note(
        "the section has no program header in the script: \(section.name)",
        outputs[index].place)
      name = nil
    }
    lastSegment = name
    outputs[index].segment = name
  }

  // MARK: - Load addresses

  private mutating func load(
    _ section: ScriptSection, _ index: Int, _ region: String?, _ flow: Int,
    _ statement: ScriptStatement
  ) {
    let name = MapWords.name(section.name)
    if let wanted = section.loadRegion {
      guard let target = regionName(wanted) else {
        return note("MEMORY has no '\(wanted)'", statement.place)
      }
      if target == region { return inheritedLoad[region ?? ""] = nil }
      store(index, in: target, statement)
      if let region { inheritedLoad[region] = target }
      return
    }
    guard let address = section.load else {
      if let region, let target = inheritedLoad[region], !outputs[index].isBare,
        section.type != "NOLOAD"
      {
        store(index, in: target, statement)
        note(
          "'\(section.name)' is stored in '\(target)' because the section before is; GNU ld keeps the distance between run and load address",
          statement.place)
      } else if region == nil, let distance = distanceOfFlow[flow] {
        outputs[index].distance = distance
      }
      return
    }
    // AT(ADDR(.self) - K)
    if let distance = distance(of: address, from: section.name) {
      outputs[index].distance = distance
      distanceOfFlow[flow] = distance
      return
    }
    if isConstant(address), let words = try? expression(address, .placement) {
      outputs[index].attributes.append(.line("load at \(words.text);"))
      outputs[index].hasLoad = true
      return
    }
    if let other = flowWhoseEnd(address), other != flow {
      let target: String
      if let known = flows[other].region {
        target = known
      } else {
        target = flows[other].madeRegion ?? reserveName("stored")
        flows[other].madeRegion = target
      }
      store(index, in: target, statement)
      if case .symbol(let symbol) = Self.plain(address) {
        remark("'\(symbol)' is where \(name) is stored", statement.place)
      }
      return
    }
    note(
      "the load address of '\(section.name)' has no counterpart, so it is the run address: AT(\(statement.words.prefix(60)))",
      statement.place)
  }

  private mutating func store(_ index: Int, in target: String, _ statement: ScriptStatement) {
    // GNU ld packs what is stored.
    outputs[index].attributes.append(.line("load in \(target) align 1;"))
    outputs[index].hasLoad = true
    guard !outputs[index].isBare else { return }
    waitingImages[target, default: []].append(index)
    storedSections.append((index, target, statement.place))
  }

  /// ` - K` of `ADDR(.self) - K`.
  private mutating func distance(of load: ScriptExpression, from name: String) -> String? {
    var load = Self.plain(load)
    if load == .of("ADDR", name) { return "" }
    if case .binary("-", let address, .of("ORIGIN", _)) = load {
      load = .binary("-", address, .dot)
    }
    guard case .binary(let sign, let left, let right) = load, sign == "+" || sign == "-" else {
      return nil
    }
    if Self.plain(left) == .of("ADDR", name), isConstant(right),
      let words = try? expression(right, .constant)
    {
      return " \(sign) \(Self.tight(words, 9))"
    }
    if sign == "+", Self.plain(right) == .of("ADDR", name), isConstant(left),
      let words = try? expression(left, .constant)
    {
      return " + \(Self.tight(words, 9))"
    }
    return nil
  }

  /// The flow at whose end `address` is: `LOADADDR(.a) + SIZEOF(.a)`, or a symbol there.
  private func flowWhoseEnd(_ address: ScriptExpression) -> Int? {
    switch Self.plain(address) {
    case .call("ALIGN", let values) where values.count == 2: return flowWhoseEnd(values[0])
    case .symbol(let name): return flowOfSymbol[name]
    case .binary("+", .of(let function, let name), .of("SIZEOF", let same))
    where name == same && (function == "ADDR" || function == "LOADADDR"):
      guard let index = outputIndex[name] else { return nil }
      if let stored = storedSections.first(where: { $0.index == index }) {
        return flows.indices.last {
          flows[$0].region == stored.target || flows[$0].madeRegion == stored.target
        }
      }
      return flows.indices.first { flow in
        flows[flow].items.last.map { $0.ends(with: index) } ?? false
      }
    default: return nil
    }
  }

  // MARK: - /DISCARD/, OVERLAY

  private mutating func discard(_ section: ScriptSection, _ statement: ScriptStatement) {
    tail += statement.trivia.before.map { .comment($0) }
    for inner in section.contents {
      switch inner.kind {
      case .input(let input):
        for rule in rule(for: input, nil, inner) { tail.append(.rule(rule)) }
      case .comments: tail += inner.trivia.before.map { .comment($0) }
      default: tail += untranslated(inner, "it cannot stand in /DISCARD/")
      }
    }
  }

  private mutating func overlay(_ overlay: ScriptOverlay, _ statement: ScriptStatement) {
    note(
      "OVERLAY: the map places its sections one behind the other, not at one address",
      statement.place)
    tail.append(.comment("not imported (OVERLAY): \(statement.words)"))
    for (index, (inner, place, _)) in overlay.sections.enumerated() {
      var section = inner
      if index == 0 { section.address = overlay.address }
      section.region = overlay.region
      section.loadRegion = overlay.loadRegion
      if section.headers.isEmpty { section.headers = overlay.headers }
      section.fill = section.fill ?? overlay.fill
      let name = MapWords.identifier(section.name)
      output(
        section,
        ScriptStatement(
          kind: .section(section), place: place, trivia: ScriptTrivia(), words: section.name))
      guard let output = outputIndex[section.name] else { continue }
      outputs[output].bounds += [
        .line("provide load_start __load_start_\(name);"),
        .line("provide load_end __load_stop_\(name);"),
      ]
    }
  }
}

extension MapExpression {
  /// The words as the first operand of a sum.
  static func sum(_ words: MapExpression) -> String {
    words.tightness < 8 ? "(\(words.text))" : words.text
  }
}

extension ScriptExpression {
  var isDataSegmentAlign: Bool {
    if case .call("DATA_SEGMENT_ALIGN", _) = self { return true }
    return false
  }

  /// `ALIGN(n)` as an address.
  var isAlignment: Bool {
    if case .call(let name, let values) = self {
      return ["ALIGN", "BLOCK", "NEXT"].contains(name) && values.count == 1
    }
    return false
  }
}

extension PlaceDraft {
  var isComment: Bool {
    if case .comments = self { return true }
    return false
  }

  /// Whether the last thing in it is that section.
  func ends(with section: Int) -> Bool {
    switch self {
    case .section(let index): index == section
    case .group(_, let items): items.last?.ends(with: section) ?? false
    case .reserve, .image, .headers, .comments: false
    }
  }
}
