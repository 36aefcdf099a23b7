// What does not compile is shown above the page until it is right.
let overlay = null

function hideErrors() {
  overlay?.remove()
  overlay = null
}

function showErrors(message) {
  hideErrors()
  overlay = document.createElement("div")
  overlay.id = "bennu-errors"
  overlay.setAttribute("role", "alert")
  const root = overlay.attachShadow({ mode: "open" })
  const sheet = new CSSStyleSheet() // allowed by every Content-Security-Policy
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]

  const panel = element("main", "")
  for (const problem of [message, ...(message.more ?? [])]) panel.append(problemElement(problem))
  panel.append(element("footer", "This goes away by itself once it is right. Esc hides it."))
  root.append(panel)
  document.body.append(overlay)
  // Above dialogs too, where the browser knows popovers.
  if (overlay.showPopover) {
    overlay.popover = "manual"
    overlay.showPopover()
  }
  // Long lines are scrolled to the place that is meant.
  for (const mark of root.querySelectorAll("em")) {
    const code = mark.parentElement
    code.scrollLeft = mark.offsetLeft - code.offsetLeft - code.clientWidth / 2
  }
}

function problemElement(problem) {
  const section = element("section", "")
  const place = [problem.file, problem.line, problem.col].filter(Boolean).join(":")
  const head = element("header", "")
  head.append(element("b", problem.tool ?? "error"), element("span", place))
  section.append(head, element("p", problem.message))
  if (problem.source) {
    const code = element("pre", "")
    code.append(element("i", `${problem.line} | `), problem.source.replaceAll("\t", " "))
    if (problem.col) {
      const margin = String(problem.line).length + 3 + problem.col - 1
      code.append("\n", " ".repeat(margin), element("em", "^"))
    }
    section.append(code)
  }
  return section
}

function element(name, text) {
  const e = document.createElement(name)
  e.textContent = text
  return e
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideErrors()
})

const css = `
  :host { all: initial; position: fixed; inset: 0; width: 100%; height: 100%; margin: 0; padding: 0; border: 0;
    z-index: 2147483647; background: rgb(15 23 42 / .6); overflow: auto; box-sizing: border-box;
    font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; }
  main { max-width: 60rem; width: calc(100% - 2rem); margin: 6vh auto; background: #fff; color: #1e293b; border-top: 4px solid #dc2626;
    border-radius: 6px; box-shadow: 0 20px 50px rgb(0 0 0 / .35); }
  section { padding: 1.1rem 1.4rem; border-bottom: 1px solid #e2e8f0; }
  header { display: flex; flex-wrap: wrap; gap: .7rem; align-items: baseline; font-size: 13px; }
  header b { color: #dc2626; text-transform: uppercase; letter-spacing: .06em; }
  header span { font-family: ui-monospace, monospace; color: #475569; overflow-wrap: anywhere; }
  p { margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-weight: 600; }
  pre { margin: .8rem 0 0; padding: .7rem .9rem; background: #f1f5f9; border-radius: 4px; overflow-x: auto;
    font: 13px/1.5 ui-monospace, monospace; }
  i { font-style: normal; color: #94a3b8; }
  em { font-style: normal; color: #dc2626; font-weight: 700; }
  footer { padding: .7rem 1.4rem; color: #64748b; font-size: 13px; }
  @media (prefers-color-scheme: dark) {
    main { background: #0f172a; color: #e2e8f0; }
    section { border-color: #1e293b; }
    header b, em { color: #f87171; }
    header span, footer { color: #94a3b8; }
    pre { background: #1e293b; }
    i { color: #64748b; }
  }`
