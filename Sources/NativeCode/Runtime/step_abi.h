// The interface between the search and a compiled transition system: batches of states in, successors out.
// One text with two readers: the Swift module CStepABI, and the head of every generated C file.
#ifndef MMCK_STEP_ABI_H
#define MMCK_STEP_ABI_H

#include <stdint.h>

#define MMCK_STEP_ABI_VERSION 2u
/// Failures in one event; a step with more of them has several events, which generated code never needs.
#define MMCK_FAILURE_LIMIT 256
/// Stands for no process (a deadlock) and for no successor (a fatal step).
#define MMCK_NONE UINT32_MAX
/// The successor of a step in the middle of a chain of safe steps: it is not among those written.
#define MMCK_INNER (UINT32_MAX - 1)
/// For `mmck_expand`: run steps that commute with everything else at once, see `SafeSteps`.
#define MMCK_REDUCE 1u
/// For `mmck_expand`: write `names`.
#define MMCK_NAME 2u

/// Something about one step, or one state, that has to be noted. Rare.
typedef struct {
  /// Which of the given states.
  uint32_t source;
  /// Who made the step; MMCK_NONE: the state is a deadlock.
  uint32_t process;
  /// Position among the successors of this process in this state, counted as the interpreter counts.
  uint32_t alternative;
  /// The step's successor, by its position in the batch; MMCK_NONE if the step was fatal.
  uint32_t successor;
  /// A lock was taken while a class was held that `orders` did not have. May be missing where a state is expanded again for want of
  /// room, unless `keeps_orders` is set.
  uint32_t has_new_order;
  uint32_t failure_count;
  /// Numbers of (property, site) pairs, in order; a fatal one is the last.
  uint32_t failures[MMCK_FAILURE_LIMIT];
  /// Bit i: declared property i (a step property) is false for this step.
  uint64_t broken;
} mmck_event;

/// Where `mmck_expand` writes. All memory is the caller's.
typedef struct {
  /// `word_count` words for each successor, in order: by source, by process, by alternative. Fatal steps have none.
  uint64_t *words;
  /// For each successor, which of the given states it comes from.
  uint32_t *sources;
  /// With MMCK_NAME: process << 16 | alternative, for each successor.
  uint32_t *names;
  uint32_t count;
  /// Room in the three arrays above.
  uint32_t capacity;
  mmck_event *events;
  uint32_t event_count;
  uint32_t event_capacity;
  /// Steps made, fatal ones too. Added to, never cleared.
  uint64_t transitions;
  /// One byte for each cover point. Set, never cleared.
  uint8_t *covered;
  /// For each place that takes a lock, the classes that were held there so far (bit = lock class).
  uint64_t *orders;
  /// If not 0, `orders` is only compared with, and not added to.
  uint32_t keeps_orders;
} mmck_batch;

/// What is wrong, or worth noting, about a state.
typedef struct {
  /// Which of the given states.
  uint32_t state;
  /// Bit i: declared property i (an invariant) is false, or (a reachable property) true.
  uint64_t properties;
  /// Bit i: an object of pool i is lost.
  uint64_t leaks;
} mmck_verdict;

/// Expands states[0 ..< count] (packed) until all are done or there is no room for all successors or events of the next one.
/// Returns how many were done; 0 means that one state alone has more than fit.
typedef uint32_t (*mmck_expand_fn)(const uint64_t *states, uint32_t count, uint32_t flags, mmck_batch *batch);
/// Follows safe steps from the given states: writes the states in which they end (the state itself if there are none).
/// Same results and limits as `mmck_expand`.
typedef uint32_t (*mmck_settle_fn)(const uint64_t *states, uint32_t count, mmck_batch *batch);
/// Writes a verdict for each of the given states about which there is something to say; returns how many (at most `count`).
/// Only properties and pools in the masks are looked at. `tried` has one byte for each antecedent.
typedef uint32_t (*mmck_check_fn)(const uint64_t *states, uint32_t count, uint64_t wanted_properties,
                                  uint64_t wanted_leaks, mmck_verdict *verdicts, uint8_t *tried);
/// Replaces each state by the representative of its orbit (see `Symmetry`).
typedef void (*mmck_canonicalize_fn)(uint64_t *states, uint32_t count);

/// Asks for the memory at an address, to be there when it is needed.
static inline void mmck_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
