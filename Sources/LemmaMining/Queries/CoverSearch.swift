/// Looks for few literals of which no row makes all true, among those that one state makes true.
///
/// A literal excludes the rows in which its atom has the other value: wanted is a small set of literals that together exclude all
/// rows. Greedy, then every literal that is not needed is dropped, so what is found is minimal, though perhaps not the smallest.
struct CoverSearch {
  /// For each atom the rows that it excludes.
  private let excluded: [UInt64]
  private let width: Int
  private let atomCount: Int
  private let all: [UInt64]

  /// `values` are the truth values of the cell's atoms in the state; only atoms that are allowed are used.
  init(_ cell: Cell, _ values: [Bool], isAllowed: (Atom) -> Bool) {
    width = cell.width
    atomCount = cell.atoms.count
    all = cell.allRows
    var excluded: [UInt64] = []
    excluded.reserveCapacity(width * atomCount)
    for (index, value) in values.enumerated() {
      guard isAllowed(cell.atoms[index]), !Literal(cell.atoms[index], value).assumesSmallSet else {
        excluded += repeatElement(0, count: width)
        continue
      }
      for (word, mask) in zip(cell.column(index), all) { excluded.append(value ? ~word & mask : word) }
    }
    self.excluded = excluded
  }

  private func rows(of atom: Int) -> ArraySlice<UInt64> { excluded[atom * width..<(atom + 1) * width] }

  /// Whether no row agrees with the state in all atoms.
  var isPossible: Bool {
    var rest = all
    for atom in 0..<atomCount { Self.remove(rows(of: atom), from: &rest) }
    return rest.allSatisfy { $0 == 0 }
  }

  /// A minimal set of atoms; `isPossible` is required.
  func cover(_ costs: [Double]) -> [Int] {
    var rest = all
    var chosen: [Int] = []
    while rest.contains(where: { $0 != 0 }) {
      let best = (0..<atomCount).map { (Double(gain(of: $0, rest)) / costs[$0], $0) }
        .max { ($0.0, $1.1) < ($1.0, $0.1) }
      guard let best, best.0 > 0 else { preconditionFailure("some row agrees with everything") }
      chosen.append(best.1)
      Self.remove(rows(of: best.1), from: &rest)
    }
    return minimized(chosen, costs)
  }

  /// Drops what the others make unnecessary, the most expensive first.
  private func minimized(_ atoms: [Int], _ costs: [Double]) -> [Int] {
    var kept = atoms
    for atom in atoms.sorted(by: { (costs[$0], $0) > (costs[$1], $1) }) {
      let others = kept.filter { $0 != atom }
      if remaining(others).allSatisfy({ $0 == 0 }) { kept = others }
    }
    return kept
  }

  /// The rows that agree with the state in all these atoms.
  private func remaining(_ atoms: [Int]) -> [UInt64] {
    var rest = all
    for atom in atoms { Self.remove(rows(of: atom), from: &rest) }
    return rest
  }

  /// How many rows agree with all but one of the atoms, at least, whichever that one is.
  func support(_ atoms: [Int]) -> Int {
    atoms.map { atom in remaining(atoms.filter { $0 != atom }).reduce(0) { $0 + $1.nonzeroBitCount } }.min()
      ?? all.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  private func gain(of atom: Int, _ rest: [UInt64]) -> Int {
    var sum = 0
    let base = atom * width
    for index in 0..<width { sum += (excluded[base + index] & rest[index]).nonzeroBitCount }
    return sum
  }

  private static func remove(_ rows: ArraySlice<UInt64>, from rest: inout [UInt64]) {
    for (index, word) in rows.enumerated() { rest[index] &= ~word }
  }
}
