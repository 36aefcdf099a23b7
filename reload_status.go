package bennu

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// When a join fails with an HTTP status, such as 404, the client keeps a token
// for that status in a cookie and loads the page, which the server then answers
// with it. So the page does not come, join and fail again without end.

const (
	// reloadCookie is the client's name for the cookie.
	reloadCookie  = "__phoenix_reload_status__"
	purposeReload = "live reload status"
	// reloadTokenAge is how long the client keeps the cookie.
	reloadTokenAge = time.Minute
	// maxReloadCookies bounds how many of the name are tried: another host of the
	// same domain can set more of them.
	maxReloadCookies = 4
	// reloadKey is the session's name for the forged cookies that it was told of.
	reloadKey = "_reload"
)

// reloadClaim is what the token says: the status, and in whose browser it is
// good, so that nobody plants his own in that of another.
type reloadClaim struct {
	Status int    `json:"s"`
	Owner  string `json:"o"`
}

// reloadToken makes the tokens of a page that was drawn for the owner.
func (a *App) reloadToken(owner string) func(status int) string {
	return func(status int) string {
		claim := append(strconv.AppendInt([]byte(`{"s":`), int64(status), 10), `,"o":"`+owner+`"}`...)
		return a.keys.Sign(purposeReload, claim)
	}
}

// reloadStatus answers the request that follows a join refused with a status:
// with that status, from the token in the cookie, which is deleted.
//
// A token that is none of ours is an error of status 500, the first time. A
// cookie that another host has set for the whole domain is not deleted by an
// answer of this one: from then on the same values count for nothing.
func (a *App) reloadStatus(w http.ResponseWriter, r *http.Request) error {
	tried := 0
	seen := sha256.New()
	var forged error
	for value := range cookies(r, reloadCookie) {
		if tried++; tried > maxReloadCookies {
			break
		}
		status, err := a.openReload(r, value)
		if err == nil {
			deleteReloadCookie(w)
			return Status(status, errors.New("the live view answered with this status when it was mounted"))
		}
		fmt.Fprintf(seen, "%q", value)
		forged = err
	}
	if forged == nil {
		return nil
	}
	deleteReloadCookie(w)
	mark := base64.RawURLEncoding.EncodeToString(seen.Sum(nil)[:12])
	session := Session(r)
	if session.Get(reloadKey) == mark {
		return nil
	}
	if err := session.Put(reloadKey, mark); err != nil {
		return err
	}
	return &suspectError{fmt.Errorf("bennu: cookie %s: %w", reloadCookie, forged)}
}

// openReload is the status that a token stands for.
func (a *App) openReload(r *http.Request, value string) (int, error) {
	var claim reloadClaim
	switch err := a.verifyJSON(purposeReload, value, reloadTokenAge, &claim); {
	case err != nil:
		return 0, err
	case claim.Owner != ownerOf(Session(r)):
		return 0, errors.New("it is of another browser's page")
	case claim.Status < 400 || claim.Status > 499:
		return 0, errors.New("it holds no status")
	}
	return claim.Status, nil
}

func deleteReloadCookie(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: reloadCookie, Path: "/", MaxAge: -1})
}
