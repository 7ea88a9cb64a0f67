import TransitionIR

/// Terms as Promela expressions: integers throughout, masks as bits. Quantifiers are written out.
extension PromelaWriter {
  func value(_ term: Term) throws(ExportRefusal) -> String {
    switch term {
    case .number(let value), .mask(let value): return value < 0 ? "(\(value))" : "\(value)"
    case .truth(let value): return value ? "true" : "false"
    case .local(let local): return local.name == "self" ? "_pid" : local.name
    case .read(let storage, let index): return try place(storage, index)
    case .not(let inner): return "!\(try operand(inner))"
    case .and(let a, let b): return "\(try conjunct(a)) && \(try conjunct(b))"
    case .or(let a, let b): return "\(try disjunct(a)) || \(try disjunct(b))"
    case .compare(let sign, let a, let b): return "\(try operand(a)) \(sign.inC) \(try operand(b))"
    case .arithmetic(let op, let a, let b): return "\(try operand(a)) \(op.inC) \(try operand(b))"
    case .combine(.difference, let a, let b): return "\(try operand(a)) & ~\(try operand(b))"
    case .combine(let op, let a, let b): return "\(try operand(a)) \(op.inC) \(try operand(b))"
    case .contains(let mask, let bit): return "(\(try operand(mask)) >> \(try operand(bit))) & 1"
    case .single(let bit): return "1 << \(try operand(bit))"
    case .size(let mask):
      let text = try operand(mask)
      let width = mask.interval.map { Int.bitWidth - $0.upperBound.leadingZeroBitCount } ?? 31
      let bits = (0..<max(1, min(31, width))).map { "((\(text) >> \($0)) & 1)" }
      return bits.joined(separator: " + ")
    case .select(let condition, let then, let otherwise):
      return "(\(try value(condition)) -> \(try value(then)) : \(try value(otherwise)))"
    case .quantified(let quantifier, let local, let body):
      let instances = (local.lower...local.upper).map {
        body.replacing(local, with: .constant($0, local.kind))
      }
      switch quantifier {
      case .forall: return try value(instances.dropFirst().reduce(instances[0]) { $0 && $1 })
      case .exists: return try value(instances.dropFirst().reduce(instances[0]) { $0 || $1 })
      case .count:
        var parts: [String] = []
        for instance in instances { parts.append("(\(try value(instance)) -> 1 : 0)") }
        return parts.joined(separator: " + ")
      }
    case .cast(let inner, _): return try value(inner)
    }
  }

  /// In parentheses unless it needs none anywhere.
  private func operand(_ term: Term) throws(ExportRefusal) -> String {
    let text = try value(term)
    switch term {
    case .number, .mask, .truth, .local, .read, .select: return text
    case .cast(let inner, _): return try operand(inner)
    default: return "(\(text))"
    }
  }

  private func conjunct(_ term: Term) throws(ExportRefusal) -> String {
    switch term {
    case .and, .compare, .not: try value(term)
    default: try operand(term)
    }
  }

  private func disjunct(_ term: Term) throws(ExportRefusal) -> String {
    switch term {
    case .or, .compare, .not: try value(term)
    default: try operand(term)
    }
  }

  func place(_ storage: Storage, _ index: Term) throws(ExportRefusal) -> String {
    storage.isScalar ? storage.name : "\(storage.name)[\(try value(index))]"
  }
}

extension Comparison {
  var inC: String {
    switch self {
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    }
  }
}

extension NumberOperator {
  var inC: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    case .shiftLeft: "<<"
    case .shiftRight: ">>"
    case .bitAnd: "&"
    case .bitOr: "|"
    case .bitXor: "^"
    }
  }
}

extension MaskOperator {
  var inC: String {
    switch self {
    case .union: "|"
    case .intersection: "&"
    case .difference: "& ~"
    case .symmetricDifference: "^"
    }
  }
}
