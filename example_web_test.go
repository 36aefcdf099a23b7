package bennu_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"bennu"
)

// A handler reads its input with Bind, whatever form it has, and returns what
// goes wrong as an error with a status.
func ExampleBind() {
	type input struct {
		Name   string `form:"name,required"`
		Number int
	}
	r := httptest.NewRequest("POST", "/orders", strings.NewReader("name=anna&number=2"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	var in input
	err := bennu.Bind(r, &in)
	fmt.Println(in.Name, in.Number, err)
	// Output: anna 2 <nil>
}

// An address from outside is checked before the browser is sent there.
func ExampleLocalPath() {
	for _, returnTo := range []string{"/orders?page=2", "//evil.test"} {
		path, err := bennu.LocalPath(returnTo)
		if err != nil {
			path = "/" // where everybody may go
		}
		fmt.Println(path)
	}
	// Output:
	// /orders?page=2
	// /
}

// An error that carries a status becomes the error page of that status.
func ExampleStatus() {
	err := bennu.Status(http.StatusGone, errors.New("this offer has ended"))

	var status interface{ HTTPStatus() int }
	fmt.Println(err, errors.As(err, &status), status.HTTPStatus())
	// Output: this offer has ended true 410
}

// One handler that answers HTML to a browser and JSON to a program.
func ExampleJSON() {
	w := httptest.NewRecorder()
	if err := bennu.JSON(w, http.StatusOK, map[string]int{"orders": 3}); err != nil {
		fmt.Println(err)
	}
	fmt.Print(w.Body)
	// Output: {"orders":3}
}

// A file name from outside is safe in the header.
func ExampleDownload() {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/export", nil)
	if err := bennu.Download(w, r, "../Übersicht.csv", strings.NewReader("a,b\n")); err != nil {
		fmt.Println(err)
	}
	fmt.Println(w.Header().Get("Content-Disposition"))
	// Output: attachment; filename="_bersicht.csv"; filename*=UTF-8''%C3%9Cbersicht.csv
}
