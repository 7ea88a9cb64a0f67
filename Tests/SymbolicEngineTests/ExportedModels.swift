/// An exported circuit as a text says it, read by someone who knows only the format.
///
/// Registers and inputs are words, in the order of the text.
protocol ExportedModel {
  var registerWidths: [Int] { get }
  var inputWidths: [Int] { get }
  var first: [UInt64] { get }
  /// One frame: the registers after it, and which properties are bad in it.
  func frame(_ registers: [UInt64], _ inputs: [UInt64]) -> (next: [UInt64], bad: Set<String>)
}

/// A text that says something this reader does not know is a failed test, not a crash.
struct UnreadableModel: Error {
  let line: String
}

/// BTOR2, by the definition of the format.
struct BTOR2Model: ExportedModel {
  private struct Node {
    let op: String
    let width: Int
    let arguments: [Int]
  }

  private var nodes: [Int: Node] = [:]
  private var order: [Int] = []
  private var widths: [Int: Int] = [:]
  private var states: [Int] = []
  private var inputs: [Int] = []
  private var firsts: [Int: Int] = [:]
  private var nexts: [Int: Int] = [:]
  private var bads: [(id: Int, name: String)] = []

  init(_ text: String) throws {
    for line in text.split(separator: "\n") where !line.hasPrefix(";") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 2, let id = Int(words[0]), id > (order.last ?? 0) || id > 0 else {
        throw UnreadableModel(line: String(line))
      }
      try read(id, words[1], Array(words.dropFirst(2)), String(line))
    }
  }

  private mutating func read(_ id: Int, _ op: String, _ rest: [String], _ line: String) throws {
    let numbers = rest.compactMap { Int($0) }
    switch op {
    case "sort": widths[id] = Int(rest[1])
    case "input":
      (inputs, nodes[id]) = (inputs + [id], Node(op: op, width: try width(rest, line), arguments: []))
    case "state":
      (states, nodes[id]) = (states + [id], Node(op: op, width: try width(rest, line), arguments: []))
    case "init":
      // The format wants the value before the state.
      guard numbers[2] < numbers[1], states.contains(numbers[1]) else { throw UnreadableModel(line: line) }
      firsts[numbers[1]] = numbers[2]
    case "next": nexts[numbers[1]] = numbers[2]
    case "bad": bads.append((numbers[0], rest[1]))
    default:
      guard numbers.count == rest.count || op == "constd" else { throw UnreadableModel(line: line) }
      let arguments =
        op == "constd" ? [Int(truncatingIfNeeded: UInt64(rest[1]) ?? 0)] : Array(numbers.dropFirst())
      nodes[id] = Node(op: op, width: try width(rest, line), arguments: arguments)
      order.append(id)
    }
  }

  private func width(_ rest: [String], _ line: String) throws -> Int {
    guard let sort = Int(rest[0]), let width = widths[sort] else { throw UnreadableModel(line: line) }
    return width
  }

  var registerWidths: [Int] { states.map { nodes[$0]!.width } }
  var inputWidths: [Int] { inputs.map { nodes[$0]!.width } }
  var first: [UInt64] { states.map { UInt64(bitPattern: Int64(nodes[firsts[$0]!]!.arguments[0])) } }

  func frame(_ registers: [UInt64], _ inputs: [UInt64]) -> (next: [UInt64], bad: Set<String>) {
    var values = Dictionary(uniqueKeysWithValues: zip(states + self.inputs, registers + inputs))
    for id in order { values[id] = value(nodes[id]!, values) }
    return (
      states.map { values[nexts[$0]!]! }, Set(bads.filter { values[$0.id]! != 0 }.map(\.name))
    )
  }

  private func value(_ node: Node, _ values: [Int: UInt64]) -> UInt64 {
    let mask = UInt64.max >> UInt64(64 - node.width)
    if node.op == "constd" { return UInt64(bitPattern: Int64(node.arguments[0])) & mask }
    let x =
      ["uext", "sext", "slice"].contains(node.op)
      ? [values[node.arguments[0]]!] : node.arguments.map { values[$0]! }
    let inner = nodes[node.arguments[0]]!.width
    let signed = x.map { Self.signed($0, inner) }
    let result: UInt64 =
      switch node.op {
      case "not": ~x[0]
      case "and": x[0] & x[1]
      case "or": x[0] | x[1]
      case "xor": x[0] ^ x[1]
      case "eq": x[0] == x[1] ? 1 : 0
      case "ite": x[0] != 0 ? x[1] : x[2]
      case "ult": x[0] < x[1] ? 1 : 0
      case "ulte": x[0] <= x[1] ? 1 : 0
      case "slt": signed[0] < signed[1] ? 1 : 0
      case "slte": signed[0] <= signed[1] ? 1 : 0
      case "add": x[0] &+ x[1]
      case "sub": x[0] &- x[1]
      case "mul": x[0] &* x[1]
      case "udiv": x[1] == 0 ? .max : x[0] / x[1]
      case "urem": x[1] == 0 ? x[0] : x[0] % x[1]
      case "sdiv": UInt64(bitPattern: Self.quotient(signed[0], signed[1]))
      case "srem":
        UInt64(
          bitPattern: signed[1] == 0
            ? signed[0] : signed[0].remainderReportingOverflow(dividingBy: signed[1]).partialValue)
      case "sll": x[1] >= UInt64(node.width) ? 0 : x[0] << x[1]
      case "srl": x[1] >= UInt64(node.width) ? 0 : x[0] >> x[1]
      case "sra": UInt64(bitPattern: signed[0] >> Int64(min(x[1], 63)))
      case "uext": x[0]
      case "sext": UInt64(bitPattern: signed[0])
      case "slice": x[0] >> UInt64(node.arguments[2])
      default: preconditionFailure("operator \(node.op)")
      }
    return result & mask
  }

  /// Towards zero; by zero it is minus one, or one for negative numbers.
  private static func quotient(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? (a < 0 ? 1 : -1) : a.dividedReportingOverflow(by: b).partialValue
  }

  private static func signed(_ value: UInt64, _ width: Int) -> Int64 {
    Int64(bitPattern: value << UInt64(64 - width)) >> Int64(64 - width)
  }
}
