/// The languages in which others can be asked.
public enum QuestionLanguage: String, CaseIterable, Sendable {
  case smtlib, btor2, aiger
}

extension SafetyQuestion {
  /// The question as a file; equal questions are equal bytes.
  ///
  /// `header` is said at the top (in AIGER at the end), each line as a comment. `isBinary` matters to AIGER only, which has two
  /// forms. Throws if the system or a property has no formula.
  public func bytes(
    in language: QuestionLanguage, header: [String], isBinary: Bool = false
  ) throws(EncodingRefusal) -> [UInt8] {
    switch language {
    case .smtlib:
      let more = ["sat: nothing of it can happen; unsat: something can"]
      return Array(try HornWriter.text(self, header: remarks(header, more)).utf8)
    case .btor2:
      let circuit = try Circuit(self)
      return Array(BTOR2Writer.text(circuit, header: remarks(header, circuit.remarks)).utf8)
    case .aiger:
      let circuit = try Circuit(self)
      return AIGERWriter.bytes(circuit, header: remarks(header, circuit.remarks), isBinary: isBinary)
    }
  }
}
