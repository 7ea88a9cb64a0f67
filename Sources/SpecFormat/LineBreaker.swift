import SpecSyntax

/// Decides where lines end.
struct LineBreaker {
  private let items: [LayoutItem]
  private let anchors: [LayoutAnchor?]
  /// For each item that opens or closes a block, or begins a case: whether the block has more than one line.
  private var isMultiline: [Int: Bool] = [:]
  /// For each `{` of a function: whether the whole function stands on one line.
  private var isOneLineFunction: Set<Int> = []

  /// Finds the blocks and whether each stands on one line.
  init(items: [LayoutItem], anchors: [LayoutAnchor?]) {
    self.items = items
    self.anchors = anchors
    findBlocks()
  }

  /// Sets `breaks` of every item.
  func decide(_ result: inout [LayoutItem]) {
    for index in items.indices { result[index].breaks = breaks(before: index) }
  }

  private mutating func findBlocks() {
    var open: [(item: Int, cases: [Int])] = []
    var lastDeclaration = 0
    for (index, item) in items.enumerated() {
      if let anchor = anchor(item), anchor.owner == nil { lastDeclaration = index }
      if item.role == .caseLabel, !open.isEmpty { open[open.count - 1].cases.append(index) }
      if item.opensBlock { open.append((index, [])) }
      guard item.closesBlock, let block = open.popLast() else { continue }
      let hasBreak = hasLineEnd(after: block.item, through: index)
      for member in block.cases + [block.item, index] { isMultiline[member] = hasBreak }
      if items[block.item].role == .functionBrace, !hasLineEnd(after: lastDeclaration, through: index) {
        isOneLineFunction.insert(block.item)
      }
    }
  }

  private func hasLineEnd(after first: Int, through last: Int) -> Bool {
    items[(first + 1)...last].contains { $0.newlinesBefore > 0 || ($0.isComment && $0.text.contains("\n")) }
  }

  /// 0 is the same line, 1 the next one, 2 leaves a blank line.
  private func breaks(before index: Int) -> Int {
    guard index > 0 else { return 0 }
    let item = items[index]
    let previous = items[index - 1]
    if item.kind == .endOfFile { return 1 }
    if !previous.isComment, isJoined(item, to: previous, at: index) { return 0 }
    let isForced = previous.kind == .lineComment || begins(index)
    guard isForced || item.newlinesBefore > 0 else { return 0 }
    let mayLeaveBlank =
      !previous.opensBlock && !item.closesBlock && item.role != .functionBrace
      && (item.isComment || anchor(item) != nil)
    return mayLeaveBlank && item.newlinesBefore > 1 ? 2 : 1
  }

  private func anchor(_ item: LayoutItem) -> LayoutAnchor? {
    item.tokenIndex.flatMap { anchors[$0] }
  }

  /// Whether the item has to stay on the line of the token before it.
  private func isJoined(_ item: LayoutItem, to previous: LayoutItem, at index: Int) -> Bool {
    switch item.kind {
    case .leftBrace where item.role == .functionBrace: isOneLineFunction.contains(index)
    case .leftBrace where item.role == .blockBrace: anchor(item)?.levels == 0 && anchor(item)?.owner != nil
    case .else where item.role == .plain: previous.closesBlock
    case .while: previous.closesBlock && anchor(item)?.levels == 0
    case .semicolon: anchor(item) == nil
    default: false
    }
  }

  /// Whether the item has to begin a line, wherever the author put it.
  private func begins(_ index: Int) -> Bool {
    let item = items[index]
    let previous = items[index - 1]
    if item.isComment { return false }
    if item.role == .functionBrace, item.kind == .leftBrace { return true }
    if item.closesBlock || item.role == .caseLabel { return isMultiline[index] == true }
    if previous.opensBlock { return isMultiline[index - 1] == true }
    guard let anchor = anchor(item), item.kind != .semicolon else { return false }
    return anchor.owner == nil
  }
}
