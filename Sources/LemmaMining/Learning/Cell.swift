import TransitionIR

/// What was seen of one sighting: each different combination of truth values of its atoms is a row, each atom a column of bits.
final class Cell {
  let sighting: Sighting
  let atoms: [Atom]
  let rowCount: Int
  /// Words of a column.
  let width: Int
  /// Column after column.
  private let columns: [UInt64]
  private let pair: SystemPair
  private let scopes: ScopeTable
  private let types: TypeTable
  private lazy var largeProbe = Probe(atoms, types, pair.large, scopes)

  init(_ sighting: Sighting, _ states: ObservedStates, _ limits: TermCatalog.Limits) {
    self.sighting = sighting
    (pair, scopes) = (states.pair, states.scopes)
    let terms = TermCatalog(sighting, pair, scopes, limits)
    types = terms.types
    let seen = Self.seenValues(terms, sighting, states)
    atoms = AtomCatalog(terms, pair, seen, limits).atoms
    let rows = Self.rows(Probe(atoms, types, pair.small, scopes), sighting, states)
    rowCount = rows.count
    width = (rows.count + 63) / 64
    columns = Self.transposed(rows, atomCount: atoms.count, width: width)
  }

  /// The bits of the rows in which atom number `index` is true.
  func column(_ index: Int) -> ArraySlice<UInt64> { columns[index * width..<(index + 1) * width] }

  /// All rows.
  var allRows: [UInt64] {
    var words = [UInt64](repeating: .max, count: width)
    if rowCount % 64 != 0, width > 0 { words[width - 1] = (1 << UInt64(rowCount % 64)) - 1 }
    return words
  }

  /// The truth values of the atoms in a state of the large system.
  func values(in state: PlainState, _ tuple: Tuple) -> [Bool] {
    let bits = largeProbe.bits(state, tuple)
    return atoms.indices.map { (bits[$0 / 64] >> UInt64($0 % 64)) & 1 == 1 }
  }

  // MARK: Learning

  private static func seenValues(
    _ terms: TermCatalog, _ sighting: Sighting, _ states: ObservedStates
  ) -> [Term: SeenValues] {
    var building = TermProgram(states.pair.small, states.scopes)
    let numbers = terms.terms.filter { AtomCatalog.needsValues($0, terms.types) }
    let positions = numbers.map { building.add($0) }
    let program = building
    var seen = [SeenValues](repeating: SeenValues(), count: numbers.count)
    var values = [Int](repeating: 0, count: program.count)
    states.forEach(sighting) { state, tuple in
      program.run(state, tuple, into: &values)
      for (number, position) in positions.enumerated() { seen[number].add(values[position]) }
    }
    return Dictionary(uniqueKeysWithValues: zip(numbers, seen))
  }

  private static func rows(
    _ probe: Probe, _ sighting: Sighting, _ states: ObservedStates
  ) -> [[UInt64]] {
    var known = Set<[UInt64]>()
    var rows: [[UInt64]] = []
    var probe = probe
    states.forEach(sighting) { state, tuple in
      probe.look(state, tuple)
      if known.insert(probe.words).inserted { rows.append(probe.words) }
    }
    return rows
  }

  private static func transposed(_ rows: [[UInt64]], atomCount: Int, width: Int) -> [UInt64] {
    var columns = [UInt64](repeating: 0, count: atomCount * width)
    for (number, row) in rows.enumerated() {
      let bit = UInt64(1) << UInt64(number % 64)
      for (index, word) in row.enumerated() {
        var rest = word
        while rest != 0 {
          let atom = index * 64 + rest.trailingZeroBitCount
          rest &= rest - 1
          columns[atom * width + number / 64] |= bit
        }
      }
    }
    return columns
  }
}

/// Atoms compiled for one system: evaluates all of them in one pass.
struct Probe {
  private var program: TermProgram
  private let predicates: [Predicate]
  private var values: [Int]
  /// The truth values after `look`, one bit for each atom.
  private(set) var words: [UInt64]

  init(_ atoms: [Atom], _ types: TypeTable, _ system: TransitionSystem, _ scopes: ScopeTable) {
    var program = TermProgram(system, scopes)
    predicates = atoms.map { Predicate($0, &program, types, system) }
    self.program = program
    values = [Int](repeating: 0, count: program.count)
    words = [UInt64](repeating: 0, count: (atoms.count + 63) / 64)
  }

  mutating func look<S: StateSource>(_ state: S, _ tuple: Tuple) {
    program.run(state, tuple, into: &values)
    for index in words.indices {
      var word: UInt64 = 0
      let end = min(predicates.count, index * 64 + 64)
      for number in index * 64..<end where predicates[number].isTrue(values, state, tuple) {
        word |= 1 << UInt64(number - index * 64)
      }
      words[index] = word
    }
  }

  func bits(_ state: PlainState, _ tuple: Tuple) -> [UInt64] {
    var copy = self
    copy.look(state, tuple)
    return copy.words
  }
}
