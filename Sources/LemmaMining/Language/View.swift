import TransitionIR

/// What a clause is about, beside globals: at most two things that it is said of all of.
///
/// Two of the same kind or pool are different ones.
public struct View: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    /// A process of a kind; its value is its pointer into the process pool.
    case process(KindID)
    /// A live object; its value is the pointer to it.
    case object(PoolID)
    /// An index of an array; its value is itself.
    case index(ArrayAxis)
  }

  public let subjects: [Subject]

  public init(_ subjects: [Subject]) { self.subjects = subjects }

  static let globals = View([])

  /// The kind of subject `number`, if it is a process.
  func kind(_ number: Int) -> KindID? {
    guard subjects.indices.contains(number), case .process(let kind) = subjects[number] else { return nil }
    return kind
  }

  /// Whether the two subjects must be told to differ.
  var isOfTwins: Bool { subjects.count == 2 && subjects[0] == subjects[1] }

  /// `x`, `y` for processes, `o`, `q` for objects, `i` for indices.
  func name(_ number: Int) -> String {
    switch subjects[number] {
    case .process: kind(0) == nil || number == 0 ? "x" : "y"
    case .object: number == 0 || kind(0) != nil ? "o" : "q"
    case .index: "i"
    }
  }

  /// All views that the small system has instances of, those of fewer subjects first.
  static func all(of pair: SystemPair) -> [View] {
    let system = pair.small
    let kinds = system.kinds.indices.map { KindID($0) }.filter { system.kinds[$0.index].count > 0 }
    let pools = system.pools.indices.map { PoolID($0) }
      .filter { !system.pools[$0.index].isProcessPool && system.pools[$0.index].live != nil }
    let axes = pair.axes
    var views = [View.globals]
    views += kinds.map { View([.process($0)]) }
    views += pools.map { View([.object($0)]) } + axes.map { View([.index($0)]) }
    for kind in kinds {
      views += axes.map { View([.process(kind), .index($0)]) }
      views += pools.map { View([.process(kind), .object($0)]) }
    }
    for (number, kind) in kinds.enumerated() {
      for other in kinds[number...] where other != kind || system.kinds[kind.index].count > 1 {
        views.append(View([.process(kind), .process(other)]))
      }
    }
    for (number, pool) in pools.enumerated() {
      for other in pools[number...] where other != pool || system.pools[pool.index].capacity > 1 {
        views.append(View([.object(pool), .object(other)]))
      }
    }
    return views
  }
}

/// The values of a view's subjects in one state; 0 for a subject that there is not.
struct Tuple: Hashable {
  var first = 0
  var second = 0

  subscript(number: Int) -> Int {
    get { number == 0 ? first : second }
    set { if number == 0 { first = newValue } else { second = newValue } }
  }
}
