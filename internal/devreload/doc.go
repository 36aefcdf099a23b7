// Package devreload is the second socket of a page in development: it tells
// browsers to reload, to take new style sheets, and what does not compile.
//
// A [Hub] serves the script that pages include and the WebSocket that the
// script opens. The app serves one while it runs; `bennu dev` serves one of its
// own while there is no app to run. Both speak the same messages, so a browser
// follows from the one to the other.
//
// Between `bennu dev` and the app it started the same messages travel as JSON
// lines over pipes; the names of the environment variables that announce them
// are here too.
package devreload
