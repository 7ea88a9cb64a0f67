import TransitionIR

/// The search for the representative of one state: colour refinement, then individualisation where it leaves ties.
///
/// The method is that of canonical labelling of graphs (McKay, *Practical graph isomorphism*, 1981). Elements are the
/// vertices; a slot that is not zero is a *fact* about the elements it belongs to and points to. Elements of one colour are
/// split by the facts about them, in which other elements appear as their colours only, until nothing changes. Nothing in this
/// looks at the numbers of elements, so equal orbits give equal colours, and the order of the colours is a numbering.
///
/// Where several elements of one colour are left: if swapping any two of them leaves the state equal they are *twins*, and any
/// order will do. Otherwise each is put first in turn, and the least state of all that come out is the representative. Signatures
/// are 64-bit sums of hashes; elements with equal hashes are only not split, which costs time and is never wrong.
///
/// Compiled code does the same with the same numbers (`SymmetryRuntime` in NativeCode); keep them side by side.
struct SymmetryRefinement {
  /// Says something about one element, or about several.
  private struct Fact {
    let tag: UInt64
    let elements: [Int]
  }

  private let tables: SymmetryTables
  private let words: [UInt64]
  /// Fields that are not zero, and what they hold.
  private var used: [(field: SymmetryTables.Field, value: UInt64)] = []
  private var relations: [Fact] = []
  private var degree: [Int]
  private var best: [UInt64]?

  /// An ordered partition: cells are runs in `order`, and the colour of an element is where its cell begins.
  private struct Partition {
    var order: [Int]
    var colour: [Int]

    func end(ofCellAt start: Int) -> Int {
      var end = start + 1
      while end < order.count, colour[order[end]] == start { end += 1 }
      return end
    }

    /// Sorts a cell by a signature and splits it; true if it was split.
    mutating func split(_ start: Int, _ end: Int, by signature: [UInt64]) -> Bool {
      let sorted = order[start..<end].sorted { signature[$0] < signature[$1] }
      var colour = start
      for (offset, element) in sorted.enumerated() {
        if offset > 0, signature[element] != signature[sorted[offset - 1]] { colour = start + offset }
        order[start + offset] = element
        self.colour[element] = colour
      }
      return colour != start
    }

    /// Makes `element` a cell of its own, before the rest of its cell.
    mutating func individualise(_ element: Int, inCell start: Int, _ end: Int) {
      guard let position = order[start..<end].firstIndex(of: element) else { return }
      order.swapAt(start, position)
      for other in order[start + 1..<end] { colour[other] = start + 1 }
    }

    /// Makes each element of a cell a cell of its own.
    mutating func scatter(_ start: Int, _ end: Int) {
      for position in start..<end { colour[order[position]] = position }
    }
  }

  init(_ tables: SymmetryTables, _ words: [UInt64]) {
    self.tables = tables
    self.words = words
    degree = [Int](repeating: 0, count: tables.elementCount)
  }

  mutating func representative() -> [UInt64] {
    var partition = Partition(order: Array(0..<tables.elementCount), colour: [])
    partition.colour = tables.refined.flatMap { group in
      [Int](repeating: tables.targets[group.pool.index][group.firstPointer], count: group.count)
    }
    let signature = collectFacts()
    for group in tables.refined {
      let first = tables.targets[group.pool.index][group.firstPointer]
      _ = partition.split(first, first + group.count, by: signature)
    }
    _ = search(partition, known: nil)
    return best ?? words
  }

  // MARK: Facts

  /// Facts about one element are its signature; the others are kept as relations.
  private mutating func collectFacts() -> [UInt64] {
    var signature = [UInt64](repeating: 0, count: tables.elementCount)
    for field in tables.fields {
      let value = field.bits.read(words)
      guard value != 0 else { continue }
      used.append((field, value))
      let owners = field.coordinates.map(\.element)
      var rest = value
      for (element, bit) in pointedTo(by: field, value) {
        add(Fact(tag: field.targetTag, elements: owners + [element]), &signature)
        rest &= ~bit
      }
      if rest != 0, !owners.isEmpty {
        add(Fact(tag: field.factor &* rest, elements: owners), &signature)
      }
    }
    return signature
  }

  private mutating func add(_ fact: Fact, _ signature: inout [UInt64]) {
    for element in fact.elements { degree[element] += 1 }
    if fact.elements.count == 1 {
      signature[fact.elements[0]] &+= fact.tag
    } else {
      relations.append(fact)
    }
  }

  /// The elements that a field points to, each with the part of the value that says so.
  private func pointedTo(by field: SymmetryTables.Field, _ value: UInt64) -> [(element: Int, bit: UInt64)] {
    switch field.content {
    case .plain: return []
    case .pointer:
      let element = tables.targets[field.pool][Int(value)]
      return element >= 0 ? [(element, value)] : []
    case .set:
      return tables.targets[field.pool].enumerated().compactMap { pointer, element in
        guard element >= 0, (value >> UInt64(pointer - 1)) & 1 == 1 else { return nil }
        return (element, 1 << UInt64(pointer - 1))
      }
    }
  }

  // MARK: Search

  /// Splits cells by what is said about their elements until nothing changes.
  private func refine(_ partition: inout Partition) {
    var changes = true
    while changes {
      changes = false
      var signature = [UInt64](repeating: 0, count: tables.elementCount)
      for fact in relations {
        for (place, element) in fact.elements.enumerated() {
          var product = fact.tag &+ UInt64(place)
          for (other, neighbour) in fact.elements.enumerated() where other != place {
            product =
              product
              &* SymmetryTables.factor(
                ofColour: partition.colour[neighbour], place: other, elementCount: tables.elementCount)
          }
          signature[element] &+= product
        }
      }
      var start = 0
      while start < partition.order.count {
        let end = partition.end(ofCellAt: start)
        if end - start > 1, partition.split(start, end, by: signature) { changes = true }
        start = end
      }
    }
  }

  /// Looks at all leaves below a node, and returns the first; if that one is `known`, at no other.
  ///
  /// Two branches of one node with an equal first leaf are images of each other under an automorphism of the state, so all of their
  /// leaves are equal.
  private mutating func search(_ given: Partition, known: [UInt64]?) -> (first: [UInt64], isKnown: Bool) {
    var partition = given
    refine(&partition)
    var start = 0
    while start < partition.order.count {
      let end = partition.end(ofCellAt: start)
      if end - start > 1 {
        let distinct = withoutTwins(partition.order[start..<end])
        if distinct.count > 1 { return branch(partition, start, end, distinct, known: known) }
        partition.scatter(start, end)
      }
      start = end
    }
    var image = [Int](repeating: 0, count: partition.order.count)
    for (position, element) in partition.order.enumerated() { image[element] = position }
    let leaf = moved(image)
    if best.map(leaf.lexicographicallyPrecedes) ?? true { best = leaf }
    return (leaf, leaf == known)
  }

  /// Puts each of `distinct` first in its cell.
  private mutating func branch(
    _ partition: Partition, _ start: Int, _ end: Int, _ distinct: [Int], known: [UInt64]?
  ) -> (first: [UInt64], isKnown: Bool) {
    var first: [UInt64]?
    for element in distinct {
      var branch = partition
      branch.individualise(element, inCell: start, end)
      let result = search(branch, known: first ?? known)
      if first == nil {
        if result.isKnown { return result }
        first = result.first
      }
    }
    return (first ?? words, false)
  }

  /// One of each class of twins.
  private func withoutTwins(_ cell: ArraySlice<Int>) -> [Int] {
    var result: [Int] = []
    for element in cell where !result.contains(where: { areTwins($0, element) }) { result.append(element) }
    return result
  }

  /// Swapping the two leaves the state equal.
  private func areTwins(_ a: Int, _ b: Int) -> Bool {
    if degree[a] == 0, degree[b] == 0 { return true }
    var image = Array(0..<tables.elementCount)
    image.swapAt(a, b)
    return moved(image) == words
  }

  /// The state in which element `e` has become `image[e]`.
  private func moved(_ image: [Int]) -> [UInt64] {
    var result = words
    for (field, _) in used { field.bits.write(0, &result) }
    for (field, value) in used {
      var slot = field.slot
      for (element, stride) in field.coordinates { slot += (image[element] - element) * stride }
      var content = value
      for (element, bit) in pointedTo(by: field, value) {
        content &= ~bit
        // Elements of one group are numbered like their pointers.
        if field.content == .pointer { content = UInt64(Int(value) + image[element] - element) }
      }
      if field.content == .set {
        for (element, bit) in pointedTo(by: field, value) {
          content |= 1 << UInt64(bit.trailingZeroBitCount + image[element] - element)
        }
      }
      guard let bits = tables.bitsOfSlot[slot] else { continue }
      result[bits.word] |= content << UInt64(bits.shift)
    }
    return result
  }
}
