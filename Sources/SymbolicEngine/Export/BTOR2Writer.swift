import Terms

/// A circuit as BTOR2, the word-level format of the hardware model checking competitions.
///
/// A. Niemetz, M. Preiner, C. Wolf, A. Biere, "BTOR2, BtorMC and Boolector 3.0", CAV 2018. Truth values are words of one bit, and the
/// operators are those of SMT-LIB, so nothing is lost and nothing is refused.
struct BTOR2Writer {
  private let store: TermStore
  private var lines: [String]
  private var count = 0
  private var sorts: [Int: Int] = [:]
  private var ids: [Term: Int] = [:]
  private var names: Set<String> = []

  static func text(_ circuit: Circuit, header: [String]) -> String {
    var writer = BTOR2Writer(circuit.store, header)
    writer.write(circuit)
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private init(_ store: TermStore, _ header: [String]) {
    self.store = store
    lines = header.map { "; " + $0 }
  }

  private mutating func write(_ circuit: Circuit) {
    for input in circuit.inputs {
      ids[input] = add("input \(sort(of: input))" + symbol(store.name(ofVariable: input)))
    }
    // A first value has to come before the register that has it.
    let initials = circuit.registers.map { id(of: store.constant($0.initial, store.sort(of: $0.term))) }
    for (register, initial) in zip(circuit.registers, initials) {
      let state = add("state \(sort(of: register.term))" + symbol(register.name))
      ids[register.term] = state
      _ = add("init \(sort(of: register.term)) \(state) \(initial)")
    }
    for term in store.cone(of: circuit.registers.map(\.next) + circuit.bad.map(\.term)) { _ = id(of: term) }
    for register in circuit.registers {
      _ = add("next \(sort(of: register.term)) \(id(of: register.term)) \(id(of: register.next))")
    }
    for (property, term) in circuit.bad { _ = add("bad \(id(of: term))" + symbol(property)) }
  }

  private mutating func add(_ line: String) -> Int {
    count += 1
    lines.append("\(count) \(line)")
    return count
  }

  /// A name behind a line: without blanks and comments, and no name twice.
  private mutating func symbol(_ name: String) -> String {
    let plain = name.replacing(" ", with: "_").filter { $0.isASCII && !$0.isWhitespace && $0 != ";" }
    var candidate = plain
    var number = 1
    while !names.insert(candidate).inserted {
      number += 1
      candidate = "\(plain)~\(number)"
    }
    return " " + candidate
  }

  private mutating func sort(of term: Term) -> Int {
    let width = store.sort(of: term).width
    if let known = sorts[width] { return known }
    let id = add("sort bitvec \(width)")
    sorts[width] = id
    return id
  }

  /// The line of a term; its operands have lines already.
  private mutating func id(of term: Term) -> Int {
    if let known = ids[term] { return known }
    let sort = sort(of: term)
    let id: Int
    if let value = store.constantValue(term) {
      id = add("constd \(sort) \(value)")
    } else {
      let operands = store.operands(of: term).map { " \(ids[$0]!)" }.joined()
      id = add("\(name(of: term)) \(sort)\(operands)\(indices(of: term))")
    }
    ids[term] = id
    return id
  }

  private func indices(of term: Term) -> String {
    let width = store.sort(of: term).width
    switch store.operator(of: term) {
    case .zeroExtend, .signExtend: return " \(width - store.sort(of: store.operands(of: term)[0]).width)"
    case .extract:
      let low = Int(store.payload(of: term))
      return " \(low + width - 1) \(low)"
    default: return ""
    }
  }

  private func name(of term: Term) -> String {
    switch store.operator(of: term) {
    case .not, .bitNot: "not"
    case .and, .bitAnd: "and"
    case .or, .bitOr: "or"
    case .bitXor: "xor"
    case .equal: "eq"
    case .select: "ite"
    case .less: "ult"
    case .lessEqual: "ulte"
    case .signedLess: "slt"
    case .signedLessEqual: "slte"
    case .add: "add"
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "udiv"
    case .remainder: "urem"
    case .signedDivide: "sdiv"
    case .signedRemainder: "srem"
    case .shiftLeft: "sll"
    case .shiftRight: "srl"
    case .signedShiftRight: "sra"
    case .zeroExtend: "uext"
    case .signExtend: "sext"
    case .extract: "slice"
    case .constant, .variable: preconditionFailure("a leaf that was not declared")
    }
  }
}
