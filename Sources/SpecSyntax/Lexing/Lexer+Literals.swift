import Diagnostics

/// Numbers, strings and the character literals that the language does not have.
extension Lexer {
  /// Reads a number, with all letters and digits that follow, so that a malformed one is told once.
  mutating func lexNumber() {
    let start = offset
    skipWord()
    // `1.5` is one malformed number, `1..5` is not.
    while peek() == UInt8(ascii: "."), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek(1)) {
      offset += 1
      skipWord()
    }
    finish(.integer, from: start)
    checkNumber(from: start)
  }

  private mutating func checkNumber(from start: Int) {
    let spelling = bytes[start..<offset]
    let place = range(start, offset)
    switch integerLiteral(spelling) {
    case .value: break
    case .tooLarge: report(.numberTooLarge(place))
    case .suffixed(let digitCount):
      report(.numberSuffix(String(decoding: spelling.prefix(digitCount), as: UTF8.self), place))
    case .malformed: report(.malformedNumber(place))
    }
  }

  /// A string ends at its quote, or diagnosed at the end of the line.
  mutating func lexString() {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return finish(.string, from: start)
      case UInt8(ascii: "\\") where peek(1) != UInt8(ascii: "\n"):
        checkEscape()
        offset = min(offset + 2, bytes.count)
      default: offset += 1
      }
    }
    report(.unterminatedString(range(start, offset)))
    finish(.string, from: start)
  }

  private mutating func checkEscape() {
    if resolvedEscape(peek(1)) == nil, offset + 1 < bytes.count {
      report(.unknownEscape(range(offset, offset + 2)))
    }
  }

  /// `'c'` is read as a number, so that the parser has something to go on with.
  mutating func lexCharacter() {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "'"), bytes[offset] != UInt8(ascii: "\n"),
      offset - start < 8
    {
      offset += peek() == UInt8(ascii: "\\") && peek(1) != UInt8(ascii: "\n") ? 2 : 1
    }
    offset = min(offset, bytes.count)
    if peek() == UInt8(ascii: "'") { offset += 1 }
    report(.characterLiteral(range(start, offset)))
    finish(.integer, from: start)
  }
}

/// What the spelling of a number means.
enum IntegerLiteral: Equatable {
  case value(UInt64)
  case tooLarge
  /// C's `UL` and the like; the number has this many bytes before it.
  case suffixed(digitCount: Int)
  case malformed
}

/// Reads `42`, `0x2a` or `0600`.
func integerLiteral(_ spelling: some BidirectionalCollection<UInt8>) -> IntegerLiteral {
  var digits = Array(spelling)
  var radix: UInt64 = 10
  var prefixLength = 0
  if digits.count > 1, digits[0] == UInt8(ascii: "0") {
    let isHexadecimal = digits[1] | 0x20 == UInt8(ascii: "x")
    radix = isHexadecimal ? 16 : 8
    prefixLength = isHexadecimal ? 2 : 1
  }
  let suffixLetters = [UInt8(ascii: "u"), UInt8(ascii: "l")]
  let suffixLength = digits.reversed().prefix { suffixLetters.contains($0 | 0x20) }.count
  let digitCount = digits.count - suffixLength
  digits = Array(digits[min(prefixLength, digitCount)..<digitCount])
  if digits.isEmpty, radix == 8, suffixLength > 0 { digits = [UInt8(ascii: "0")] }
  guard !digits.isEmpty else { return .malformed }
  var value: UInt64 = 0
  var overflows = false
  for byte in digits {
    guard let digit = digitValue(byte), digit < radix else { return .malformed }
    let (product, first) = value.multipliedReportingOverflow(by: radix)
    let (sum, second) = product.addingReportingOverflow(digit)
    overflows = overflows || first || second
    value = sum
  }
  if overflows { return .tooLarge }
  return suffixLength > 0 ? .suffixed(digitCount: digitCount) : .value(value)
}

private func digitValue(_ byte: UInt8) -> UInt64? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a")) + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A")) + 10
  default: nil
  }
}

/// The byte that `\` followed by `byte` stands for in a string.
func resolvedEscape(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "n"): UInt8(ascii: "\n")
  case UInt8(ascii: "t"): UInt8(ascii: "\t")
  case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
  default: nil
  }
}

/// The text of a string token: without its quotes, escapes resolved, unknown escapes left as written.
func stringValue(_ spelling: ArraySlice<UInt8>) -> String {
  var inner = spelling.dropFirst()
  if inner.last == UInt8(ascii: "\"") { inner = inner.dropLast() }
  var result: [UInt8] = []
  var index = inner.startIndex
  while index < inner.endIndex {
    if inner[index] == UInt8(ascii: "\\"), index + 1 < inner.endIndex,
      let resolved = resolvedEscape(inner[index + 1])
    {
      result.append(resolved)
      index += 2
    } else {
      result.append(inner[index])
      index += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}
