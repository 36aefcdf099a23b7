package bennu

import (
	"encoding/json"
	"net/http"

	"bennu/token"
)

// flashCookie is how the official client hands messages to a page that it loads
// because a view sent it there; its value is a token of signFlash.
const flashCookie = "__phoenix_flash__"

// signFlash makes the token that takes messages to the next page.
func (a *App) signFlash(flash map[string]string) string {
	text, _ := json.Marshal(flash) // a map of strings has a JSON text
	return a.keys.Sign(purposeFlash, text)
}

// openFlash is what a token of signFlash holds; nothing when it is too old or
// none of ours, which harms nobody.
func openFlash(keys *token.Keys, token string) map[string]string {
	text, err := keys.Verify(purposeFlash, token, flashTokenAge)
	if err != nil {
		return nil
	}
	var flash map[string]string
	if json.Unmarshal(text, &flash) != nil {
		return nil
	}
	return flash
}

// cookieFlash is what the request's cookie says, and whether it has one.
func cookieFlash(keys *token.Keys, r *http.Request) (flash map[string]string, found bool) {
	for value := range cookies(r, flashCookie) {
		return openFlash(keys, value), true
	}
	return nil, false
}

// forgetFlashCookie takes the cookie back: a message is shown once.
func forgetFlashCookie(h http.Header) {
	c := http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1}
	h.Add("Set-Cookie", c.String())
}
