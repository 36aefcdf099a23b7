// What somebody has typed into a page survives its reload: the fields that are
// no longer as the server sent them, the focus with its caret, and how far
// things are scrolled. It waits in the tab's session storage for a page of the
// same address that has such fields; an error page in between has none.
const keptKey = "bennu:kept"

// Fields that were changed since the page was loaded, and those that were
// since keepInput was called.
const touched = new WeakSet()
let touchedSince = new WeakSet()
for (const type of ["input", "change"]) {
  addEventListener(type, (event) => {
    touched.add(event.target)
    touchedSince.add(event.target)
  }, true)
}

const secrets = /password|one-time-code|cc-/
const unkept = ["password", "file", "hidden", "submit", "button", "reset", "image"]

// mayKeep says that a field may be kept. Secrets must not, and hidden fields are
// the server's, such as its CSRF token.
function mayKeep(field) {
  return field.matches?.("input, textarea, select") && !unkept.includes(field.type) && !secrets.test(field.autocomplete)
}

// fields are all fields of the page by names that the page's next version has
// too: the id, or else the form, the name and which one of that name it is.
function fieldsByName() {
  const all = new Map()
  for (const field of document.querySelectorAll("input, textarea, select")) {
    const form = field.form
    const owner = form ? form.id || form.getAttribute("name") || form.getAttribute("action") || "form" : ""
    const choice = ["checkbox", "radio"].includes(field.type) ? field.getAttribute("value") : ""
    const name = field.id ? "#" + field.id : [owner, field.name, choice].join(" ")
    for (let n = 1; ; n++) {
      const key = `${field.type} ${name} ${n}`
      if (!all.has(key)) {
        all.set(key, field)
        break
      }
    }
  }
  return all
}

// valueOf is what is in a field, as JSON can have it.
function valueOf(field) {
  if (field.type === "select-multiple") return [...field.options].filter((o) => o.selected).map((o) => o.value)
  if (field.type === "checkbox" || field.type === "radio") return field.checked
  return field.value
}

// serverValueOf is what the markup says is in a field.
function serverValueOf(field) {
  if (field.matches("select")) {
    const said = [...field.options].filter((o) => o.defaultSelected).map((o) => o.value)
    if (field.multiple) return said
    return said.at(-1) ?? [...field.options].find((o) => !o.disabled)?.value ?? ""
  }
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked
  if (field.type === "range" || field.type === "color") return field.getAttribute("value") ?? field.value
  return field.defaultValue
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

function put(field, value) {
  if (field.type === "select-multiple") {
    for (const option of field.options) option.selected = value.includes(option.value)
  } else if (field.type === "checkbox" || field.type === "radio") {
    field.checked = value
  } else {
    field.value = value
  }
}

// place is where an element that is no field is found again.
const place = (element) => element.id ? "#" + CSS.escape(element.id) : null

function readKept() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keptKey))
    if (kept?.address === location.href) return kept
  } catch {
    // What is not ours is not read, and a page may be barred from its storage.
  }
  return null
}

function writeKept(kept) {
  try {
    if (kept) sessionStorage.setItem(keptKey, JSON.stringify(kept))
    else sessionStorage.removeItem(keptKey)
  } catch {
    // Then nothing is kept: there is no place for it.
  }
}

// keepInput notes what is to be put back. What an earlier call noted stays where
// this page has no such field or has it as the server sent it, and after a
// loss of the connection where nothing was typed since.
function keepInput(again = false) {
  const kept = readKept() ?? { fields: {} }
  const fields = fieldsByName()
  const waiting = Object.keys(kept.fields)
  if (waiting.length && !waiting.some((key) => fields.has(key))) return // an error page
  kept.address = location.href
  delete kept.focus
  for (const [key, field] of fields) {
    if (!mayKeep(field)) continue
    const value = valueOf(field)
    const changed = again ? touchedSince.has(field) : touched.has(field) || !same(value, serverValueOf(field))
    if (changed) kept.fields[key] = value
    if (field === document.activeElement) kept.focus = { key }
  }
  const active = document.activeElement
  if (kept.focus) {
    try {
      kept.focus.caret = [active.selectionStart, active.selectionEnd, active.selectionDirection]
    } catch {
      // Fields without text have no caret.
    }
  } else if (active && active !== document.body && place(active)) {
    kept.focus = { place: place(active) }
  }
  kept.scrolled = [["", scrollX, scrollY]]
  for (const element of document.querySelectorAll("[id]")) {
    if (element.scrollTop || element.scrollLeft) kept.scrolled.push([place(element), element.scrollLeft, element.scrollTop])
  }
  writeKept(kept)
  touchedSince = new WeakSet()
}

// settled is how long a live view may take to answer what it is told.
const settled = 2000

// restoreInput puts everything back, and once more when a live view has joined,
// because its first render takes the fields back to what the server knows.
function restoreInput() {
  const kept = readKept()
  writeKept(kept) // what was kept of another address is gone
  if (!kept) return

  let moved = false // whoever reads the page already is not pulled back
  const done = new AbortController()
  for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(type, () => { moved = true }, { capture: true, passive: true, signal: done.signal })
  }
  const mine = new WeakSet() // what somebody has changed since, which stays
  for (const type of ["input", "change"]) {
    addEventListener(type, (event) => { if (event.isTrusted) mine.add(event.target) }, { capture: true, signal: done.signal })
  }

  // putFieldsBack returns the fields that are now not as the server has them.
  function putFieldsBack(fields, values) {
    const changed = []
    for (const [key, value] of Object.entries(values)) {
      const field = fields.get(key)
      if (!field || !mayKeep(field) || mine.has(field)) continue
      touched.add(field)
      if (!same(valueOf(field), value)) put(field, value)
      if (!same(value, serverValueOf(field))) changed.push(field)
    }
    return changed
  }

  function putBack(last) {
    const fields = fieldsByName()
    const changed = putFieldsBack(fields, kept.fields)
    if (!moved) {
      putFocusBack(fields)
      putScrollBack()
    }
    if (!last) return
    const missing = Object.entries(kept.fields).filter(([key]) => !fields.has(key))
    writeKept(missing.length ? { ...kept, fields: Object.fromEntries(missing) } : null)
    tell(changed)
    setTimeout(() => done.abort(), settled)
  }

  // tell says to the page's own scripts and to the live view what they would
  // have heard of somebody typing. What the view answers takes fields that it
  // does not know back to their markup.
  function tell(changed) {
    const live = (field) => field.closest("[phx-change]") || field.form?.hasAttribute("phx-change")
    const own = Object.fromEntries(Object.entries(kept.fields).filter(([key]) => {
      const field = fieldsByName().get(key)
      return field && !live(field)
    }))
    addEventListener("phx:update", () => putFieldsBack(fieldsByName(), own), { signal: done.signal })
    for (const field of changed) {
      const choice = ["checkbox", "radio"].includes(field.type) || field.matches("select")
      field.dispatchEvent(new Event(choice ? "change" : "input", { bubbles: true }))
    }
  }

  function putFocusBack(fields) {
    if (!kept.focus || document.activeElement && document.activeElement !== document.body && !document.activeElement.autofocus) return
    const element = kept.focus.key ? fields.get(kept.focus.key) : document.querySelector(kept.focus.place)
    element?.focus({ preventScroll: true })
    if (kept.focus.caret?.[0] != null) element?.setSelectionRange?.(...kept.focus.caret)
  }

  function putScrollBack() {
    for (const [where, left, top] of kept.scrolled) {
      const target = where ? document.querySelector(where) : window
      target?.scrollTo({ left, top, behavior: "instant" })
    }
  }

  const views = [...document.querySelectorAll("[data-phx-main]")]
  const joined = () => views.every((view) => view.classList.contains("phx-connected"))
  if (joined()) return putBack(true)
  putBack(false)
  const watch = new MutationObserver(() => {
    if (!joined()) return
    watch.disconnect()
    putBack(true)
  })
  for (const view of views) watch.observe(view, { attributes: true, attributeFilter: ["class"] })
}
