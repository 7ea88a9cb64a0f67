import Diagnostics
import SpecSyntax

/// What became of a file that was to be formatted.
public enum FormatResult: Sendable {
  /// The canonical text; it may be what the file holds already.
  case formatted(String)
  /// The file has errors (at least one), so nobody knows what its tokens mean.
  case rejected([Diagnostic])
}

/// The canonical layout of a file: indentation, the space between tokens, and where braces stand.
///
/// In the spirit of gofmt the author's line breaks stay, but for the places where a brace, a case or a declaration
/// has to begin a line or must not. The tokens and the comments are those of the source, in the same order;
/// formatting the result again changes nothing.
public func format(_ source: SourceText) -> FormatResult {
  let (layout, diagnostics) = tokenLayout(source, file: FileID(index: 0))
  guard diagnostics.isEmpty else { return .rejected(diagnostics) }
  var items = layoutItems(layout, source: source)
  LineBreaker(items: items, anchors: layout.anchors).decide(&items)
  var writer = LineWriter(items: items, anchors: layout.anchors)
  let text = writer.write()
  assert(spellings(text) == spellings(source.text(from: 0, to: source.bytes.count)), "tokens must not change")
  return .formatted(text)
}

/// The spellings of all tokens.
private func spellings(_ text: String) -> [String] {
  let source = SourceText(path: "", text: text)
  return lex(source, file: FileID(index: 0)).tokens.map { source.text(from: $0.start, to: $0.end) }
}
