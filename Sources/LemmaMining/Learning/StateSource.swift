import ExplicitEngine
import TransitionIR

/// A state of which single slots are looked at.
protocol StateSource {
  func value(_ slot: Int) -> Int
}

/// A state as the interpreter knows it.
struct PlainState: StateSource {
  let slots: [Int]
  func value(_ slot: Int) -> Int { slots[slot] }
}

/// All observed states, packed; one of them at a time is looked at.
struct PackedState: StateSource {
  private let words: [UInt64]
  private let wordCount: Int
  private let places: [Place]
  private var base = 0
  /// The number of the state that is looked at.
  private(set) var index = 0

  private struct Place {
    var word = 0
    var shift: UInt64 = 0
    /// 0 for a slot that is always 0.
    var mask: UInt64 = 0
    var lower = 0
  }

  init(_ states: ReachableStates) {
    words = states.words
    wordCount = states.packing.wordCount
    var places = [Place](repeating: Place(), count: states.slotCount)
    for field in states.packing.fields {
      places[field.slot] = Place(word: field.word, shift: field.shift, mask: field.mask, lower: field.lower)
    }
    self.places = places
  }

  /// Whether the slot can have more than one value.
  func isVarying(_ slot: Int) -> Bool { places[slot].mask != 0 }

  mutating func move(to index: Int) {
    self.index = index
    base = index * wordCount
  }

  func value(_ slot: Int) -> Int {
    let place = places[slot]
    return Int(truncatingIfNeeded: (words[base + place.word] >> place.shift) & place.mask) &+ place.lower
  }
}
