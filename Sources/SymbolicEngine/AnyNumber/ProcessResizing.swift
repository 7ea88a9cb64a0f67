import TransitionIR

/// Writes what is said of a system so that it speaks of the same system with another number of processes.
///
/// Only the domains of pointers to processes know that number; everything else stays as it is.
public struct ProcessResizing {
  private let pool: PoolID
  private let capacity: Int

  /// `capacity`: the number of processes, of all kinds together.
  public init(_ pool: PoolID, capacity: Int) {
    self.pool = pool
    self.capacity = capacity
  }

  func resized(_ domain: Domain) -> Domain {
    switch domain {
    case .pointer(pool, _): .pointer(pool, capacity: capacity)
    case .set(let element): .set(resized(element))
    default: domain
    }
  }

  /// The expression for the other number.
  public func resized(_ expression: Expression) -> Expression {
    switch expression {
    case .constant, .bound, .current, .heldLockCount: expression
    case .read(let place): .read(resized(place))
    case .unary(let op, let operand, let mask): .unary(op, resized(operand), mask: mask)
    case .binary(let op, let left, let right, let arithmetic, let site):
      .binary(op, resized(left), resized(right), arithmetic, site)
    case .samePointer(let left, let right, let pool, let strict, let site):
      .samePointer(resized(left), resized(right), pool, strict: strict, site)
    case .member(let element, let set, let domain):
      .member(resized(element), set: resized(set), of: resized(domain))
    case .singleton(let element, let domain): .singleton(resized(element), of: resized(domain))
    case .cardinality(let set): .cardinality(resized(set))
    case .select(let condition, let then, let otherwise):
      .select(resized(condition), resized(then), resized(otherwise))
    case .quantified(let quantifier, let id, let iteration, let body):
      .quantified(quantifier, id, resized(iteration), resized(body))
    case .old(let operand): .old(resized(operand))
    case .live(let pointer, let pool): .live(resized(pointer), pool)
    case .exclusive(let pointer, let pool): .exclusive(resized(pointer), pool)
    case .isAt(let process, let locations): .isAt(resized(process), locations)
    case .hasEnded(let process): .hasEnded(resized(process))
    case .labelled(let site, let operand): .labelled(site, resized(operand))
    }
  }

  func resized(_ iteration: Iteration) -> Iteration {
    switch iteration {
    case .values(let domain): .values(resized(domain))
    case .span(let low, let high): .span(resized(low), resized(high))
    case .members(let set, let domain): .members(resized(set), of: resized(domain))
    case .processes: iteration
    }
  }

  func resized(_ place: Place) -> Place {
    let indices = place.indices.map { index -> Index in
      switch index {
      case .element(let expression): .element(resized(expression))
      case .object(let expression): .object(resized(expression))
      case .current: .current
      case .process(let expression): .process(resized(expression))
      }
    }
    return Place(place.variable, indices, place.site)
  }

  func resized(_ body: [Statement]) -> [Statement] { body.map(resized) }

  private func resized(_ statement: Statement) -> Statement {
    switch statement {
    case .assign(let place, let value): .assign(resized(place), resized(value))
    case .branch(let condition, let then, let otherwise):
      .branch(resized(condition), then: resized(then), otherwise: resized(otherwise))
    case .fork(let branches): .fork(branches.map { resized($0) })
    case .pick(let place, let id, let iteration, let filter):
      .pick(resized(place), id, resized(iteration), filter: resized(filter))
    case .wait(let condition): .wait(resized(condition))
    case .check(let condition, let failure):
      .check(
        resized(condition),
        Failure(
          failure.property, failure.site, failure.message, subject: failure.subject.map(resized),
          isFatal: failure.isFatal))
    case .allocate(let place, let pool): .allocate(resized(place), pool)
    case .free(let pointer, let pool, let site): .free(resized(pointer), pool, site)
    case .acquiring(let lock, let subclass, let place):
      .acquiring(lock, subclass: subclass, resized(place))
    case .cover, .clear, .jump, .end: statement
    }
  }
}
