import CheckDriver
import Reports
import Testing

/// Models whose numbers of states are known from elsewhere: from other checkers, or from a search written here in plain Swift.
@Suite("Known numbers of states")
struct KnownCountTests {
  /// All states that can be reached, and the number of steps between them, by the simplest search there is.
  private func explore<State: Hashable>(
    from initial: State, _ successors: (State) -> [State]
  ) -> (states: Int, transitions: Int) {
    var seen: Set = [initial]
    var frontier = [initial]
    var transitions = 0
    while let state = frontier.popLast() {
      for next in successors(state) {
        transitions += 1
        if seen.insert(next).inserted { frontier.append(next) }
      }
    }
    return (seen.count, transitions)
  }

  // MARK: Peterson

  /// Written from the language reference alone.
  private let peterson = """
    /* Peterson's algorithm: two processes, loads and stores only. */
    bool wants[2];
    0..1 turn;

    void enter(0..1 me)
    {
        wants[me] = true;
        turn = 1 - me;
        wait_event(!wants[1 - me] || turn == me);
    }

    void leave(0..1 me)
    {
        wants[me] = false;
    }

    process left {
        loop {
            enter(0);
    critical:
            leave(0);
        }
    }

    process right {
        loop {
            enter(1);
    critical:
            leave(1);
        }
    }

    invariant exclusion "never both in the critical section":
        !((exists p in left: at(p, critical)) && (exists q in right: at(q, critical)));
    reachable left_in "the left one gets in": exists p in left: at(p, critical);
    reachable right_in "the right one gets in": exists q in right: at(q, critical);
    """

  private struct PetersonState: Hashable {
    /// 0: raise the flag, 1: give the turn away, 2: wait, 3: critical.
    var place = [0, 0]
    var wants = [false, false]
    var turn = 0
  }

  @Test("Peterson's algorithm excludes, and has the states of a search by hand")
  func petersonStates() throws {
    let counted = explore(from: PetersonState()) { state in
      (0...1).compactMap { me in
        var next = state
        switch state.place[me] {
        case 0: next.wants[me] = true
        case 1: next.turn = 1 - me
        case 2:
          if state.wants[1 - me], state.turn != me { return nil }
        default: next.wants[me] = false
        }
        next.place[me] = (state.place[me] + 1) % 4
        return next
      }
    }
    try check(peterson, states: counted.states, transitions: counted.transitions)
  }

  // MARK: A reader/writer lock

  private let rwlock = """
    /* Readers share, a writer is alone: a counter under a mutex. */
    param READERS = 2;
    param WRITERS = 1;

    mutex m;
    0..READERS readers guarded_by m;
    bool writing guarded_by m;

    void read_lock()
    {
        bool done = false;

        while (!done) {
            mutex_lock(&m);
            atomic {
                if (!writing) {
                    readers++;
                    done = true;
                }
                mutex_unlock(&m);
            }
        }
    }

    void read_unlock()
    {
        mutex_lock(&m);
        readers--;
        mutex_unlock(&m);
    }

    void write_lock()
    {
        bool done = false;

        while (!done) {
            mutex_lock(&m);
            atomic {
                if (!writing && readers == 0) {
                    writing = true;
                    done = true;
                }
                mutex_unlock(&m);
            }
        }
    }

    void write_unlock()
    {
        mutex_lock(&m);
        writing = false;
        mutex_unlock(&m);
    }

    process reader[READERS] symmetric { loop { read_lock(); inside: read_unlock(); } }
    process writer[WRITERS] symmetric { loop { write_lock(); inside: write_unlock(); } }

    invariant alone "a writer is alone":
        forall w in writer: at(w, inside) ==>
            (count r in reader: at(r, inside)) + (count v in writer: at(v, inside)) == 1;
    reachable shared "readers share": (count r in reader: at(r, inside)) == READERS;
    """

  private struct RwlockState: Hashable {
    /// Readers first.
    ///
    /// 0: lock, 1: look, 2: inside (lock again), 3: change, 4: unlock.
    var place: [Int]
    var owner = -1
    var readers = 0
    var writing = false
  }

  @Test("a reader/writer lock of a mutex and a counter", arguments: [(2, 1), (1, 2), (3, 0), (2, 2)])
  func rwlockStates(readers: Int, writers: Int) throws {
    let counted = explore(from: RwlockState(place: [Int](repeating: 0, count: readers + writers))) { state in
      state.place.indices.compactMap { me in
        var next = state
        let isReader = me < readers
        switch state.place[me] {
        case 0, 2:
          if state.owner >= 0 { return nil }
          next.owner = me
          next.place[me] += 1
        case 1:
          next.owner = -1
          next.place[me] = 0
          if !state.writing, isReader || state.readers == 0 {
            if isReader { next.readers += 1 } else { next.writing = true }
            next.place[me] = 2
          }
        case 3:
          if isReader { next.readers -= 1 } else { next.writing = false }
          next.place[me] = 4
        default:
          next.owner = -1
          next.place[me] = 0
        }
        return next
      }
    }
    let found = try SpecRun(
      rwlock, overrides: [("READERS", "\(readers)"), ("WRITERS", "\(writers)")])
    #expect(found.violations == [])
    #expect(found.states == counted.states)
    #expect(found.transitions == counted.transitions)
  }

  // MARK: A buffer of two places

  private let buffer = """
    /* A producer and a consumer with two places between them; the numbers 0, 1, 2 go round. */
    const PLACES = 2;
    typedef 0..2 item;

    item slot[PLACES];
    0..PLACES used;

    process producer {
        item next;
        0..1 tail;

        loop {
            wait_event(used < PLACES);
            slot[tail] = next;
            used++;
            tail = 1 - tail;
            next = (next + 1) % 3;
        }
    }

    process consumer {
        item expected;
        0..1 head;
        item got;

        loop {
            wait_event(used > 0);
            got = slot[head];
            used--;
            assert(got == expected, "in order, none lost, none twice");
            head = 1 - head;
            expected = (expected + 1) % 3;
            got = 0;
        }
    }

    invariant bounded "no more than there are places": used <= PLACES;
    reachable full "it gets full": used == PLACES;
    """

  private struct BufferState: Hashable {
    /// 0: wait, 1: store or fetch, 2: count.
    var producer = 0
    var consumer = 0
    var slot = [0, 0]
    var used = 0
    var next = 0
    var tail = 0
    var expected = 0
    var head = 0
    var got = 0

    func produced() -> BufferState? {
      var state = self
      switch producer {
      case 0:
        if used == 2 { return nil }
      case 1: state.slot[tail] = next
      default:
        state.used += 1
        state.tail = 1 - tail
        state.next = (next + 1) % 3
      }
      state.producer = (producer + 1) % 3
      return state
    }

    func consumed() -> BufferState? {
      var state = self
      switch consumer {
      case 0:
        if used == 0 { return nil }
      case 1: state.got = slot[head]
      default:
        state.used -= 1
        state.head = 1 - head
        state.expected = (expected + 1) % 3
        state.got = 0
      }
      state.consumer = (consumer + 1) % 3
      return state
    }
  }

  @Test("a buffer of two places keeps the order")
  func bufferStates() throws {
    let counted = explore(from: BufferState()) { [$0.produced(), $0.consumed()].compactMap { $0 } }
    try check(buffer, states: counted.states, transitions: counted.transitions)
  }
}
