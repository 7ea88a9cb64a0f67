import Evidence
import Reports
import TransitionIR

/// What the scopes of one spec reached together: scopes share the work, so a gap is what none of them reached.
struct CoverageLedger {
  private var order: [CoverageGap] = []
  private var isOpen: [CoverageGap: Bool] = [:]

  /// Adds one run: everything that could have been reached, and what was not.
  mutating func add(possible: [CoverageGap], missed: [CoverageGap]) {
    let missed = Set(missed)
    for point in possible {
      if let known = isOpen[point] {
        isOpen[point] = known && missed.contains(point)
      } else {
        order.append(point)
        isOpen[point] = missed.contains(point)
      }
    }
  }

  /// In the order of the text.
  var gaps: [CoverageGap] {
    order.filter { isOpen[$0] == true }.sorted {
      ($0.place.file, $0.place.line, $0.place.column, $0.what) < (
        $1.place.file, $1.place.line, $1.place.column, $1.what
      )
    }
  }
}
