import TransitionIR

/// Terms as TLA+: truth values are BOOLEAN, masks are sets of bit numbers.
extension TLAWriter {
  static func constant(_ value: Int, _ kind: ValueKind) -> String {
    switch kind {
    case .number: value < 0 ? "(\(value))" : "\(value)"
    case .truth: value != 0 ? "TRUE" : "FALSE"
    case .mask: "{\((0..<62).filter { (value >> $0) & 1 == 1 }.map(String.init).joined(separator: ", "))}"
    }
  }

  /// `state` is the record that reads refer to.
  mutating func value(_ term: Term, _ state: String) throws(ExportRefusal) -> String {
    switch term {
    case .number(let value): return Self.constant(value, .number)
    case .truth(let value): return Self.constant(value ? 1 : 0, .truth)
    case .mask(let value): return Self.constant(value, .mask)
    case .local(let local): return local.name
    case .read(let storage, let index):
      let name = state == Self.variables ? storage.name : "\(state).\(storage.name)"
      return storage.isScalar ? name : "\(name)[\(try value(index, state))]"
    case .not(let inner): return "~\(try operand(inner, state))"
    case .and(let a, let b): return try joined(a, "/\\", b, state)
    case .or(let a, let b): return try joined(a, "\\/", b, state)
    case .compare(let sign, let a, let b): return try joined(a, sign.inTLA, b, state)
    case .arithmetic(let op, let a, let b): return try arithmetic(op, a, b, state)
    case .combine(let op, let a, let b):
      let (x, y) = (try operand(a, state), try operand(b, state))
      switch op {
      case .union: return "\(x) \\union \(y)"
      case .intersection: return "\(x) \\intersect \(y)"
      case .difference: return "\(x) \\ \(y)"
      case .symmetricDifference: return "(\(x) \\ \(y)) \\union (\(y) \\ \(x))"
      }
    case .contains(let mask, let bit): return "\(try operand(bit, state)) \\in \(try operand(mask, state))"
    case .single(let bit): return "{\(try value(bit, state))}"
    case .size(let mask): return "Cardinality(\(try value(mask, state)))"
    case .select(let condition, let then, let otherwise):
      let (a, b) = (try value(then, state), try value(otherwise, state))
      return "(IF \(try value(condition, state)) THEN \(a) ELSE \(b))"
    case .quantified(let quantifier, let local, let body):
      let test = try value(body, state)
      switch quantifier {
      case .forall: return "(\\A \(local.name) \\in \(Self.range(local)): \(test))"
      case .exists: return "(\\E \(local.name) \\in \(Self.range(local)): \(test))"
      case .count: return "Cardinality({\(local.name) \\in \(Self.range(local)): \(test)})"
      }
    case .cast(let inner, _):
      throw ExportRefusal(inner.kind == .mask ? "a set or flags used as a number" : "a number used as a set")
    }
  }

  static func range(_ local: Local) -> String {
    switch local.kind {
    case .number: "\(local.lower)..\(local.upper)"
    case .truth: "BOOLEAN"
    case .mask: "SUBSET (0..\(Int.bitWidth - local.upper.leadingZeroBitCount - 1))"
    }
  }

  private mutating func joined(
    _ a: Term, _ sign: String, _ b: Term, _ state: String
  ) throws(ExportRefusal) -> String {
    "\(try operand(a, state)) \(sign) \(try operand(b, state))"
  }

  /// In parentheses unless it needs none anywhere.
  private mutating func operand(_ term: Term, _ state: String) throws(ExportRefusal) -> String {
    let text = try value(term, state)
    switch term {
    case .number, .truth, .mask, .local, .read, .select, .quantified, .size, .single: return text
    default: return "(\(text))"
    }
  }

  private mutating func arithmetic(
    _ op: NumberOperator, _ a: Term, _ b: Term, _ state: String
  ) throws(ExportRefusal) -> String {
    switch op {
    case .add: return try joined(a, "+", b, state)
    case .subtract: return try joined(a, "-", b, state)
    case .multiply: return try joined(a, "*", b, state)
    case .divide, .remainder:
      // TLA+ rounds down, and knows no negative divisors.
      if let x = a.interval, let y = b.interval, x.lowerBound >= 0, y.lowerBound >= 0 {
        return try joined(a, op == .divide ? "\\div" : "%", b, state)
      }
      usesDivision = true
      let name = op == .divide ? "Quotient" : "Remainder"
      return "\(name)(\(try value(a, state)), \(try value(b, state)))"
    case .shiftLeft: return "\(try operand(a, state)) * 2^\(try operand(b, state))"
    case .shiftRight: return "\(try operand(a, state)) \\div 2^\(try operand(b, state))"
    case .bitAnd, .bitOr, .bitXor:
      let bits = [a, b].map { Int.bitWidth - ($0.interval?.upperBound ?? Int(Int32.max)).leadingZeroBitCount }
      bitCount = max(bitCount, bits.max() ?? 0)
      let name = op == .bitAnd ? "BitAnd" : op == .bitOr ? "BitOr" : "BitXor"
      return "\(name)(\(try value(a, state)), \(try value(b, state)))"
    }
  }
}

extension Comparison {
  var inTLA: String {
    switch self {
    case .equal: "="
    case .notEqual: "/="
    case .less: "<"
    case .lessEqual: "<="
    }
  }
}
