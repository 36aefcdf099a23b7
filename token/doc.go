// Package token makes and checks values that leave the server and come back:
// cookies, ids in links, state kept in a page. A signed value can be read by
// its holder but not changed; an encrypted one can not be read either.
//
//	keys, err := token.New(os.Getenv("SECRET_KEY_BASE"))
//	...
//	link := "/confirm?t=" + keys.Sign("confirm-email", []byte("42"))
//	...
//	id, err := keys.Verify("confirm-email", r.FormValue("t"), 24*time.Hour)
//
// # Purposes
//
// Every token is made for a purpose, a constant of the program such as
// "confirm-email". The keys of two purposes are unrelated, so a token that was
// made for one is never accepted for another. A purpose must not come from
// outside.
//
// # Age
//
// A token carries the time at which it was made and whoever checks it says how
// old it may be. See [Forever] for the ones that do not age.
//
// # Changing the secret
//
// Give the new secret to [New] and the old one after it as retired: tokens of
// both are accepted, new ones are made with the first. Drop the old secret when
// the oldest token worth keeping has expired. While a change rolls out over
// several servers, first give the new secret to all of them as a retired one.
//
// # Form
//
// Tokens are made of letters, digits, '-' and '_', and go without escaping into
// cookies, URLs, attributes and JSON. They hold a format version, a digest of
// the purpose, the time, the data and an HMAC-SHA-256 over all of it; encrypted
// ones use AES-256-GCM with a key of their own for each token. All keys are
// derived from the secret by HKDF-SHA-256.
package token
