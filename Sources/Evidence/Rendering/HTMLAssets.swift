/// The parts of the trace page that are the same for every trace.
enum HTMLAssets {
  static let style = """

    :root { color-scheme: light dark; --mark: #fff3c4; --line: #bbb; --bad: #b00020; }
    @media (prefers-color-scheme: dark) { :root { --mark: #4a4020; --line: #555; --bad: #ff8a80; } }
    body { font: 14px/1.4 system-ui, sans-serif; margin: 1em auto; max-width: 100em; padding: 0 1em; }
    h1 { font-size: 1.2em; margin: 0; }
    p { margin: 0.3em 0; }
    main { display: flex; gap: 2em; align-items: flex-start; flex-wrap: wrap; }
    table { border-collapse: collapse; }
    th { text-align: left; border-bottom: 1px solid var(--line); }
    th, td { padding: 0.15em 0.7em 0.15em 0; vertical-align: top; }
    code, pre, #states td { font-family: ui-monospace, monospace; font-size: 0.95em; white-space: pre-wrap; }
    tr.current, tr.changed { background: var(--mark); }
    tr[data-step] { cursor: pointer; }
    #states { position: sticky; top: 1em; }
    #states caption { text-align: left; font-weight: bold; }
    .verdict { color: var(--bad); font-weight: bold; }
    .call, .keys { opacity: 0.75; }

    """

  static let script = """

    const rows = [...document.querySelectorAll("tr[data-step]")];
    const states = [...document.querySelectorAll("table[data-state]")];
    let current = rows.length - 1;
    function show(step) {
      current = Math.max(0, Math.min(rows.length - 1, step));
      rows.forEach((row, index) => row.classList.toggle("current", index === current));
      states.forEach((state, index) => { state.hidden = index !== current; });
      rows[current].scrollIntoView({ block: "nearest" });
    }
    const keys = {
      ArrowDown: 1, ArrowRight: 1, j: 1, ArrowUp: -1, ArrowLeft: -1, k: -1, Home: -Infinity, End: Infinity
    };
    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
      event.preventDefault();
      show(current + keys[event.key]);
    });
    rows.forEach((row, index) => row.addEventListener("click", () => show(index)));
    show(current);

    """
}
