/// What a step template may read and write, for any process that takes it and whatever choices it makes.
///
/// Kept symbolic, like the template: indices are constants, "the running process", or unknown. An over-approximation:
/// a slot that a step changes is in `writes`, and a step does the same in two states that agree on `reads` (but
/// for `readsOwnLocks`, see there). Every process also reads its own control point.
public struct Footprint: Hashable, Sendable {
  /// What is known about one index of an access.
  public enum IndexAbstraction: Hashable, Sendable {
    /// A position along the dimension, counted from 0 (array bounds and pointer encoding are taken off).
    case constant(Int)
    /// The position that belongs to the running process.
    case current
    /// Any position.
    case unknown
  }

  /// Some slots of one variable.
  public struct Access: Hashable, Sendable {
    public let variable: VariableID
    /// One for each dimension of the variable.
    public let indices: [IndexAbstraction]
    /// The slots of `variable` at these positions.
    public init(_ variable: VariableID, _ indices: [IndexAbstraction]) {
      self.variable = variable
      self.indices = indices
    }
  }

  public var reads: Set<Access> = []
  public var writes: Set<Access> = []
  /// Pools of which the step may free an object.
  ///
  /// Its effects are in `reads` and `writes`, too.
  public var frees: Set<PoolID> = []
  /// Pools from which the step may allocate.
  ///
  /// Its effects are in `reads` and `writes`, too.
  public var allocates: Set<PoolID> = []
  /// The step depends on which locks the running process holds.
  ///
  /// Not repeated in `reads`, because no other process
  /// can change the answer, except by freeing the object that a lock is part of.
  public var readsOwnLocks = false

  /// A step that touches nothing.
  public init() {}

  /// The slots that `accesses` stand for when `process` takes the step.
  ///
  /// Time: linear in their number.
  public static func slots(of accesses: Set<Access>, process: Int, in system: TransitionSystem) -> Set<Int> {
    var result: Set<Int> = []
    for access in accesses { result.formUnion(slots(of: access, process: process, in: system)) }
    return result
  }

  private static func slots(of access: Access, process: Int, in system: TransitionSystem) -> [Int] {
    let variable = system.variables[access.variable.index]
    var offsets = [0]
    for (position, dimension) in variable.dimensions.enumerated() {
      let positions: Range<Int>
      switch position < access.indices.count ? access.indices[position] : .unknown {
      case .constant(let value): positions = value..<value + 1
      case .current:
        var own = process
        if case .process(let kind, _) = dimension { own -= system.kinds[kind.index].firstProcess }
        positions = own..<own + 1
      case .unknown: positions = 0..<dimension.count
      }
      let inside = positions.clamped(to: 0..<dimension.count)
      offsets = offsets.flatMap { offset in inside.map { offset * dimension.count + $0 } }
    }
    return offsets.map { variable.slot + $0 }
  }
}

/// What `step` may read and write.
///
/// Time: linear in the size of its body, and of the system for each `free` and
/// `exclusive` in it.
public func footprint(of step: Step, in system: TransitionSystem) -> Footprint {
  guard system.locations.indices.contains(step.location.index) else { return Footprint() }
  var builder = FootprintBuilder(system, kind: system.locations[step.location.index].kind)
  builder.visit(step.body)
  return builder.footprint
}
