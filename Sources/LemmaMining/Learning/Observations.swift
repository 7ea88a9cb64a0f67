import ExplicitEngine
import TransitionIR

/// What can be learnt from the small system: its states, and for each sighting asked for the rows seen there.
///
/// Rows are collected when they are first needed and kept. One thread at a time.
public final class Observations {
  public let pair: SystemPair
  let states: ObservedStates
  let views: [View]
  private let limits: TermCatalog.Limits
  private var cells: [Sighting: Cell] = [:]

  /// `states` are those of the small system; the more of them there are, the fewer clauses are false elsewhere.
  ///
  /// `depth` is how many pointers a path may follow.
  public init(_ pair: SystemPair, _ states: ReachableStates, depth: Int = 1) {
    self.pair = pair
    self.states = ObservedStates(pair, states)
    views = View.all(of: pair)
    var limits = TermCatalog.Limits()
    limits.depth = depth
    self.limits = limits
  }

  /// What was looked at so far, for reports.
  public struct Size: Sendable {
    public var states = 0
    /// All reachable states of the small system were seen.
    public var isComplete = false
    public var views = 0
    /// Sightings of which rows were collected.
    public var cells = 0
    /// Different rows, and atoms, of all of those together.
    public var rows = 0
    public var atoms = 0
    /// Of the largest of them.
    public var mostRows = 0
    public var mostAtoms = 0
  }

  public var size: Size {
    var size = Size(
      states: states.count, isComplete: states.isComplete, views: views.count, cells: cells.count)
    for cell in cells.values {
      size.rows += cell.rowCount
      size.atoms += cell.atoms.count
      size.mostRows = max(size.mostRows, cell.rowCount)
      size.mostAtoms = max(size.mostAtoms, cell.atoms.count)
    }
    return size
  }

  func cell(_ sighting: Sighting) -> Cell {
    if let known = cells[sighting] { return known }
    let cell = Cell(sighting, states, limits)
    cells[sighting] = cell
    return cell
  }
}
