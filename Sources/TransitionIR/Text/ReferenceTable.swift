/// How things of one sort are named in the text form: by their name if it is theirs alone, else with their number.
struct ReferenceTable {
  private let names: [String]
  /// The number of the thing with a name; nil if several have it.
  private let owner: [String: Int?]

  init(_ names: [String]) {
    self.names = names
    var owner: [String: Int?] = [:]
    for (index, name) in names.enumerated() {
      owner.updateValue(owner.keys.contains(name) ? nil : index, forKey: name)
    }
    self.owner = owner
  }

  var count: Int { names.count }

  /// What stands for thing number `index` in the text; `#index` if there is no such thing.
  func reference(to index: Int) -> String {
    guard names.indices.contains(index), Self.isBare(names[index]) else { return "#\(index)" }
    return owner[names[index]] == .some(.some(index)) ? names[index] : "\(names[index])#\(index)"
  }

  /// The number of the thing that `reference` stands for; nil if there is none.
  func index(of reference: String) -> Int? {
    guard let hash = reference.utf8.lastIndex(of: UInt8(ascii: "#")) else { return owner[reference] ?? nil }
    let digits = reference[reference.utf8.index(after: hash)...]
    guard let index = Int(digits), names.indices.contains(index) else { return nil }
    let name = reference[..<hash]
    return name.isEmpty || name == names[index] ? index : nil
  }

  /// Words that mean something else where a variable may stand.
  private static let reserved: Set<String> = ["current", "held-locks"]
  private static let punctuation: Set<UInt8> = Set("()[]\";@#/".utf8)

  /// Whether a name can stand in the text without quotes and is not taken for anything else.
  static func isBare(_ name: String) -> Bool {
    guard let first = name.utf8.first, !reserved.contains(name) else { return false }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "$"):
      return false
    default: return name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !punctuation.contains($0) }
    }
  }

  /// A name where it is declared: bare or in quotes.
  static func declaration(_ name: String) -> String {
    isBare(name) ? name : quoted(name)
  }

  /// A string literal of the text form.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
