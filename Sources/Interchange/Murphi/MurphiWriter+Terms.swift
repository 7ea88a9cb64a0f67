import TransitionIR

/// Terms as Murphi: truth values are boolean, masks are numbers with helper functions.
extension MurphiWriter {
  mutating func value(_ term: Term) throws(ExportRefusal) -> String {
    switch term {
    case .number(let value), .mask(let value): return value < 0 ? "(\(value))" : "\(value)"
    case .truth(let value): return value ? "true" : "false"
    case .local(let local): return local.name
    case .read(let storage, let index): return try place(storage, index)
    case .not(let inner): return "!\(try operand(inner))"
    case .and(let a, let b): return "\(try operand(a)) & \(try operand(b))"
    case .or(let a, let b): return "\(try operand(a)) | \(try operand(b))"
    case .compare(let sign, let a, let b): return "\(try operand(a)) \(sign.inMurphi) \(try operand(b))"
    case .arithmetic(let op, let a, let b): return try arithmetic(op, a, b)
    case .combine(let op, let a, let b): return try combined(op, a, b)
    case .contains(let mask, .number(let bit)): return "(\(try operand(mask)) / \(1 << bit)) % 2 = 1"
    case .contains(let mask, let bit): return "\(help(.has, mask))(\(try value(mask)), \(try value(bit)))"
    case .single(let bit):
      return "\(help(.power, term))(\(try value(bit)))"
    case .size(let mask): return "\(help(.size, mask))(\(try value(mask)))"
    case .select(let condition, let then, let otherwise):
      return "(\(try operand(condition)) ? \(try operand(then)) : \(try operand(otherwise)))"
    case .quantified(let quantifier, let local, let body):
      switch quantifier {
      case .forall: return "(forall \(local.name): \(Self.type(of: local)) do \(try value(body)) end)"
      case .exists: return "(exists \(local.name): \(Self.type(of: local)) do \(try value(body)) end)"
      case .count:
        var parts: [String] = []
        for number in local.lower...local.upper {
          let instance = body.replacing(local, with: .constant(number, local.kind))
          parts.append("(\(try operand(instance)) ? 1 : 0)")
        }
        return "(\(parts.joined(separator: " + ")))"
      }
    case .cast(let inner, _): return try value(inner)
    }
  }

  /// In parentheses unless it needs none anywhere.
  func isSimple(_ term: Term) -> Bool {
    switch term {
    case .number, .truth, .mask, .local, .read, .select, .single, .size, .quantified: true
    case .contains(_, .number): false
    case .contains: true
    case .cast(let inner, _): isSimple(inner)
    default: false
    }
  }

  mutating func operand(_ term: Term) throws(ExportRefusal) -> String {
    let text = try value(term)
    return isSimple(term) ? text : "(\(text))"
  }

  mutating func place(_ storage: Storage, _ index: Term) throws(ExportRefusal) -> String {
    storage.isScalar
      ? "\(record).\(storage.name)" : "\(record).\(storage.name)[\(try value(index))]"
  }

  /// The name of a helper function; notes that it is needed, and for how many bits.
  private mutating func help(_ helper: Helper, _ mask: Term) -> String {
    helpers.insert(helper)
    let upper = mask.interval?.upperBound ?? Int(Int32.max)
    maskBits = max(maskBits, min(31, Int.bitWidth - upper.leadingZeroBitCount))
    return "\(helper)"
  }

  private mutating func combined(_ op: MaskOperator, _ a: Term, _ b: Term) throws(ExportRefusal) -> String {
    switch (op, b) {
    case (.union, .single(let bit)):
      _ = help(.added, b)
      return "\(help(.added, a))(\(try value(a)), \(try value(bit)))"
    case (.difference, .single(let bit)):
      _ = help(.removed, b)
      return "\(help(.removed, a))(\(try value(a)), \(try value(bit)))"
    default:
      let x = try operand(a)
      let y = try operand(b)
      _ = help(.both, b)
      let common = "\(help(.both, a))(\(x), \(y))"
      switch op {
      case .intersection: return common
      case .union: return "\(x) + \(y) - \(common)"
      case .difference: return "\(x) - \(common)"
      case .symmetricDifference: return "\(x) + \(y) - 2 * \(common)"
      }
    }
  }

  private mutating func arithmetic(
    _ op: NumberOperator, _ a: Term, _ b: Term
  ) throws(ExportRefusal) -> String {
    switch op {
    case .add: return "\(try operand(a)) + \(try operand(b))"
    case .subtract: return "\(try operand(a)) - \(try operand(b))"
    case .multiply: return "\(try operand(a)) * \(try operand(b))"
    case .divide: return "\(try operand(a)) / \(try operand(b))"
    case .remainder: return "\(try operand(a)) % \(try operand(b))"
    case .shiftLeft, .shiftRight:
      let sign = op == .shiftLeft ? "*" : "/"
      if case .number(let bits) = b { return "\(try operand(a)) \(sign) \(1 << bits)" }
      guard let bits = b.interval?.upperBound, bits < 31 else {
        throw ExportRefusal("a shift by more than 30 bits")
      }
      return "\(try operand(a)) \(sign) \(help(.power, .mask(1 << bits)))(\(try value(b)))"
    case .bitAnd: return try combined(.intersection, a, b)
    case .bitOr: return try combined(.union, a, b)
    case .bitXor: return try combined(.symmetricDifference, a, b)
    }
  }
}

extension Comparison {
  var inMurphi: String {
    switch self {
    case .equal: "="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    }
  }
}
