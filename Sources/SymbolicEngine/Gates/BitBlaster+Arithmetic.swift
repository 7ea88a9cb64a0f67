/// Arithmetic as it is done by hand, in base two.
extension BitBlaster {
  mutating func sum(_ a: [Literal], _ b: [Literal], carry: Literal) -> [Literal] {
    var carry = carry
    return zip(a, b).map { x, y in
      let differ = graph.xor(x, y)
      let digit = graph.xor(differ, carry)
      carry = graph.or(graph.and(x, y), graph.and(differ, carry))
      return digit
    }
  }

  mutating func difference(_ a: [Literal], _ b: [Literal]) -> [Literal] {
    sum(a, b.map(graph.not), carry: AndGraph.yes)
  }

  private mutating func negated(_ a: [Literal], if condition: Literal) -> [Literal] {
    let turned = a.map { graph.xor($0, condition) }
    return sum(turned, zeros(a.count), carry: condition)
  }

  private func zeros(_ count: Int) -> [Literal] { [Literal](repeating: AndGraph.no, count: count) }

  mutating func product(_ a: [Literal], _ b: [Literal]) -> [Literal] {
    var result = zeros(a.count)
    for (place, bit) in b.enumerated() {
      let row = zeros(place) + a.dropLast(place).map { graph.and(bit, $0) }
      result = sum(result, row, carry: AndGraph.no)
    }
    return result
  }

  /// Unsigned, digit by digit from the highest; by zero the quotient is all ones, the remainder the dividend, as SMT-LIB has it.
  mutating func division(_ a: [Literal], _ b: [Literal]) -> (quotient: [Literal], remainder: [Literal]) {
    let divisor = b + [AndGraph.no]
    var remainder = zeros(a.count + 1)
    var quotient: [Literal] = []
    for digit in a.reversed() {
      remainder = [digit] + remainder.dropLast()
      let fits = graph.not(less(remainder, divisor))
      remainder = select(fits, difference(remainder, divisor), remainder)
      quotient.insert(fits, at: 0)
    }
    return (quotient, Array(remainder.dropLast()))
  }

  /// Towards zero; the remainder has the sign of the dividend.
  mutating func signedDivision(_ a: [Literal], _ b: [Literal]) -> (quotient: [Literal], remainder: [Literal])
  {
    let (aSign, bSign) = (a[a.count - 1], b[b.count - 1])
    let (quotient, remainder) = division(negated(a, if: aSign), negated(b, if: bSign))
    return (negated(quotient, if: graph.xor(aSign, bSign)), negated(remainder, if: aSign))
  }

  /// Towards the lowest bit, by powers of two: what the amount has beyond the width shifts everything out.
  mutating func shifted(_ a: [Literal], _ amount: [Literal], fill: Literal) -> [Literal] {
    var result = a
    for (place, bit) in amount.enumerated() {
      let distance = place < Int.bitWidth - 2 ? min(a.count, 1 << place) : a.count
      let moved = result.dropFirst(distance) + [Literal](repeating: fill, count: distance)
      result = select(bit, Array(moved), result)
    }
    return result
  }
}
