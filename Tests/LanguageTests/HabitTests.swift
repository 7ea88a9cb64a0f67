import CheckDriver
import Diagnostics
import Testing

/// What a C programmer types first: the exact words of the answer.
@Suite("Habits of C")
struct HabitTests {
  private func rendered(_ body: String) -> String {
    do {
      _ = try SpecRun(body)
      return "accepted"
    } catch let errors as SpecErrors {
      let renderer = DiagnosticRenderer(sources: errors.sources, color: false)
      return errors.diagnostics.map(renderer.render).joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }

  @Test("NULL")
  func null() {
    let text = rendered(
      """

      struct obj pool 1 { bool b; };
      struct obj *o;
      process p { o = NULL; }
      """)
    #expect(
      text == """
        case.mmck:4:17: error: the null pointer is written in small letters [E0219]
            4 | process p { o = NULL; }
              |                 ^~~~
          suggestion: write `null`
        """)
  }

  @Test("an arrow on a struct")
  func arrow() {
    let text = rendered(
      """

      struct pair { bool a; };
      struct pair v;
      process p { v->a = true; }
      """)
    #expect(
      text == """
        case.mmck:4:16: error: this is a struct, not a pointer [E0436]
            4 | process p { v->a = true; }
              |                ^
          suggestion: write `.a`
        """)
  }

  @Test("a dot on a pointer")
  func dot() {
    let text = rendered(
      """

      struct obj pool 1 { bool b; };
      struct obj *o;
      process p { o.b = true; }
      """)
    #expect(
      text == """
        case.mmck:4:15: error: this is a pointer [E0435]
            4 | process p { o.b = true; }
              |               ^
          suggestion: write `->b`
        """)
  }

  @Test("a choose without else")
  func missingElse() {
    let text = rendered(
      """

      0..3 x;
      process p {
          choose {
          case x == 1: x = 2;
          }
      }
      """)
    #expect(
      text == """
        case.mmck:4:5: error: every case of this `choose` has a condition: say what happens if none holds [E0223]
            4 |     choose {
              |     ^~~~~~
          suggestion: add `else: wait;` to wait for one, or `else: ;` to go on
        """)
  }

  @Test("recursion")
  func recursion() {
    let text = rendered(
      """

      0..3 x;
      void f() { x = 1; g(); }
      void g() { f(); }
      process p { f(); }
      """)
    #expect(
      text == """
        case.mmck:4:12: error: 'f' calls itself: functions are inlined, so recursion is refused [E0501]
            4 | void g() { f(); }
              |            ^~~
          suggestion: write a loop
        case.mmck:3:6: note: declared here
            3 | void f() { x = 1; g(); }
              |      ^
        """)
  }

  @Test("a loop without a step")
  func unboundedLoop() {
    let text = rendered(
      """

      process p {
          0..9 i;
          while (i < 9)
              i++;
      }
      """)
    #expect(
      text == """
        case.mmck:4:5: error: an iteration of this loop contains no step, so it would run for ever within one [E0502]
            4 |     while (i < 9)
              |     ^~~~~~~~~~~~~
          suggestion: use `for (x in D)`, or touch shared state in it
        """)
  }

  @Test("an assignment in a condition")
  func assignment() {
    let text = rendered(
      """

      0..3 x;
      process p { if (x = 1) x = 2; }
      """)
    #expect(
      text == """
        case.mmck:3:19: error: an assignment is a statement, not part of an expression [E0211]
            3 | process p { if (x = 1) x = 2; }
              |                   ^
          suggestion: write `==` to compare, or assign in a statement before this one
        """)
  }

  @Test("int, a cast and a for of C")
  func types() {
    let text = rendered(
      """

      int x;
      process p { for (i = 0; i < 3; i++) x = (u8)i; }
      """)
    #expect(text.contains("E0218") && text.contains("write the values that occur, such as `0..7`"))
    #expect(text.contains("E0217") && text.contains("write `u8(…)` to convert between machine words"))
    #expect(text.contains("E0221") && text.contains("write `for (i in 0..n-1)`"))
  }
}
