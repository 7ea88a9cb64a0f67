import TransitionIR

/// A place in the spec text that needs no transition system to be read.
public struct SourcePlace: Hashable, Sendable {
  /// As the user named the spec; empty if unknown.
  public let file: String
  /// 1-based.
  public let line: Int
  /// 1-based, in bytes.
  public let column: Int
  /// The first line of the source text there, trimmed.
  public let text: String
  /// The function or process around it.
  public let function: String
  /// The `@ "..."` of the function, or empty.
  public let origin: String

  public init(file: String, line: Int, column: Int, text: String, function: String, origin: String) {
    self.file = file
    self.line = line
    self.column = column
    self.text = text
    self.function = function
    self.origin = origin
  }

  /// The place of a site of a system.
  public init(_ site: SiteID, in system: TransitionSystem) {
    let known = system.sites.indices.contains(site.index) ? system.sites[site.index] : nil
    let file = known.flatMap { system.files.indices.contains($0.file) ? system.files[$0.file] : nil }
    self.init(
      file: file ?? "", line: known?.line ?? 0, column: known?.column ?? 0, text: known?.text ?? "",
      function: known?.function ?? "", origin: known?.origin ?? "")
  }

  /// Such as `v1.mmck:12`.
  public var fileAndLine: String { "\(file):\(line)" }

  /// Such as `mm` for `specs/lib/kernel/mm.mmck`.
  var shortFile: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return name.hasSuffix(".mmck") ? String(name.dropLast(5)) : name
  }
}
