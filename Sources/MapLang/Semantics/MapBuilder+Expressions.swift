// Expressions: from syntax to folded trees, with the rules on what may be asked where.
//
// Four levels (section 6 of the design). A *constant* is needed before anything is placed: it sees
// constants and the declared start, end and size of regions. A *placement* expression also sees the
// sizes and alignments of sections, which are known before any address. A *storing* one says where bytes
// are stored, when all run addresses are known. An *observing* one sees the finished layout.

enum ExpressionLevel: Int, Comparable {
  case constant, placement, storing, observing

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension MapBuilder {
  /// The value of a constant expression; nil if it has none, which was reported.
  mutating func constant(_ syntax: ExpressionSyntax) -> Value? {
    if case .integer(let number, let position) = syntax {
      return checked(Value(number), position)
    }
    resolveNeeds(of: syntax)
    return resolve(syntax, .constant)?.constant
  }

  /// A constant that is an address or a size.
  mutating func unsignedConstant(_ syntax: ExpressionSyntax, _ what: String) -> UInt64? {
    guard let value = constant(syntax) else { return nil }
    guard let number = value.unsigned else {
      error(.badNumber, "\(what) cannot be negative", at: syntax.position)
      return nil
    }
    return number
  }

  /// A constant that is a power of two.
  mutating func alignmentConstant(_ syntax: ExpressionSyntax) -> UInt64? {
    guard let number = unsignedConstant(syntax, "an alignment") else { return nil }
    guard number != 0 && number & (number - 1) == 0 else {
      error(.badNumber, "the alignment \(number) is not a power of two", at: syntax.position)
      return nil
    }
    guard number <= 1 << 32 else {
      error(
        .badNumber, "the alignment \(number) is more than a section can have, 4 GiB",
        at: syntax.position)
      return nil
    }
    return number
  }

  private mutating func checked(_ value: Value, _ position: SourcePosition) -> Value? {
    if settings.width.contains(value.number) { return value }
    error(
      .badNumber, "\(value.number) does not fit the numbers of the target", at: position)
    return nil
  }

  /// The expression with its names resolved and constants folded; nil if that failed and was
  /// reported.
  mutating func resolve(_ syntax: ExpressionSyntax, _ level: ExpressionLevel) -> Expression? {
    switch syntax {
    case .integer(let number, let position):
      return checked(Value(number), position).map { .number($0, position) }
    case .name(let text):
      return namedConstant(text).map { .number($0, text.position) }
    case .invalid: return nil
    case .unary(let unaryOperator, let operand, let position):
      guard let operand = resolve(operand, level) else { return nil }
      return fold(.unary(unaryOperator, operand, position), operand.constant != nil)
    case .binary(let binaryOperator, let left, let right, let position):
      let first = resolve(left, level)
      let second = resolve(right, level)
      guard let first, let second else { return nil }
      return fold(
        .binary(binaryOperator, first, second, position),
        first.constant != nil && second.constant != nil)
    case .numeric(let function, let arguments, let position):
      let wanted =
        switch function {
        case .min, .max: 1...Int.max
        case .alignUp, .alignDown: 2...2
        case .pow2Ceil: 1...1
        }
      guard wanted.contains(arguments.count) else {
        error(
          .badNumber,
          "\(function.name) takes \(wanted.lowerBound == 2 ? "two numbers" : "one number"), "
            + "not \(arguments.count)", at: position)
        return nil
      }
      var values: [Expression] = []
      for argument in arguments {
        if let value = resolve(argument, level) { values.append(value) }
      }
      guard values.count == arguments.count else { return nil }
      return fold(
        .call(function, values, position), values.allSatisfy { $0.constant != nil })
    case .geometry(let function, let target, let position):
      return geometry(function, target, position, level)
    }
  }

  private mutating func fold(_ expression: Expression, _ isConstant: Bool) -> Expression? {
    guard isConstant else { return expression }
    do throws(EvaluationError) {
      let value = try evaluate(expression, width: settings.width) { _ in nil }
      return .number(value, expression.position)
    } catch {
      diagnostics.append(MapDiagnostic(error, at: expression.position))
      return nil
    }
  }

  // MARK: - Names

  private mutating func namedConstant(_ text: SyntaxText) -> Value? {
    let name = string(text)
    guard let index = findConstant(name, isBuiltIn: isBuiltIn) else {
      unknownName(
        "constant", name, at: text.position, among: constants.map(\.name),
        hint: ". Symbols of the program are written sym(NAME)")
      return nil
    }
    return value(ofConstant: index)
  }

  mutating func value(ofConstant index: Int) -> Value? {
    switch constants[index].state {
    case .resolved: return constants[index].value
    case .failed: return nil
    case .resolving:
      // All that are being resolved are in one circle; people look for it where it begins.
      let circle = constants.indices.filter { constants[$0].state == .resolving }
      let first =
        circle.min {
          let (a, b) = (constants[$0].position, constants[$1].position)
          return (a.file, a.offset) < (b.file, b.offset)
        } ?? index
      error(
        .addressInPlacement, "'\(constants[first].name)' is defined by itself",
        at: constants[first].position)
      constants[index].state = .failed
      return nil
    case .unresolved: break
    }
    constants[index].state = .resolving
    let wasBuiltIn = isBuiltIn
    isBuiltIn = constants[index].isBuiltIn
    let value = constant(constants[index].syntax)
    isBuiltIn = wasBuiltIn
    if constants[index].state == .failed { return nil }
    constants[index].state = value == nil ? .failed : .resolved
    if let value { constants[index].value = value }
    return value
  }

  /// `start(.text)`, `size(flash)`, `sym(main)`.
  private mutating func geometry(
    _ function: GeometryFunction, _ target: SyntaxText, _ position: SourcePosition,
    _ level: ExpressionLevel
  ) -> Expression? {
    let name = string(target)
    if function == .sym {
      guard level == .observing else {
        error(
          .addressInPlacement, "the value of a symbol is not known before everything is placed",
          at: position, help: "use constants: 'let' and 'param'")
        return nil
      }
      return .query(.symbol(name), position)
    }
    if let region = findRegion(name) {
      return regionQuery(function, region, name, position, level)
    }
    if function == .used || function == .free {
      unknownName("region", name, at: target.position, among: regionSyntax.map(\.name))
      return nil
    }
    let property: SectionProperty =
      switch function {
      case .start: .address
      case .end: .end
      case .size: .size
      case .loadStart: .loadAddress
      case .loadEnd: .loadEnd
      case .alignOf: .alignment
      case .fileOffset: .fileOffset
      case .used, .free, .sym: .size
      }
    let isSize = function == .size || function == .alignOf
    guard
      level == .observing || (level == .storing && function != .fileOffset)
        || (level == .placement && isSize)
    else {
      error(
        .addressInPlacement,
        isSize
          ? "\(function.text)() of a section is not known here, only constants are"
          : "\(function.text)() of a section is not known before everything is placed",
        at: position,
        help: isSize
          ? nil : "only 'symbol', 'assert' and 'load at' see addresses; placement sees sizes")
      return nil
    }
    return .query(.section(property, section(target)), position)
  }

  private mutating func regionQuery(
    _ function: GeometryFunction, _ region: RegionID, _ name: String, _ position: SourcePosition,
    _ level: ExpressionLevel
  ) -> Expression? {
    let property: RegionProperty
    switch function {
    case .start: property = .start
    case .end: property = .end
    case .size: property = .size
    case .used: property = .used
    case .free: property = .free
    case .loadStart, .loadEnd, .alignOf, .fileOffset, .sym:
      error(
        .unknownName, "\(function.text)() is a question about a section, and '\(name)' is a region",
        at: position)
      return nil
    }
    if function == .used || function == .free {
      guard level == .observing else {
        error(
          .addressInPlacement, "what is used of a region is not known before everything is placed",
          at: position)
        return nil
      }
      return .query(.region(property, region), position)
    }
    guard resolveRegionRange(region) else { return nil }
    let row = map.regions[region.index]
    guard let size = row.size else {
      if function == .start { return .number(Value(row.at), position) }
      error(.badNumber, "region '\(name)' has no size", at: position)
      return nil
    }
    let value: Int128 =
      switch property {
      case .start: Int128(row.at)
      case .end: Int128(row.at) + Int128(size)
      case .size, .used, .free: Int128(size)
      }
    return checked(Value(value), position).map { .number($0, position) }
  }
}

extension MapDiagnostic {
  /// Why an expression has no value.
  public init(_ error: EvaluationError, at position: SourcePosition? = nil) {
    let place = position ?? error.position
    switch error.reason {
    case .outOfRange:
      self.init(.badNumber, "the result does not fit the numbers of the target", at: place)
    case .divisionByZero: self.init(.badNumber, "division by zero", at: place)
    case .shiftCount: self.init(.badNumber, "a shift by less than 0 or more than 127", at: place)
    case .notPowerOfTwo: self.init(.badNumber, "an alignment is not a power of two", at: place)
    case .unknown(.symbol(let name)):
      self.init(
        .noSuchSymbol, "no symbol '\(name)' is defined", at: error.position)
    case .unknown(.section(let property, _)):
      self.init(
        .unknownName, "the section has no \(property.functionName)", at: error.position)
    case .unknown(.region(let property, _)):
      self.init(
        .unknownName, "the region has no \(property.functionName)", at: error.position)
    }
  }
}
