import ArgumentParser

/// `60s`, `5m`, `1h` or a number of seconds.
struct Duration: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let factor = argument.last.flatMap { units[$0] }
    let digits = factor == nil ? argument : String(argument.dropLast())
    guard let number = Double(digits), number > 0, number.isFinite else { return nil }
    seconds = number * (factor ?? 1)
  }
}

/// `200M`, `4G` or a number of bytes.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = argument.last.flatMap { units[Character($0.uppercased())] }
    let digits = shift == nil ? argument : String(argument.dropLast())
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    if overflow { return nil }
    self.bytes = bytes
  }
}

/// `NAME=VALUE` of `-D`.
struct Override: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
    name = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}
