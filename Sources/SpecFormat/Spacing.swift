import SpecSyntax

/// Whether a space stands between two neighbours on one line.
func needsSpace(between left: LayoutItem, and right: LayoutItem) -> Bool {
  if left.isComment || right.isComment { return true }
  if wouldMerge(left.text, right.text) { return true }
  return !clings(left, toNext: right) && !clings(right, toPrevious: left)
}

/// Whether `left` stands close to what follows it.
private func clings(_ left: LayoutItem, toNext right: LayoutItem) -> Bool {
  switch left.role {
  case .prefixOperator, .tightInfix, .pointerStar: return true
  case .setBrace: return left.kind == .leftBrace
  default: break
  }
  switch left.kind {
  case .leftParen, .leftBracket, .dot, .arrow, .span: return true
  default: return false
  }
}

/// Whether `right` stands close to what precedes it.
private func clings(_ right: LayoutItem, toPrevious left: LayoutItem) -> Bool {
  switch right.role {
  case .postfixOperator, .tightInfix, .callParenthesis, .labelColon, .quantifierColon: return true
  case .setBrace where right.kind == .rightBrace: return true
  default: break
  }
  switch right.kind {
  case .rightParen, .rightBracket, .comma, .dot, .arrow, .span: return true
  case .leftBracket: return left.kind != .comma
  // An empty statement keeps its distance from `else:` and `{`, but not from what it ends.
  case .semicolon: return !left.opensBlock && left.role != .labelColon && !endsHead(left)
  default: return false
  }
}

/// Whether an empty statement may follow this item as the body of something.
private func endsHead(_ item: LayoutItem) -> Bool {
  switch item.kind {
  case .else, .do, .loop: true
  default: item.kind == .semicolon
  }
}

/// Whether two spellings without a space between them would be read as something else.
private func wouldMerge(_ left: String, _ right: String) -> Bool {
  guard let last = left.utf8.last, let first = right.utf8.first else { return false }
  if isWordByte(last), isWordByte(first) { return true }
  let pair = [last, first]
  if first == UInt8(ascii: "="), "=!<>&|^+-*/%".utf8.contains(last) { return true }
  return ["++", "--", "->", "&&", "||", "<<", ">>", "=>", "/*", "//"].contains { Array($0.utf8) == pair }
}

private func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "\""):
    true
  default: false
  }
}
