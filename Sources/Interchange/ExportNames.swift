/// Makes identifiers that every peer accepts out of the names of a spec.
struct NameTable {
  private var taken: Set<String>

  init(reserved: Set<String>) { taken = reserved }

  /// The name with all but letters, digits and underscores replaced; numbered if it is taken already.
  mutating func unique(_ name: String) -> String {
    let base = Self.sanitized(name)
    var candidate = base
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = "\(base)_\(number)"
      number += 1
    }
    return candidate
  }

  /// Letters, digits and underscores, beginning with a letter.
  ///
  /// A letter followed by digits only is what exports call their own values; such a name gets an underscore.
  static func sanitized(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else if text.last != "_" {
        text += "_"
      }
    }
    while text.last == "_" { text.removeLast() }
    while text.first == "_" { text.removeFirst() }
    guard let first = text.first else { return "x_" }
    if first.isNumber { return "x_" + text }
    return text.dropFirst().allSatisfy(\.isNumber) ? text + "_" : text
  }

  /// Letters, digits and underscores, beginning with a letter.
  static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else {
      return false
    }
    return name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
    }
  }
}
