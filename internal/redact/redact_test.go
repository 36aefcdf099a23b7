package redact

import "testing"

func TestName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"password": true, "user[password_confirmation]": true, "_csrf_token": true, "API-Key": true, "apiKey": true,
		"CardNumber": true, "X-Auth-Token": true, "SessionID": true,
		"name": false, "number": false, "": false, "pass": false, "key": false,
	} {
		if got := Name(name); got != want {
			t.Errorf("Name(%q) = %v, want %v", name, got, want)
		}
	}
}
