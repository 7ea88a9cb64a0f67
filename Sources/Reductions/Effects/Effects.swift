import TransitionIR

/// What a step, or a property, may touch: like `Footprint`, but with the detail that commuting needs.
///
/// Freeing and allocating are not spelled out as writes of all fields and all pointers. What they disturb is told by pool:
/// - A pointer is null, stale, or names a live object (`BodyWalker.untrusted` lists the pools where that is not sure). So
///   whoever follows a pointer can be disturbed by a `free`, but not by an `allocate`, which only touches dead objects.
/// - Moving a pointer, or comparing it with null, commutes with a `free`, which renames pointers wherever they are.
struct Effects: Hashable {
  var accesses: Set<Access> = []
  /// The same, each with the locks that are still held when the step has been made.
  var trailing: Set<Access> = []
  /// Pools of which the step asks whether a pointer is stale: it follows, compares or frees one.
  var follows: Set<PoolID> = []
  var allocates: Set<PoolID> = []
  var frees: Set<PoolID> = []
  /// Pools of which the step asks whether it alone has a pointer.
  var exclusives: Set<PoolID> = []
  /// Pools to which the step assigns a pointer, wherever that is, or forgets one.
  var movesPointers: Set<PoolID> = []
  /// Which locks the running process holds.
  var readsOwnLocks = false
  /// Sets of control points: the step asks of some process whether it is in one.
  var observes: Set<Set<LocationID>> = []
  /// Asks of some process whether it has ended.
  var observesEnd = false
  /// Locks that the step waits for.
  var awaits: Set<LockClassID> = []
  /// The step may wait for something that is not a lock.
  var mayWait = false
  /// Where the step may lead.
  var arrivals: Set<LocationID> = []
  var mayEnd = false
  /// The step may find an object that nothing leads to, by looking through all that are live.
  var conjures = false

  /// Leaves out what only the process itself can see.
  func shared(in system: TransitionSystem, exposed: Set<VariableID>) -> Effects {
    func isShared(_ access: Access) -> Bool {
      switch system.variables[access.variable.index].role {
      case .local, .hidden: exposed.contains(access.variable)
      case .control: false
      case .global, .field, .live: true
      }
    }
    var result = self
    result.accesses = accesses.filter(isShared)
    result.trailing = trailing.filter(isShared)
    return result
  }
}
