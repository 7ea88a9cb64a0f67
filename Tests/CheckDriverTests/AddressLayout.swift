/// A region, an attachment of it and a fault, in addresses that no search reaches, and what they break in mshare v1.
struct AddressLayout: Sendable, CustomStringConvertible {
  /// What a top-level entry covers.
  static let slot: UInt64 = 1 << 39
  static let page: UInt64 = 4096

  let description: String
  /// Where the creator's region is said to be.
  var region: (addr: UInt64, len: UInt64)
  /// Where its only VMA is: one page, at the beginning of the region if nothing else is said.
  var vma: (start: UInt64, end: UInt64)?
  /// What the importer asks for.
  var guest: (addr: UInt64, len: UInt64)
  var cut: UInt64 = 0
  var fault: UInt64 = 0
  /// What is broken then, with no fix, and which options mend each of them.
  var broken: [String: [String]] = [:]

  /// The arguments of the calls, in their order.
  var choices: [[Int]] {
    let vma = vma ?? (region.addr, region.addr &+ Self.page)
    return [[region.addr, region.len, vma.start, vma.end], [guest.addr, guest.len], [cut], [fault], []].map {
      $0.map { Int(truncatingIfNeeded: $0) }
    }
  }
}

extension AddressLayout {
  static let larger = AddressLayout(
    description: "M6 F14: more than the region is attached", region: (2 * slot, slot),
    guest: (4 * slot, 2 * slot), fault: 5 * slot,
    broken: [
      "attached_range_is_region": ["FIX_ATTACH_RANGE"],
      "host_address_in_region": ["FIX_ATTACH_RANGE", "FIX_HOST_BOUND"],
      "unlink_unmaps_attached": ["FIX_ATTACH_RANGE", "FIX_UNLINK_REFS"],
    ])
  static let kernel = AddressLayout(
    description: "M6: a fault leads to the first entry of the kernel half", region: (255 * slot, slot),
    // munmap refuses the region, which has the last page of the user half: unlink does nothing.
    guest: (slot, 2 * slot), fault: 2 * slot,
    broken: [
      "attached_range_is_region": ["FIX_ATTACH_RANGE"],
      "host_address_in_region": ["FIX_ATTACH_RANGE", "FIX_HOST_BOUND"],
      "top_level_entry_is_user": ["FIX_ATTACH_RANGE", "FIX_HOST_BOUND"],
    ])
  static let kernelInside = AddressLayout(
    description: "M6: a region that goes on into the kernel half, attached below it",
    region: (255 * slot, 200 * slot), guest: (slot, 200 * slot), fault: 100 * slot + 5,
    broken: [
      "attached_range_is_region": ["FIX_ATTACH_RANGE"],
      "top_level_entry_is_user": ["FIX_ATTACH_RANGE"],
    ])
  static let shifted = AddressLayout(
    description: "M6 U4: the region is attached elsewhere", region: (2 * slot, slot), guest: (7 * slot, slot),
    fault: 7 * slot + 12345,
    broken: [
      "attached_range_is_region": ["FIX_ATTACH_RANGE"],
      "unlink_unmaps_attached": ["FIX_ATTACH_RANGE", "FIX_UNLINK_REFS"],
    ])
  static let split = AddressLayout(
    description: "F13: the VMA is split at its second page", region: (2 * slot, 2 * slot),
    guest: (2 * slot, 2 * slot), cut: 2 * slot + page, fault: 3 * slot + 1,
    broken: ["split_moves_nothing": ["FIX_SPLIT_BASE"]])
  static let proper = AddressLayout(
    description: "the region at its own address, whole", region: (2 * slot, 2 * slot),
    guest: (2 * slot, 2 * slot), fault: 4 * slot - 1)
  static let all = [larger, kernel, kernelInside, shifted, split, proper]
}
