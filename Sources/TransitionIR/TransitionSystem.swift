/// A place in the spec text.
///
/// Provenance only: no engine looks at it.
public struct Site: Hashable, Sendable {
  /// Index into `TransitionSystem.files`.
  public let file: Int
  /// 1-based.
  public let line: Int
  public let column: Int
  /// The first line of the source text, trimmed.
  public let text: String
  /// The function or process around it.
  public let function: String
  /// The `@ "..."` of the function around it, or empty.
  public let origin: String
  public init(file: Int, line: Int, column: Int, text: String, function: String, origin: String) {
    self.file = file
    self.line = line
    self.column = column
    self.text = text
    self.function = function
    self.origin = origin
  }
}

/// The value names of an enum or the bit names of a flags type.
public struct ValueNames: Sendable {
  public let name: String
  public let members: [String]
  public init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }
}

/// A heap of at most `capacity` interchangeable objects; the process pool has one object for each process, always live.
public struct Pool: Sendable {
  public let name: String
  public let capacity: Int
  public let isProcessPool: Bool
  /// The variables that are fields of this pool's objects, `live` included.
  public var fields: [VariableID] = []
  /// The bool variable that tells which objects exist; nil for the process pool.
  public var live: VariableID?
  public init(name: String, capacity: Int, isProcessPool: Bool) {
    self.name = name
    self.capacity = capacity
    self.isProcessPool = isProcessPool
  }
}

public enum Dimension: Hashable, Sendable {
  /// An array bound; index values run from `lower` to `lower + count - 1`.
  case array(count: Int, lower: Int)
  /// One slot for each object.
  case pool(PoolID, capacity: Int)
  /// One slot for each process of a kind: a local.
  case process(KindID, count: Int)

  public var count: Int {
    switch self {
    case .array(let count, _): count
    case .pool(_, let capacity): capacity
    case .process(_, let count): count
    }
  }
}

public struct Variable: Sendable {
  public enum Role: Hashable, Sendable {
    case global
    case field(PoolID)
    /// Visible only to its own process; zero while out of scope.
    case local(KindID)
    /// The control point of a process.
    case control(KindID)
    /// Which objects exist.
    case live(PoolID)
    /// Bookkeeping of a check, shown to nobody.
    case hidden(KindID)
  }
  /// Part of a lock: how `Describe`, deadlock explanations and the lock-order graph find lock state.
  public enum LockPart: Hashable, Sendable {
    /// The process that holds a mutex, a spinlock, or an rwsem for writing (pointer value, 0 = nobody).
    case owner(LockClassID)
    /// The set of processes that hold an rwsem for reading.
    case readers(LockClassID)
  }

  /// As the spec spells it: `mm_struct.mmap_lock`, `total`, `find_shared_vma.host`.
  public let name: String
  public let domain: Domain
  public let dimensions: [Dimension]
  public let role: Role
  public let initial: Int
  public let lockPart: LockPart?
  /// The first slot.
  ///
  /// Slots follow in row-major order. Locals of one process whose scopes never overlap share slots.
  public var slot: Int

  public init(
    name: String, domain: Domain, dimensions: [Dimension], role: Role, initial: Int,
    lockPart: LockPart? = nil,
    slot: Int
  ) {
    self.name = name
    self.domain = domain
    self.dimensions = dimensions
    self.role = role
    self.initial = initial
    self.lockPart = lockPart
    self.slot = slot
  }

  public var slotCount: Int { dimensions.reduce(1) { $0 * $1.count } }
}

/// One declaration of locks: what lockdep calls a class.
public struct LockClass: Sendable {
  public enum Kind: String, Sendable { case mutex, spinlock, rwsem }
  /// `mm_struct.mmap_lock`.
  public let name: String
  public let kind: Kind
  public let owner: VariableID
  /// rwsem only.
  public let readers: VariableID?
  public init(name: String, kind: Kind, owner: VariableID, readers: VariableID?) {
    self.name = name
    self.kind = kind
    self.owner = owner
    self.readers = readers
  }
}

/// A control point of a process kind.
public struct Location: Sendable {
  public let kind: KindID
  public let site: SiteID
  /// The locals that are in scope here; all others are zero.
  public let locals: [VariableID]
  /// Labels of the spec that stand here.
  public let labels: [String]
  public init(kind: KindID, site: SiteID, locals: [VariableID], labels: [String]) {
    self.kind = kind
    self.site = site
    self.locals = locals
    self.labels = labels
  }
}

/// A template: what a process of a kind does at a control point, for any process of that kind (`current` stays symbolic).
public struct Step: Sendable {
  public let location: LocationID
  public let body: [Statement]
  public init(location: LocationID, body: [Statement]) {
    self.location = location
    self.body = body
  }
}

public struct ProcessKind: Sendable {
  public let name: String
  public let count: Int
  /// Processes of this kind are `firstProcess ..< firstProcess + count`; as pointer values one more.
  public let firstProcess: Int
  public let isSymmetric: Bool
  public let isDaemon: Bool
  public let isEnvironment: Bool
  /// The variable with role `.control`.
  public var control: VariableID
  /// Its control points, in one run: `firstLocation ..< firstLocation + locationCount`.
  public var firstLocation: Int
  public var locationCount: Int
  public init(
    name: String, count: Int, firstProcess: Int, isSymmetric: Bool, isDaemon: Bool, isEnvironment: Bool,
    control: VariableID, firstLocation: Int, locationCount: Int
  ) {
    self.name = name
    self.count = count
    self.firstProcess = firstProcess
    self.isSymmetric = isSymmetric
    self.isDaemon = isDaemon
    self.isEnvironment = isEnvironment
    self.control = control
    self.firstLocation = firstLocation
    self.locationCount = locationCount
  }
}

/// A declared property.
public struct Property: Sendable {
  public enum Group: String, Sendable { case invariant, step, reachable }
  public let name: String
  public let group: Group
  public let documentation: String
  public let body: Expression
  public let site: SiteID
  /// Closed expressions, one for each `==>` inside: true when its left side holds somewhere, that is, when the implication was tried.
  public let antecedents: [(site: SiteID, expression: Expression)]
  public init(
    name: String, group: Group, documentation: String, body: Expression, site: SiteID,
    antecedents: [(site: SiteID, expression: Expression)]
  ) {
    self.name = name
    self.group = group
    self.documentation = documentation
    self.body = body
    self.site = site
    self.antecedents = antecedents
  }
}

/// Something whose execution is counted.
public struct CoverPoint: Hashable, Sendable {
  public enum Kind: String, Sendable {
    case statement, branchTaken = "branch taken", branchNotTaken = "branch not taken"
  }
  public let kind: Kind
  public let site: SiteID
  public init(kind: Kind, site: SiteID) {
    self.kind = kind
    self.site = site
  }
}

/// The meaning of a spec in one scope: variables, initial statement, and step templates.
///
/// A state is an array of `slotCount` integers. Invariants are checked by `validate()`.
public struct TransitionSystem: Sendable {
  public var name = ""
  public var title = ""
  public var files: [String] = []
  public var sites: [Site] = []
  public var names: [ValueNames] = []
  public var pools: [Pool] = []
  /// The pool of processes.
  public var processPool = PoolID(0)
  public var kinds: [ProcessKind] = []
  public var variables: [Variable] = []
  public var lockClasses: [LockClass] = []
  public var locations: [Location] = []
  /// `steps[i]` belongs to location i.
  public var steps: [Step] = []
  /// Runs once on the state in which every variable has its initial value; `current` must not occur.
  ///
  /// Ends in `end`.
  public var initialBody: [Statement] = []
  /// For each kind, what its processes do before their first step (locals only).
  ///
  /// Ends in `jump` or `end`.
  public var startBodies: [[Statement]] = []
  public var properties: [Property] = []
  /// The built-in properties that this spec can violate at all.
  public var builtins: [BuiltinProperty] = []
  public var coverPoints: [CoverPoint] = []
  public var boundCount = 0
  /// Length of a state.
  public var slotCount = 0

  public init() {}

  public var processCount: Int { kinds.reduce(0) { $0 + $1.count } }

  /// The kind of process number `process` (0-based over all kinds).
  public func kind(ofProcess process: Int) -> KindID {
    KindID(kinds.firstIndex { process < $0.firstProcess + $0.count } ?? kinds.count - 1)
  }

  /// `user[1]`, or just `kswapd` if there is one of its kind.
  public func processName(_ process: Int) -> String {
    let kind = kinds[self.kind(ofProcess: process).index]
    return kind.count == 1 ? kind.name : "\(kind.name)[\(process - kind.firstProcess)]"
  }
}
