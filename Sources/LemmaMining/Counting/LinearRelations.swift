/// Writes columns of numbers as sums of other columns, exactly, modulo a prime.
///
/// Rows are reduced one by one to echelon form. Earlier columns are preferred: one that is a sum of earlier ones gets coefficient 0.
struct LinearRelations {
  private static let prime = 2_147_483_647
  private let columnCount: Int
  /// Reduced rows by the column that they begin at, where each has 1; only what is not 0.
  private var rows: [[(column: Int, value: Int)]]
  /// Targets that are no sum of the columns.
  private var isRefuted: [Bool]

  init(columns: Int, targets: Int) {
    columnCount = columns
    rows = [[(column: Int, value: Int)]](repeating: [], count: columns)
    isRefuted = [Bool](repeating: false, count: targets)
  }

  /// `row` holds the values of the columns, then those of the targets.
  mutating func add(_ row: [Int]) {
    var row = row.map { Self.reduced($0) }
    for column in 0..<columnCount where row[column] != 0 {
      if rows[column].isEmpty {
        let inverse = Self.power(row[column], Self.prime - 2)
        rows[column] = (column..<row.count).filter { row[$0] != 0 }
          .map { ($0, row[$0] * inverse % Self.prime) }
        return
      }
      let factor = Self.prime - row[column]
      for (index, value) in rows[column] { row[index] = (row[index] + factor * value) % Self.prime }
    }
    for index in isRefuted.indices where row[columnCount + index] != 0 { isRefuted[index] = true }
  }

  /// The coefficients of a target by column, those that are not 0; nil if there are none or they are no integers up to `limit`.
  func solution(_ target: Int, limit: Int = 3) -> [(column: Int, coefficient: Int)]? {
    if isRefuted[target] { return nil }
    var values = [Int](repeating: 0, count: columnCount)
    var result: [(column: Int, coefficient: Int)] = []
    for column in (0..<columnCount).reversed() where !rows[column].isEmpty {
      var value = rows[column].first { $0.column == columnCount + target }?.value ?? 0
      for (later, coefficient) in rows[column] where later > column && later < columnCount {
        value = (value + (Self.prime - coefficient) * values[later]) % Self.prime
      }
      if value == 0 { continue }
      values[column] = value
      let signed = value > Self.prime / 2 ? value - Self.prime : value
      if abs(signed) > limit { return nil }
      result.append((column, signed))
    }
    return result.reversed()
  }

  private static func reduced(_ value: Int) -> Int {
    let rest = value % prime
    return rest < 0 ? rest + prime : rest
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int {
    var (result, base, exponent) = (1, base, exponent)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * base % prime }
      base = base * base % prime
      exponent >>= 1
    }
    return result
  }
}
