import Testing

@testable import Evidence

@Suite("Diagrams")
struct RenderingTests {
  @Test("a race is shown in columns, one line a step")
  func raceDiagram() throws {
    let trace = try #require(try LockExample().trace("lifetime.use_after_free"))
    #expect(
      RaceDiagram.render(trace) == """
        lock_example: two tasks & one <object>
        scope small with FORGET: TASKS = 2
        lifetime.use_after_free violated at specs/lib/mm.mmck:11; 10 steps, 3 context switches

            CPU0 user[0]                    CPU1 user[1]
            sys_find()                                                      @ mm/mshare.c sys_find
          1   mutex_lock(&root);                                            :12    holds root
          2   mm = host;                                                    :10    mm = mm_struct#0
          3   mutex_unlock(&root);                                          :15    drops root
              find_vma()
          4     down_read(&mm->mmap_lock);                                  mm:11  holds mm_struct#0.mmap_lock (read)
          5   up_read(&mm->mmap_lock);                                      :16    drops mm_struct#0.mmap_lock
                                            sys_find()                      @ mm/mshare.c sys_find
          6                                   mutex_lock(&root);            :12    holds root
          7                                   mm = host;                    :10    mm = mm_struct#0
          8 choose: free(host);                                             :17    host = null, mm_struct#0 freed
                                                                                   user[1].sys_find.mm = stale
          9                                   mutex_unlock(&root);          :15    drops root
                                              find_vma()
         10                                     down_read(&mm->mmap_lock);  mm:11

        lifetime.use_after_free: mm_struct.mmap_lock of a freed mm_struct is used
        why: user[1].sys_find.mm is stale since step 8, where `free(host);` (:17) of user[0] freed mm_struct#0

        """)
  }

  @Test("30 lines are enough for 13 steps, and no line is too wide", arguments: [2, 3, 6])
  func length(processCount: Int) throws {
    var trace = try #require(try LockExample().trace("range.overflow"))
    trace.processes = (0..<processCount).map { "user[\($0)]" }
    trace.steps.append(trace.steps[0])
    for index in trace.steps.indices { trace.steps[index].process = index % processCount }
    trace.why = ["because", "of", "this"]
    for usesColor in [false, true] {
      var options = RaceDiagram.Options()
      options.usesColor = usesColor
      let text = RaceDiagram.render(trace, options: options)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count <= 30, "\(text)")
      #expect(lines.allSatisfy { $0.count <= 120 })
      #expect(text.contains("\u{1B}") == usesColor)
    }
  }

  @Test("a block that is one step shows what ran in it, without comments and heads of blocks")
  func blocks() throws {
    var trace = try #require(try LockExample().trace("counted"))
    func place(_ text: String) -> SourcePlace {
      SourcePlace(file: "a.mmck", line: 1, column: 1, text: text, function: "user", origin: "")
    }
    trace.steps[0].place = place("atomic {   /* one step */")
    trace.steps[0].executed = ["atomic {", "if (x) {", "x = 1;   // why", "f(x)"].map(place)
    trace.steps[1].place = place("choose {")
    trace.steps[1].executed = ["choose {", "case A:", "case a: b = 2;", "c = 3;"].map(place)
    #expect(trace.stepLines.prefix(2).map(\.text) == ["atomic: x = 1; f(x);", "choose: case a: b = 2;"])
  }

  @Test("everything can be asked for")
  func allChanges() throws {
    let trace = try #require(try LockExample().trace("range.overflow"))
    var options = RaceDiagram.Options()
    options.showsAllChanges = true
    options.width = 60
    let text = RaceDiagram.render(trace, options: options)
    #expect(text.contains("holds mm_struct#0.mmap_lock (read)"))
    #expect(!text.contains(", …"))
  }

  @Test("a run without steps is shown, too")
  func noSteps() throws {
    var trace = try #require(try LockExample().trace("counted"))
    trace.steps = []
    #expect(RaceDiagram.render(trace).contains("0 steps"))
    #expect(HTMLPage.render(trace).contains("initial state"))
    #expect(MermaidDiagram.render(trace).hasPrefix("sequenceDiagram\n"))
  }

  @Test("the page holds no markup from the spec and refers to nothing outside")
  func html() throws {
    var trace = try #require(try LockExample().trace("counted"))
    trace.message = "</script><img src=x onerror=alert(1)>&"
    trace.steps[0].place = SourcePlace(
      file: "a\"b", line: 1, column: 1, text: "<b>&\u{0}", function: "f", origin: "'o'")
    let page = HTMLPage.render(trace)
    #expect(page.contains("two tasks &amp; one &lt;object&gt;"))
    #expect(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;"))
    #expect(page.contains("&lt;b&gt;&amp;\u{FFFD}"))
    #expect(page.contains("title=\"a&quot;b:1 &#39;o&#39;\""))
    #expect(!page.contains("<img") && !page.contains("http"))
    #expect(page.components(separatedBy: "<script>").count == 2)
  }

  @Test("Mermaid gets no character that it reads as its own")
  func mermaid() throws {
    let trace = try #require(try LockExample().trace("counted"))
    let lines = MermaidDiagram.render(trace).split(separator: "\n").map(String.init)
    #expect(lines[1] == "  participant P0 as CPU0 user[0]")
    #expect(lines.contains("  P0->>P0: 1 mutex_lock(#38;root)#59; :12"))
    #expect(lines.contains("  Note right of P0: mm = mm_struct#35;0"))
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
