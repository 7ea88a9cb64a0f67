/// AIGER in both forms, by the definition of the format.
///
/// The format knows bits only, so it has to be told which belong together.
struct AIGERModel: ExportedModel {
  let registerWidths: [Int]
  let inputWidths: [Int]
  private let leafCount: Int
  private let isBinary: Bool
  private var bytes: ArraySlice<UInt8>
  private var nexts: [Int] = []
  private var outputs: [(literal: Int, name: String)] = []
  private var gates: [(left: Int, right: Int)] = []
  private var isNegated: [Bool]

  init(_ bytes: [UInt8], registerWidths: [Int], inputWidths: [Int]) throws {
    self.registerWidths = registerWidths
    self.inputWidths = inputWidths
    self.bytes = bytes[...]
    let (bitCount, latchCount) = (inputWidths.reduce(0, +), registerWidths.reduce(0, +))
    leafCount = bitCount + latchCount
    isNegated = [Bool](repeating: false, count: latchCount)
    isBinary = bytes.starts(with: Array("aig ".utf8))
    let counts = line().dropFirst().compactMap { Int($0) }
    guard counts.count == 5, Array(counts[1...2]) == [bitCount, latchCount],
      counts[0] == leafCount + counts[4]
    else {
      throw UnreadableModel(line: "header \(counts)")
    }
    if !isBinary {
      for number in 0..<bitCount where line() != ["\(2 * (number + 1))"] {
        throw UnreadableModel(line: "input \(number)")
      }
    }
    nexts = (0..<latchCount).map { _ in Int(line().last ?? "") ?? -1 }
    let literals = (0..<counts[3]).map { _ in Int(line()[0]) ?? -1 }
    for _ in 0..<counts[4] { try readGate() }
    try readNames(literals)
  }

  private mutating func line() -> [String] {
    let text = bytes.prefix { $0 != 10 }
    bytes = bytes.dropFirst(text.count + 1)
    return String(decoding: text, as: UTF8.self).split(separator: " ").map(String.init)
  }

  /// Seven bits to the byte, lowest first.
  private mutating func difference() -> Int {
    var (result, shift) = (0, 0)
    while let byte = bytes.popFirst() {
      result |= Int(byte & 127) << shift
      if byte < 128 { break }
      shift += 7
    }
    return result
  }

  private mutating func readGate() throws {
    let own = 2 * (leafCount + gates.count + 1)
    if isBinary {
      let left = own - difference()
      gates.append((left, left - difference()))
    } else {
      let numbers = line().compactMap { Int($0) }
      guard numbers.count == 3, numbers[0] == own else { throw UnreadableModel(line: "gate \(own)") }
      gates.append((numbers[1], numbers[2]))
    }
    let gate = gates[gates.count - 1]
    guard 0 <= gate.right, gate.right <= gate.left, gate.left < own else {
      throw UnreadableModel(line: "gate \(own)")
    }
  }

  /// Names of inputs, latches and outputs.
  ///
  /// Readers want those of inputs and latches to be different.
  private mutating func readNames(_ literals: [Int]) throws {
    var names = Set<String>()
    while !bytes.isEmpty {
      let words = line()
      if words[0] == "c" { break }
      guard let index = Int(words[0].dropFirst()) else {
        throw UnreadableModel(line: words.joined(separator: " "))
      }
      let name = words.dropFirst().joined(separator: " ")
      if !words[0].hasPrefix("o"), !names.insert(name).inserted {
        throw UnreadableModel(line: "\(name) twice")
      }
      if words[0].hasPrefix("l") { isNegated[index] = words[1].hasPrefix("!") }
      if words[0].hasPrefix("o") { outputs.append((literals[index], words[1])) }
    }
    guard outputs.count == literals.count else { throw UnreadableModel(line: "an output without a name") }
  }

  /// All latches begin as zero.
  var first: [UInt64] { words(isNegated) }

  func frame(_ registers: [UInt64], _ inputs: [UInt64]) -> (next: [UInt64], bad: Set<String>) {
    var values = [false] + bits(inputs, inputWidths)
    values += zip(bits(registers, registerWidths), isNegated).map { $0 != $1 }
    func value(_ literal: Int) -> Bool { values[literal / 2] != (literal & 1 == 1) }
    for gate in gates { values.append(value(gate.left) && value(gate.right)) }
    let next = zip(nexts, isNegated).map { value($0) != $1 }
    return (words(next), Set(outputs.filter { value($0.literal) }.map(\.name)))
  }

  private func bits(_ words: [UInt64], _ widths: [Int]) -> [Bool] {
    zip(words, widths).flatMap { word, width in (0..<width).map { word >> UInt64($0) & 1 == 1 } }
  }

  private func words(_ bits: [Bool]) -> [UInt64] {
    var start = 0
    return registerWidths.map { width in
      defer { start += width }
      return bits[start..<start + width].reversed().reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }
}
