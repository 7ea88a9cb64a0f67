import TransitionIR

/// Permutations and orbits by definition: slow, and what the fast form is tested against.
extension Symmetry {
  /// For each group, where each of its members goes.
  public struct Permutation: Hashable, Sendable {
    public let images: [[Int]]
    public init(_ images: [[Int]]) { self.images = images }
  }

  /// How many permutations there are: the largest size of an orbit.
  public var permutationCount: Int {
    groups.reduce(1) { product, group in (1...group.count).reduce(product) { $0 &* $1 } }
  }

  /// All permutations.
  ///
  /// Time and memory: `permutationCount`.
  public var permutations: [Permutation] {
    groups.reduce([Permutation([])]) { known, group in
      let images = Self.arrangements(Array(0..<group.count))
      return known.flatMap { before in images.map { Permutation(before.images + [$0]) } }
    }
  }

  private static func arrangements(_ items: [Int]) -> [[Int]] {
    if items.isEmpty { return [[]] }
    return items.flatMap { first in
      arrangements(items.filter { $0 != first }).map { [first] + $0 }
    }
  }

  /// The state in which every member plays the part of the one that is sent to it.
  public func apply(_ permutation: Permutation, to state: [Int]) -> [Int] {
    var result = state
    for (slot, description) in layout.slots.enumerated() {
      var target = slot
      for coordinate in description.coordinates {
        let image = permutation.images[coordinate.group][coordinate.member]
        target += (image - coordinate.member) * coordinate.stride
      }
      result[target] =
        switch description.content {
        case .plain: state[slot]
        case .pointer(let pool): moved(state[slot], pool, permutation)
        case .set(let pool):
          (0..<Int.bitWidth - 1).reduce(0) { set, bit in
            (state[slot] >> bit) & 1 == 0 ? set : set | 1 << (moved(bit + 1, pool, permutation) - 1)
          }
        }
    }
    return result
  }

  /// Where the object that a pointer names goes.
  private func moved(_ pointer: Int, _ pool: PoolID, _ permutation: Permutation) -> Int {
    for (index, group) in groups.enumerated() where group.pool == pool {
      if let member = group.member(ofPointer: pointer) {
        return group.firstPointer + permutation.images[index][member]
      }
    }
    return pointer
  }

  /// All states that differ from `state` only by exchanging members.
  ///
  /// Time: `permutationCount` times the length of a state.
  public func orbit(of state: [Int]) -> Set<[Int]> {
    Set(permutations.map { apply($0, to: state) })
  }
}
