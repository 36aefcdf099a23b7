// The page follows the messages of `bennu dev` over a socket of its own.
const script = document.currentScript
const url = new URL("socket", script.src)
url.protocol = url.protocol === "https:" ? "wss:" : "ws:"

// The build that rendered this page, "" for the page that `bennu dev` shows
// while no app runs. An app that was started again is another build.
const build = script.dataset.build
let wait = 50
let lost = false // the socket, since keepInput was called
let keptBefore = null
let leaving = false

function connect() {
  const socket = new WebSocket(url)
  socket.onopen = () => { wait = 50 }
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data)
    handlers[message.type]?.(message)
  }
  socket.onclose = () => {
    if (!lost && !leaving) {
      keptBefore = readKept()
      keepInput()
    }
    lost = true
    setTimeout(connect, wait)
    wait = Math.min(wait * 2, 1000)
  }
}

const handlers = {
  // While no app runs, `bennu dev` answers without a build: what the page
  // shows stays until there is something newer.
  hello(message) {
    if (!message.build) return
    if (build !== message.build) return reload()
    if (lost) writeKept(keptBefore) // the page stays
    lost = false
    hideErrors()
  },
  reload,
  css: swapStyles,
  error: showErrors,
  ok: hideErrors,
}

// reload loads the page again. A live view that has come back from a crash of
// the app shows what the server knows, so that what was kept before counts.
function reload() {
  if (leaving) return
  leaving = true
  keepInput(lost)
  location.reload()
}

// swapStyles loads every style sheet of this site beside the old one, which
// goes when the new one is there: the page is never without style.
function swapStyles() {
  for (const old of document.querySelectorAll("link[rel~=stylesheet]")) {
    if (old.hasAttribute("data-no-reload") || old.dataset.replaced) continue
    const href = new URL(old.href)
    if (href.origin !== location.origin) continue
    href.searchParams.set("vsn", Date.now())
    const fresh = old.cloneNode()
    fresh.href = href
    fresh.onload = () => old.remove()
    fresh.onerror = () => { fresh.remove(); delete old.dataset.replaced }
    old.dataset.replaced = "yes"
    old.after(fresh)
  }
}

restoreInput()
connect()
