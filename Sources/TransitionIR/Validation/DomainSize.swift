extension Domain {
  /// Why the bounds of the domain cannot be computed in 64 bits; nil if they can.
  ///
  /// Check before using `bounds` on a
  /// domain that comes from outside.
  var sizeProblem: String? {
    switch self {
    case .bool: return nil
    case .range(let low, let high):
      let (size, overflow) = high.subtractingReportingOverflow(low)
      if low > high { return "the range \(low)..\(high) is empty" }
      return overflow || size == .max ? "the range \(low)..\(high) is too large" : nil
    case .wrapping(let bits): return [8, 16, 32, 64].contains(bits) ? nil : "no word has \(bits) bits"
    case .flags(_, let count):
      return (0...62).contains(count) ? nil : "\(count) flags: only 0..62 fit into a value"
    case .enumeration(_, let count), .pointer(_, let count), .location(_, let count):
      return (0...IRTextLimits.count).contains(count) ? nil : "a count of \(count) is out of range"
    case .set(let element):
      if let problem = element.sizeProblem { return problem }
      if case .wrapping(64) = element { return "a set of 64-bit words does not fit into a value" }
      return element.elementCount <= 62
        ? nil : "a set over \(element.elementCount) elements, stale included: only 62 fit into a value"
    }
  }
}
