import TransitionIR

/// The types of the terms of one view.
struct TypeTable: Sendable {
  let view: View
  private let system: TransitionSystem

  init(_ view: View, _ system: TransitionSystem) {
    self.view = view
    self.system = system
  }

  func type(of term: Term) -> TermType {
    switch term {
    case .subject(let number):
      switch view.subjects[number] {
      case .process: .pointer(system.processPool)
      case .object(let pool): .pointer(pool)
      case .index(let axis): .index(axis)
      }
    case .read(let variable, _):
      switch system.variables[variable.index].domain {
      case .bool: .truth
      case .pointer(let pool, _): .pointer(pool)
      case .set: .set(variable)
      case .range, .wrapping, .enumeration, .flags, .location: .number(variable)
      }
    case .member: .truth
    case .size: .size
    }
  }
}
