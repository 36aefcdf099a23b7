package bennu

import (
	"encoding/json"
	"net/http"

	"bennu/live"
	"bennu/token"
)

// flashCookie is how the official client hands messages to a page that it loads
// because a view sent it there; its value is a token of signFlash.
const flashCookie = "__phoenix_flash__"

// flashToken is what takes messages to the next page, signed. It is good for the
// browser whose page it was made for: another user's, which a site of the same
// domain could plant as a cookie, would have the App say what it never said here.
type flashToken struct {
	Owner string            `json:"o"`
	Flash map[string]string `json:"f"`
}

// signFlash makes the token that takes messages to the next page of the browser
// whose session it is.
func (a *App) signFlash(session *live.Session, flash map[string]string) string {
	text, _ := json.Marshal(flashToken{ownerOf(session), flash}) // text alone has a JSON text
	return a.keys.Sign(purposeFlash, text)
}

// openFlash is what a token of signFlash holds; nothing when it is too old, of
// another session or none of ours, which harms nobody.
func openFlash(keys *token.Keys, session *live.Session, token string) map[string]string {
	text, err := keys.Verify(purposeFlash, token, flashTokenAge)
	if err != nil {
		return nil
	}
	var t flashToken
	if json.Unmarshal(text, &t) != nil || t.Owner != ownerOf(session) {
		return nil
	}
	return t.Flash
}

// cookieFlash is what the request's cookie says to its session. Another host of
// the same domain can set a cookie of the same name, so that some are tried.
func cookieFlash(keys *token.Keys, session *live.Session, r *http.Request) map[string]string {
	tried := 0
	for value := range cookies(r, flashCookie) {
		if tried++; tried > maxSessionCookies {
			break
		}
		if flash := openFlash(keys, session, value); flash != nil {
			return flash
		}
	}
	return nil
}

// hasFlashCookie reports whether the request has such a cookie, good or not.
func hasFlashCookie(r *http.Request) bool {
	for range cookies(r, flashCookie) {
		return true
	}
	return false
}

// forgetFlashCookie takes the cookie back: a message is shown once.
func forgetFlashCookie(h http.Header) {
	c := http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1}
	h.Add("Set-Cookie", c.String())
}
