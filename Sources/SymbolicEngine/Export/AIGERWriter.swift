import Terms

/// A circuit as AIGER: bits, and-gates, inverters; what bit-level engines read.
///
/// A. Biere, K. Heljanko, S. Wieringa, "AIGER 1.9 and beyond", 2011. Only what version 1 has is used, so that every reader takes it: bad
/// states are outputs, and all latches begin as zero. A bit that begins as one is kept negated, its name with a `!` in front.
struct AIGERWriter {
  private let circuit: Circuit
  private var graph: AndGraph
  private var inputNames: [String] = []
  private var latchNames: [String] = []
  private var nexts: [AndGraph.Literal] = []
  private var outputs: [AndGraph.Literal] = []

  /// `isBinary` is the compact form (`aig`), otherwise it is text (`aag`).
  static func bytes(_ circuit: Circuit, header: [String], isBinary: Bool) -> [UInt8] {
    let writer = AIGERWriter(circuit)
    let top = writer.head(isBinary ? "aig" : "aag")
    let frame = writer.frame(isBinary)
    let gates = isBinary ? writer.binaryGates() : writer.textGates()
    return Array(top.utf8) + Array(frame.utf8) + gates + Array(writer.tail(header).utf8)
  }

  private init(_ circuit: Circuit) {
    self.circuit = circuit
    let store = circuit.store
    let width = { (term: Term) in store.sort(of: term).width }
    let terms = circuit.inputs + circuit.registers.map(\.term)
    graph = AndGraph(leafCount: terms.reduce(0) { $0 + width($1) })
    var leaves: [Term: [AndGraph.Literal]] = [:]
    var next = 0
    for (term, initial) in zip(terms, circuit.inputs.map { _ in 0 } + circuit.registers.map(\.initial)) {
      leaves[term] = (0..<width(term)).map { graph.leaf(next + $0) ^ Int(initial >> UInt64($0) & 1) }
      next += width(term)
    }
    var blaster = BitBlaster(store, graph, leaves: leaves)
    let made = blaster.literals(of: circuit.registers.map(\.next) + circuit.bad.map(\.term))
    let latches = zip(circuit.registers, made).flatMap { register, bits in
      bits.enumerated().map { $1 ^ Int(register.initial >> UInt64($0) & 1) }
    }
    let bad = made.suffix(circuit.bad.count).map { $0[0] }
    let (pruned, roots) = blaster.graph.pruned(latches + bad)
    graph = pruned
    nexts = Array(roots.prefix(latches.count))
    outputs = Array(roots.suffix(bad.count))
    var taken: Set<String> = []
    for input in circuit.inputs {
      inputNames += Self.names(store.name(ofVariable: input), width(input), initial: 0, &taken)
    }
    for register in circuit.registers {
      latchNames += Self.names(register.name, width(register.term), initial: register.initial, &taken)
    }
  }

  /// A name for each bit, different from all others: abc refuses a file in which two are equal.
  private static func names(
    _ name: String, _ width: Int, initial: UInt64, _ taken: inout Set<String>
  ) -> [String] {
    let plain = name.filter { $0.isASCII && !$0.isNewline }
    return (0..<width).map { bit in
      let sign = initial >> UInt64(bit) & 1 == 1 ? "!" : ""
      let index = width > 1 ? "[\(bit)]" : ""
      var candidate = sign + plain + index
      var number = 1
      while !taken.insert(candidate).inserted {
        number += 1
        candidate = "\(sign)\(plain)~\(number)\(index)"
      }
      return candidate
    }
  }

  private func head(_ format: String) -> String {
    let count = graph.leafCount + graph.gates.count
    return
      "\(format) \(count) \(inputNames.count) \(latchNames.count) \(outputs.count) \(graph.gates.count)\n"
  }

  /// Inputs, latches and outputs; numbers that follow from their order are left out of the compact form.
  private func frame(_ isBinary: Bool) -> String {
    var lines = isBinary ? [] : inputNames.indices.map { "\(graph.leaf($0))" }
    for (index, next) in nexts.enumerated() {
      lines.append(isBinary ? "\(next)" : "\(graph.leaf(inputNames.count + index)) \(next)")
    }
    return (lines + outputs.map(String.init)).map { $0 + "\n" }.joined()
  }

  private func textGates() -> [UInt8] {
    let lines = graph.gates.enumerated().map { index, gate in
      "\(graph.leaf(graph.leafCount + index)) \(gate.left) \(gate.right)\n"
    }
    return Array(lines.joined().utf8)
  }

  /// Differences of literals, seven bits to the byte.
  private func binaryGates() -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ number: Int) {
      var rest = number
      while rest > 127 {
        bytes.append(UInt8(rest & 127) | 128)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    for (index, gate) in graph.gates.enumerated() {
      add(graph.leaf(graph.leafCount + index) - gate.left)
      add(gate.left - gate.right)
    }
    return bytes
  }

  private func tail(_ header: [String]) -> String {
    var lines = inputNames.enumerated().map { "i\($0) \($1)" }
    lines += latchNames.enumerated().map { "l\($0) \($1)" }
    lines += circuit.bad.enumerated().map { "o\($0) \($1.property)" }
    return (lines + ["c"] + header).map { $0 + "\n" }.joined()
  }
}
