/// A few nodes such that every cycle through nodes of `among` has one of them: the heads of back edges, depth first.
func stickyNodes(_ successors: [[Int]], among: [Bool]) -> Set<Int> {
  enum Mark { case new, open, closed }
  var marks = [Mark](repeating: .new, count: successors.count)
  var result: Set<Int> = []
  for root in successors.indices where among[root] && marks[root] == .new {
    var path: [(node: Int, next: Int)] = [(root, 0)]
    marks[root] = .open
    while let (node, next) = path.last {
      if next == successors[node].count || result.contains(node) {
        marks[node] = .closed
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let target = successors[node][next]
      guard among[target], !result.contains(target) else { continue }
      if marks[target] == .open { result.insert(target) }
      if marks[target] == .new {
        marks[target] = .open
        path.append((target, 0))
      }
    }
  }
  return result
}
