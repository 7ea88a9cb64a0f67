import TransitionIR

/// Which processes and objects of a system are interchangeable, and the one state that stands for all that differ only by
/// exchanging them.
///
/// Two states in one orbit have the same representative, always: the number of stored states is the number of orbits. The
/// representative is the least leaf of a search tree that is built without looking at numbers of processes and objects (colour
/// refinement; see `SymmetryRefinement`). Compiled code computes the same one from the same `SymmetryTables`.
public struct Symmetry: Sendable {
  /// Processes of one kind or objects of one pool: any permutation of them leaves the meaning of the system as it is.
  public struct Group: Hashable, Sendable {
    public enum Origin: Hashable, Sendable {
      case kind(KindID)
      case pool(PoolID)
    }
    public let origin: Origin
    public let name: String
    /// At least 2.
    public let count: Int
    /// The pool into which pointers to the members point.
    public let pool: PoolID
    /// Members are the pointer values `firstPointer ..< firstPointer + count`.
    public let firstPointer: Int

    /// The member that a pointer value names, from 0.
    public func member(ofPointer value: Int) -> Int? {
      value >= firstPointer && value < firstPointer + count ? value - firstPointer : nil
    }
  }

  /// Why a kind or a pool is not reduced.
  public struct Refusal: Hashable, Sendable {
    public let origin: Group.Origin
    public let name: String
    /// A sentence for people, without the name: "its objects are compared by number".
    public let reason: String
    /// Where the spec does it, if there is one place.
    public let site: SiteID?
  }

  public let groups: [Group]
  /// Kinds and pools with more than one member that are no group, with all reasons.
  public let refusals: [Refusal]
  /// How states are taken apart and put together again; what compiled code needs to know.
  public let tables: SymmetryTables
  let layout: SymmetryLayout

  /// Finds the interchangeable processes and objects of a system.
  ///
  /// Requires: `system` is valid. Time: linear in the size of the system.
  public init(_ system: TransitionSystem) {
    var check = SymmetryCheck(system)
    check.run()
    var layout = SymmetryLayout(system, check.groups, check.processDimensions)
    while let conflict = layout.conflict {
      check.refuse(
        check.groups[conflict.group].origin, "locals that share memory lie differently in its processes", nil)
      layout = SymmetryLayout(system, check.groups, check.processDimensions)
    }
    self.layout = layout
    groups = check.groups
    refusals = check.refusals
    tables = SymmetryTables(system, layout)
  }

  /// Nothing is interchangeable: every state is its own representative.
  public var isTrivial: Bool { groups.isEmpty }

  /// The representative of the orbit of `state`.
  ///
  /// Time: near linear in the slots that are not zero if all members can be told apart or are equal; exponential in the number of
  /// members that look alike although they are neither.
  public func canonical(_ state: [Int]) -> [Int] {
    isTrivial ? state : tables.canonical(state)
  }
}
