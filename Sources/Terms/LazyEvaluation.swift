/// Evaluation that looks only at what decides.
extension TermStore {
  /// The same as `evaluate`, in less time where most roots are settled by few of their parts: implications whose left side is false.
  ///
  /// Recursive: the depth of the terms is limited by the stack.
  public func evaluateLazily(_ roots: [Term], _ value: (Int) -> UInt64) -> [UInt64] {
    prepareScratch()
    let stamp = stamp
    return nodes.withUnsafeBufferPointer { nodes in
      scratchValues.withUnsafeMutableBufferPointer { values in
        scratchStamps.withUnsafeMutableBufferPointer { stamps in
          func known(_ index: Int32) -> UInt64 {
            let index = Int(index)
            if stamps[index] == stamp { return values[index] }
            let node = nodes[index]
            let result: UInt64
            switch node.op {
            case .constant: result = node.payload
            case .variable: result = value(Int(node.payload)) & node.mask
            case .not: result = known(node.a) ^ 1
            case .and: result = known(node.a) == 0 ? 0 : known(node.b)
            case .or: result = known(node.a) != 0 ? 1 : known(node.b)
            case .equal: result = known(node.a) == known(node.b) ? 1 : 0
            case .select: result = known(node.a) != 0 ? known(node.b) : known(node.c)
            case .less, .lessEqual, .signedLess, .signedLessEqual:
              let width = Int(nodes[Int(node.a)].width)
              result = compare(node.op, known(node.a), known(node.b), width: width) ? 1 : 0
            case .bitNot: result = ~known(node.a) & node.mask
            case .zeroExtend: result = known(node.a)
            case .signExtend:
              result = signed(known(node.a), width: Int(nodes[Int(node.a)].width)) & node.mask
            case .extract: result = (known(node.a) >> node.payload) & node.mask
            default: result = apply(node, known(node.a), known(node.b))
            }
            values[index] = result
            stamps[index] = stamp
            return result
          }
          return roots.map { known($0.index) }
        }
      }
    }
  }
}
