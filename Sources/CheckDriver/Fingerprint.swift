/// 128 bits of FNV-1a, in two halves with different seeds: tells texts apart, and is no secret.
func fingerprint(_ text: String) -> String {
  var low: UInt64 = 0xcbf2_9ce4_8422_2325
  var high: UInt64 = 0x9e37_79b9_7f4a_7c15
  for byte in text.utf8 {
    low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
    high = (high ^ UInt64(byte)) &* 0x100_0000_01b3 &+ 0x1234_5677
  }
  return String(low, radix: 16) + String(high, radix: 16)
}
