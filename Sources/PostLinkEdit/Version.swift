/// The version of the library and of `swold-edit`.
public let postLinkEditVersion = "0.1.0"
