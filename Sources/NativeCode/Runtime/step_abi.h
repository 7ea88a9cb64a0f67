// The interface between the search and a compiled transition system: states in, successors out.
// One text with two readers: the Swift module CStepABI, and the head of every generated C file.
#ifndef MMCK_STEP_ABI_H
#define MMCK_STEP_ABI_H

#include <stdint.h>

#define MMCK_STEP_ABI_VERSION 1u
/// Failures noted for one successor; more are counted in `failure_count` but not named.
#define MMCK_FAILURE_LIMIT 8

/// One way a process can go on.
typedef struct {
  uint32_t process;
  /// Position among the successors of this process, counted as the interpreter counts.
  uint32_t alternative;
  /// The path ends here: the words of this successor are no state.
  uint32_t is_fatal;
  /// A lock was taken while a class of locks was held for which this was not seen before.
  uint32_t has_new_order;
  uint32_t failure_count;
  /// Numbers of (property, site) pairs, in order; the fatal one is the last.
  uint32_t failures[MMCK_FAILURE_LIMIT];
} mmck_successor;

/// Where `mmck_expand` writes. If there is no room it sets `overflow` and the caller tries again with more.
typedef struct {
  mmck_successor *successors;
  /// `word_count` words for each successor.
  uint64_t *words;
  uint32_t count;
  uint32_t capacity;
  uint32_t overflow;
  /// Bit p: process p can step.
  uint64_t movable;
  /// One byte for each cover point.
  uint8_t *covered;
  /// For each place that takes a lock, the classes that were held there so far.
  uint64_t *orders;
} mmck_batch;

/// What is wrong, or worth noting, about a state.
typedef struct {
  /// Bit i: declared property i (an invariant) is false, or (a reachable property) true.
  uint64_t properties;
  /// Bit i: an object of pool i is lost.
  uint64_t leaks;
} mmck_verdict;

typedef void (*mmck_expand_fn)(const uint64_t *state, mmck_batch *batch);
typedef void (*mmck_check_fn)(const uint64_t *state, mmck_verdict *verdict, uint8_t *tried);
/// Bit i: declared property i (a step property) is false for this step.
typedef uint64_t (*mmck_check_step_fn)(const uint64_t *before, const uint64_t *after, uint32_t process);

#endif
