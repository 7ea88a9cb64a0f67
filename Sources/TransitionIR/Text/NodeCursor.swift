/// Walks over the parts of a form, in order, and says what is missing or too much.
struct NodeCursor {
  private let nodes: [TextNode]
  private var position = 0
  /// Where the last part taken stands; for errors.
  private(set) var line: Int

  init(_ nodes: [TextNode], line: Int) {
    self.nodes = nodes
    self.line = line
  }

  var isAtEnd: Bool { position == nodes.count }

  /// The next part without taking it.
  var peek: TextNode? { isAtEnd ? nil : nodes[position] }

  func error(_ message: String) -> IRTextError { IRTextError(line: line, message: message) }

  mutating func next(_ expected: String) throws(IRTextError) -> TextNode {
    guard !isAtEnd else { throw error("\(expected) is missing") }
    position += 1
    line = nodes[position - 1].line
    return nodes[position - 1]
  }

  mutating func word(_ expected: String) throws(IRTextError) -> String {
    guard case .word(let word) = try next(expected).content else { throw error("expected \(expected)") }
    return word
  }

  /// A word or a string.
  mutating func name(_ expected: String) throws(IRTextError) -> String {
    switch try next(expected).content {
    case .word(let text), .string(let text): return text
    case .list, .brackets: throw error("expected \(expected)")
    }
  }

  mutating func integer(_ expected: String) throws(IRTextError) -> Int {
    let word = try word(expected)
    guard let value = Int(word) else {
      throw error("expected \(expected), a number of 64 bits, not '\(word)'")
    }
    return value
  }

  /// A number that counts something: not negative, and small enough to multiply.
  mutating func count(_ expected: String) throws(IRTextError) -> Int {
    let value = try integer(expected)
    guard (0...IRTextLimits.count).contains(value) else {
      throw error("\(expected) must be in 0..\(IRTextLimits.count), not \(value)")
    }
    return value
  }

  /// Takes the word if it is the next part.
  mutating func take(_ word: String) -> Bool {
    guard case .word(word)? = peek?.content else { return false }
    position += 1
    return true
  }

  /// The parts after the head of the next form, if that form begins with `head`.
  mutating func takeList(_ head: String) -> NodeCursor? {
    guard case .list(let parts)? = peek?.content, case .word(head)? = parts.first?.content else { return nil }
    line = nodes[position].line
    position += 1
    return NodeCursor(Array(parts.dropFirst()), line: line)
  }

  /// The parts of the next form, which must begin with `head`.
  mutating func list(_ head: String) throws(IRTextError) -> NodeCursor {
    guard let parts = takeList(head) else { throw error("expected (\(head) …)") }
    return parts
  }

  /// The head of the next form and a cursor over the rest.
  mutating func form(_ expected: String) throws(IRTextError) -> (head: String, parts: NodeCursor) {
    guard case .list(let parts) = try next(expected).content, case .word(let head)? = parts.first?.content
    else { throw error("expected \(expected)") }
    return (head, NodeCursor(Array(parts.dropFirst()), line: line))
  }

  /// The parts of a form in brackets, if it is next.
  mutating func takeBrackets() -> NodeCursor? {
    guard case .brackets(let parts)? = peek?.content else { return nil }
    line = nodes[position].line
    position += 1
    return NodeCursor(parts, line: line)
  }

  func end() throws(IRTextError) {
    if let extra = peek { throw IRTextError(line: extra.line, message: "this is too much here") }
  }
}
