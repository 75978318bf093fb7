// Makes the map in force: the files of --section-map, or the built-in text.

internal import ELF
internal import MapLang

extension Inputs {
  func loadMap() {
    var settings = MapSettings()
    settings.isRelocatable = options.outputKind == .relocatable
    settings.isPositionIndependent = options.outputKind.isPositionIndependent
    settings.assignments = options.mapParameters.map { "\($0.name)=\($0.expression)" }
    settings.defaultParameters = DefaultMap.parameters(options, target)
    var sources: [SourceFile] = []
    for path in options.sectionMapPaths {
      switch load(path) {
      case .found(let source): sources.append(source)
      case .notFound: log.error(.fileNotFound(path))
      case .unreadable(_, let reason): log.error(.cannotReadMap(path, reason))
      }
    }
    guard sources.count == options.sectionMapPaths.count else { return }
    sources += importedMaps.map { imported in
      SourceFile(name: "<imported from \(imported.script)>", bytes: Array(imported.text.utf8))
    }
    if let source = options.mapSource(refines: sources.isEmpty) { sources.append(source) }
    let search = LibrarySearch(options, target)
    let result = MapCompiler.compile(
      sources,
      defaultMap: options.sectionOrder?.source ?? DefaultMap.source(options.defaultMapForm),
      settings: settings
    ) { name, includedFrom in
      let folder = includedFrom.lastIndex(of: "/").map { String(includedFrom[...$0]) } ?? ""
      let beside = load(name.hasPrefix("/") ? name : folder + name)
      if case .notFound = beside {
        return search.find(fileNamed: name).map { load($0) } ?? .notFound
      }
      return beside
    }
    for diagnostic in result.diagnostics { report(diagnostic, result.sources) }
    map = result.map
    applyOptions(result.sources)
    readOrderFiles(search)
  }

  /// Options that set the same things as a map act on the built-in one; against a user's they are
  /// an error, for one of the two would be ignored.
  private func applyOptions(_ sources: SourceSet) {
    guard let current = map else { return }
    if let wanted = options.orphanHandling {
      let policy: OrphanPolicy =
        switch wanted {
        case .place: .place
        case .discard: .discard
        case .warn: .warn
        case .error: .error
        }
      let position = current.orphansPosition
      let isStated =
        sources.text(at: position).hasPrefix("orphans")
        && !sources.files[Int(position.file)].isBuiltIn
      if isStated && policy != current.orphans {
        report(
          MapDiagnostic(
            .doesNotFitLink, "--orphan-handling=\(wanted) contradicts the map", at: position,
            help: "drop the option or the statement"), sources)
      } else {
        map?.orphans = policy
      }
    }
    if let position = current.pagesPosition, options.setsMaxPageSize,
      current.pages != .size(maxPageSize)
    {
      report(
        MapDiagnostic(
          .doesNotFitLink,
          "-z max-page-size=\(maxPageSize) contradicts the '\(current.pages)' of the map",
          at: position, help: "drop the option or the statement"), sources)
    }
    guard hasUserMap && !current.extendsDefault else { return }
    var contradicting = options.sectionStarts.map {
      "--section-start=\($0.name)=0x\(String($0.address, radix: 16))"
    }
    if options.physicalImageBase != nil { contradicting.append("--physical-image-base") }
    if options.imageBase != nil { contradicting.append("--image-base") }
    if options.textSegmentAddress != nil { contradicting.append("-Ttext-segment") }
    if options.readOnlySegmentAddress != nil { contradicting.append("-Trodata-segment") }
    if options.largeDataAddress != nil { contradicting.append("-Tldata-segment") }
    for option in contradicting {
      report(
        MapDiagnostic(
          .doesNotFitLink, "\(option) sets an address, and the section map sets all of them",
          at: nil,
          help: "write it into the map (a 'param' can be set with --map-set), or begin the "
            + "map with 'extends default;'"), sources)
    }
  }

  /// --print-section-map: the map in force, with all parameters at their values.
  func printMap() {
    guard let map else { return }
    DiagnosticEngine.write(MapPrinter.print(map), to: 1)
  }

  func read(_ path: String) -> SourceFile? {
    if case .found(let source) = load(path) { source } else { nil }
  }

  private func load(_ path: String) -> LoadedFile {
    do throws(FileError) {
      guard let file = try MappedFile.open(options.located(path)) else { return .notFound }
      noteRead(path, .text)
      return .found(SourceFile(name: path, bytes: [UInt8](file.bytes.buffer)))
    } catch {
      // The rest of the sentence is advice on objects.
      return .unreadable(
        path: path, reason: String(error.reason.split(separator: ";").first ?? "cannot be read"))
    }
  }

  /// Prints a message about a map as the language words it, in the order of the text: the files of
  /// the map are like sections of one file that stands before all inputs.
  func report(_ diagnostic: MapDiagnostic, _ sources: SourceSet) {
    let program = diagnostic.position == nil ? "\(log.program): " : ""
    var message = Message("map", program + diagnostic.render(in: sources))
    message.isComplete = true
    let place = diagnostic.position.map {
      Place(file: 0, section: UInt32($0.file) + 1, offset: UInt64($0.offset))
    }
    if diagnostic.severity == .error {
      log.error(message, at: place ?? .none)
    } else {
      log.warning(message, at: place ?? .none)
    }
  }
}

extension Message {
  static func cannotReadMap(_ path: String, _ reason: String) -> Message {
    Message("cannotReadMap", "cannot read the section map \(path): \(reason)")
  }
}

extension Options {
  /// The built-in map that they ask for.
  fileprivate var defaultMapForm: DefaultMap.Form {
    var form = DefaultMap.Form()
    form.separatesCode = readOnlySegment
    form.isStoredApart = physicalImageBase != nil
    form.pinsReadOnlyData = readOnlySegmentAddress != nil
    form.pinsLargeData = largeDataAddress != nil
    return form
  }

  /// What options say in the words of the map. `refines`: there is no other map.
  fileprivate func mapSource(refines: Bool) -> SourceFile? {
    guard !discardedSections.isEmpty, outputKind != .relocatable else { return nil }
    var text = "smap 1;\n" + (refines ? "extends default;\n" : "")
    for name in discardedSections { text += "discard \"\(name)\";\n" }
    return SourceFile(name: "<options>", bytes: Array(text.utf8))
  }
}

extension Inputs {
  /// -z max-page-size, or the largest page that the machine may have.
  var maxPageSize: UInt64 { options.maxPageSize ?? target.maxPageSize }

  /// Padding up to pages of 64 KiB makes 200 KB of a program of 7. (lld)
  var codeSeparation: CodeSeparation {
    let hasLargePages = target.maxPageSize > Layout.smallestPage
    return options.codeSeparation ?? (hasLargePages ? .nothing : .loadableSegments)
  }
}

extension Options {
  /// Where the built-in map begins.
  func imageBase(_ target: TargetFacts) -> UInt64 {
    imageBase ?? textSegmentAddress ?? (outputKind.isPositionIndependent ? 0 : target.imageBase)
  }
}

extension DefaultMap {
  /// What the command line decides, as values for the parameters of the text.
  static func parameters(
    _ options: Options, _ target: TargetFacts
  ) -> [(name: String, value: UInt64)] {
    [
      ("image_base", options.imageBase(target)),
      ("load_base", options.physicalImageBase ?? 0),
      ("rodata_base", options.readOnlySegmentAddress ?? 0),
      ("ldata_base", options.largeDataAddress ?? 0),
      ("read_only_dynamic", options.readOnlyDynamic ? 1 : 0),
      ("page_size", options.maxPageSize ?? target.maxPageSize),
      ("use_relro", options.relro ? 1 : 0),
      ("bind_now", options.bindNow && options.relro ? 1 : 0),
      ("keep_text_prefix", options.keepTextSectionPrefix ? 1 : 0),
      ("bss_bounds", target.hasBSSBounds ? 1 : 0),
      ("small_data", target.smallDataPointer == nil ? 0 : 1),
    ]
  }
}
