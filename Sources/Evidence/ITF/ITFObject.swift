/// An object of a trace file, with its path for messages.
struct ITFObject {
  let path: String
  private let json: JSON
  private let members: [String: JSON]

  init(_ json: JSON, _ path: String) {
    self.json = json
    self.path = path
    if case .object(let list) = json {
      members = Dictionary(list.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    } else {
      members = [:]
    }
  }

  func wrong(_ name: String, _ expected: String) -> TraceError {
    TraceError("not a trace of mmck: `\(name)` in \(path) must be \(expected)")
  }

  func optional(_ name: String) -> JSON? { members[name] }

  func value(_ name: String) throws(TraceError) -> JSON {
    guard case .object = json else { throw TraceError("not a trace of mmck: \(path) must be an object") }
    guard let value = members[name] else { throw TraceError("not a trace of mmck: \(path) has no `\(name)`") }
    return value
  }

  func string(_ name: String) throws(TraceError) -> String {
    guard case .string(let text) = try value(name) else { throw wrong(name, "a string") }
    return text
  }

  /// Nil if the member is missing or null.
  func optionalString(_ name: String) throws(TraceError) -> String? {
    switch members[name] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw wrong(name, "a string or null")
    }
  }

  func integer(_ name: String) throws(TraceError) -> Int {
    guard case .integer(let number) = try value(name) else { throw wrong(name, "an integer") }
    return number
  }

  func array(_ name: String) throws(TraceError) -> [JSON] {
    guard case .array(let elements) = try value(name) else { throw wrong(name, "an array") }
    return elements
  }

  func strings(_ name: String) throws(TraceError) -> [String] {
    var strings: [String] = []
    for element in try array(name) {
      guard case .string(let text) = element else { throw wrong(name, "an array of strings") }
      strings.append(text)
    }
    return strings
  }

  func integers(_ name: String) throws(TraceError) -> [Int] {
    var integers: [Int] = []
    for element in try array(name) {
      guard case .integer(let number) = element else { throw wrong(name, "an array of integers") }
      integers.append(number)
    }
    return integers
  }
}

/// Values in the Informal Trace Format.
enum ITFValue {
  /// Accepts everything that ADR-015 allows but `#unserializable`; tuples become lists, plain numbers integers.
  static func read(_ json: JSON, _ path: String) throws(TraceError) -> StateValue {
    switch json {
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .string(let text): return .text(text)
    case .array(let elements): return .list(try list(elements, path))
    case .object(let members):
      if members.count == 1, members[0].name.hasPrefix("#") {
        return try tagged(members[0].name, members[0].value, path)
      }
      var fields: [StateValue.Field] = []
      for member in members { fields.append(.init(member.name, try read(member.value, path))) }
      return .record(fields)
    case .null, .number: throw TraceError("not a trace of mmck: \(path) holds a value that is not ITF")
    }
  }

  private static func list(_ elements: [JSON], _ path: String) throws(TraceError) -> [StateValue] {
    var values: [StateValue] = []
    for element in elements { values.append(try read(element, path)) }
    return values
  }

  private static func tagged(_ tag: String, _ json: JSON, _ path: String) throws(TraceError) -> StateValue {
    switch (tag, json) {
    case ("#bigint", .string(let digits)):
      if let value = Int(digits) { return .integer(value) }
      if let value = UInt64(digits) { return .unsigned(value) }
      throw TraceError("not a trace of mmck: `\(digits.prefix(40))` in \(path) is no integer of 64 bits")
    case ("#set", .array(let elements)): return .set(try list(elements, path))
    case ("#tup", .array(let elements)): return .list(try list(elements, path))
    case ("#map", .array(let pairs)):
      var entries: [StateValue.Entry] = []
      for pair in pairs {
        guard case .array(let parts) = pair, parts.count == 2 else {
          throw TraceError("not a trace of mmck: `#map` in \(path) must hold pairs")
        }
        entries.append(.init(try read(parts[0], path), try read(parts[1], path)))
      }
      return .map(entries)
    default: throw TraceError("not a trace of mmck: `\(tag)` in \(path) is not understood")
    }
  }
}
