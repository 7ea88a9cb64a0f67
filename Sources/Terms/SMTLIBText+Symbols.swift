/// Names that any reader of SMT-LIB takes.
extension SMTLIBText {
  /// A symbol that is not taken yet, in bars where it has to be; from now on it is taken.
  public static func uniqueSymbol(_ name: String, _ taken: inout Set<String>) -> String {
    let symbol = Self.symbol(name)
    var candidate = isReserved(symbol) ? symbol + "~1" : symbol
    var number = 1
    while !taken.insert(candidate).inserted {
      number += 1
      candidate = "\(symbol)~\(number)"
    }
    return quoted(candidate)
  }

  /// The name without what even bars cannot hold.
  ///
  /// Different names may become one.
  static func symbol(_ name: String) -> String {
    name.filter {
      $0 != "|" && $0 != "\\" && $0.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    }
  }

  /// A symbol in bars, unless it is a simple one.
  static func quoted(_ symbol: String) -> String {
    let isSimple = symbol.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
        true
      default: false
      }
    }
    let startsWithDigit = symbol.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? true
    return isSimple && !startsWithDigit ? symbol : "|\(symbol)|"
  }

  /// Whether the symbol means something already: bars would not make it another one.
  ///
  /// Symbols that begin with a dot or an at sign belong to the solver.
  static func isReserved(_ symbol: String) -> Bool {
    symbol.isEmpty || symbol.hasPrefix(".") || symbol.hasPrefix("@") || symbol.hasPrefix("bv")
      || reservedWords.contains(symbol)
  }

  /// Words of the language, of commands, and of the theories that may be switched on.
  private static let reservedWords = Set(
    """
    ! _ as let exists forall match par lambda BINARY DECIMAL HEXADECIMAL NUMERAL STRING assert check-sat
    check-sat-assuming declare-const declare-datatype declare-datatypes declare-fun declare-sort
    define-fun define-fun-rec define-funs-rec define-sort echo exit get-assertions get-assignment
    get-info get-model get-option get-proof get-unsat-assumptions get-unsat-core get-value pop push
    reset reset-assertions set-info set-logic set-option Bool true false not and or xor distinct ite if
    iff implies = => BitVec concat extract repeat zero_extend sign_extend rotate_left rotate_right Int
    Real div mod rem abs + - * / < <= > >= to_int to_real is_int Array select store const default map is
    String Seq RegLan
    """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
