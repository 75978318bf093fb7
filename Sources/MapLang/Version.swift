/// The newest version of the section-map language that this library reads: `smap 1;`.
public let mapLanguageVersion = 1
