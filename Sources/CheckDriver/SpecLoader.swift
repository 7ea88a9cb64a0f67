import Diagnostics
import SpecSyntax

/// A spec with everything it imports, parsed.
public struct LoadedSpec: Sendable {
  /// The root file first.
  public let sources: SourceMap
  public let trees: [SyntaxTree]
  public let diagnostics: [Diagnostic]
  /// Names the content of all files: equal for equal content.
  public let hash: String
}

/// Reads a spec and, transitively, its imports; each file once.
///
/// Throws if the root file cannot be read; a broken import is a diagnostic at its `import`.
public func loadSpec(_ path: String, host: Host) throws(HostError) -> LoadedSpec {
  var loader = SpecLoader(host: host)
  let bytes = try host.read(path)
  loader.add(path, bytes)
  return loader.finish()
}

private struct SpecLoader {
  let host: Host
  var sources = SourceMap()
  var trees: [SyntaxTree] = []
  var diagnostics: [Diagnostic] = []
  var known = Set<String>()
  /// Files whose imports are being read, for the message about circles.
  var open: [String] = []

  init(host: Host) { self.host = host }

  mutating func add(_ path: String, _ bytes: [UInt8]) {
    known.insert(path)
    open.append(path)
    defer { open.removeLast() }
    let text = SourceText(path: path, bytes: bytes)
    let file = sources.add(text)
    let result = parse(text, file: file)
    trees.append(result.tree)
    diagnostics += result.diagnostics
    for declaration in result.tree.declarations {
      if case .importFile(let name) = declaration.kind { follow(name, from: path) }
    }
  }

  private mutating func follow(_ name: StringLiteral, from path: String) {
    guard isAllowed(name) else { return }
    guard let found = find(name.text, from: path) else {
      return report("E0603", "'\(name.text)' is neither beside this file nor in a folder above it", name)
    }
    if open.contains(found) {
      return report("E0604", "'\(name.text)' imports itself", name)
    }
    if known.contains(found) { return }
    if known.count >= 100 { return report("E0605", "a spec has at most 100 files", name) }
    do {
      add(found, try host.read(found))
    } catch {
      report("E0603", "'\(name.text)' cannot be read: \(error.reason)", name)
    }
  }

  private mutating func isAllowed(_ name: StringLiteral) -> Bool {
    let parts = name.text.split(separator: "/", omittingEmptySubsequences: false)
    if name.text.hasPrefix("/") || parts.contains("..") || parts.contains("") || parts.contains(".") {
      report("E0601", "an import is a path below a folder of the spec: no `..`, not absolute", name)
      return false
    }
    if !name.text.hasSuffix(".mmck") {
      report("E0602", "an import names a .mmck file", name)
      return false
    }
    return true
  }

  private mutating func report(_ code: String, _ message: String, _ name: StringLiteral) {
    diagnostics.append(Diagnostic(code: code, message: message, range: name.range))
  }

  /// Looks beside the importing file, then in each folder above it.
  private func find(_ name: String, from path: String) -> String? {
    var folder = parent(of: path)
    for _ in 0..<12 {
      let candidate = folder.isEmpty ? name : folder == "/" ? "/" + name : folder + "/" + name
      if host.kind(candidate) == .file { return candidate }
      if folder == "/" { return nil }
      folder =
        folder.isEmpty || folder.hasSuffix("..")
        ? (folder.isEmpty ? ".." : folder + "/..") : parent(of: folder)
    }
    return nil
  }

  private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  func finish() -> LoadedSpec {
    LoadedSpec(sources: sources, trees: trees, diagnostics: diagnostics, hash: contentHash())
  }

  /// FNV-1a over the contents, in order of import.
  ///
  /// Provenance, not security.
  private func contentHash() -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for file in sources.files {
      for byte in file.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
