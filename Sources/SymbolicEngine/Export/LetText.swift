import Terms

/// Terms inside of a quantifier: what is used more than once is bound by `let`.
///
/// What does not depend on each other is bound by one `let`, so texts are nested as deep as sharing goes, not as often as it
/// happens.
struct LetText {
  /// Deeper ones get names, too: readers have one stack only.
  private static let depthLimit = 40

  private let store: TermStore
  private let roots: [Term]
  private var texts: [Term: String]
  private var depths: [Term: Int] = [:]
  /// In how many `let`s the text of a term has to stand.
  private var levels: [Term: Int] = [:]
  private var bindings: [[String]] = []
  private var count = 0

  /// `names` says what the variables inside are called; none of them begins with `$`.
  init(_ store: TermStore, _ names: [Term: String], _ roots: [Term]) {
    self.store = store
    self.roots = roots
    texts = names
  }

  /// What `write` makes of the texts of the roots, with the `let`s around it that they need.
  mutating func spelled(_ write: ([String]) -> String) -> String {
    let parts = store.cone(of: roots)
    var uses: [Term: Int] = [:]
    for root in roots { uses[root, default: 0] += 1 }
    for part in parts { for operand in store.operands(of: part) { uses[operand, default: 0] += 1 } }
    for part in parts where texts[part] == nil { spell(part, isShared: uses[part, default: 0] > 1) }
    let body = write(roots.map { texts[$0]! })
    let opening = bindings.map { "(let (\($0.joined(separator: " "))) " }.joined()
    return opening + body + String(repeating: ")", count: bindings.count)
  }

  private mutating func spell(_ part: Term, isShared: Bool) {
    if let value = store.constantValue(part) {
      texts[part] = SMTLIBText.spelled(value, store.sort(of: part))
      return
    }
    let operands = store.operands(of: part)
    let body = operands.map { texts[$0]! }.joined(separator: " ")
    let text = "(\(SMTLIBText.operatorSymbol(of: part, in: store)) \(body))"
    let depth = 1 + (operands.map { depths[$0, default: 0] }.max() ?? 0)
    let level = operands.map { levels[$0, default: 0] }.max() ?? 0
    guard isShared || depth >= Self.depthLimit else {
      (texts[part], depths[part], levels[part]) = (text, depth, level)
      return
    }
    count += 1
    if bindings.count == level { bindings.append([]) }
    bindings[level].append("($\(count) \(text))")
    (texts[part], levels[part]) = ("$\(count)", level + 1)
  }
}
