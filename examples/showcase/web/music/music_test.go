package music

import (
	"testing"
	"testing/synctest"
	"time"

	"bennu"
	"bennu/examples/showcase/web/ui"
	"bennu/live"
	"bennu/livetest"
	"bennu/token"
)

// inBubble has the pages where time passes only while everybody waits.
func inBubble(t *testing.T, test func(*testing.T, *bennu.App)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, decks := bennu.New(bennu.Options{SecretKeyBase: token.NewSecret(), RootLayout: ui.Root}), NewDecks()
		app.Nested("player", func() live.View { return NewPlayer(decks) })
		app.LiveSession("music", func(g *bennu.Group) {
			g.Live("/music", func() live.View { return new(Index) })
			g.Live("/music/{album}", func() live.View { return NewShow(decks) })
		}, bennu.WithLayout(Layout), bennu.OnMount(Known))
		test(t, app)
	})
}

func shows(t *testing.T, player *livetest.View, track, into string) {
	t.Helper()
	player.RequireElement("#into", into)
	player.Element("#track", track)
}

func TestThePlayerPlaysOnFromPageToPage(t *testing.T) {
	inBubble(t, func(t *testing.T, app *bennu.App) {
		v := livetest.Mount(t, app, "/music")
		player := v.Child("player")
		player.RequireText("Nothing plays yet")
		process := player.Element("#player-process").Text()

		v.Element("a", "The Long Dusk").Click()
		v.Element(".tracks button", "Colony, with Frogs").Click()
		shows(t, player, "Colony, with Frogs", "0:00")
		v.Element("[aria-current]", "Colony, with Frogs")
		time.Sleep(7 * time.Second) // of the bubble
		shows(t, player, "Colony, with Frogs", "0:07")

		v.Element("a", "Night Heron").Click()
		if v.Path() != "/music/night-heron" || v.Title() != "Night Heron · Bennu" {
			t.Fatalf("the page is %s, %q", v.Path(), v.Title())
		}
		if v.Has("[aria-current]") {
			t.Error("a track is marked on an album that does not play")
		}
		time.Sleep(5 * time.Second) // of the bubble
		shows(t, player, "Colony, with Frogs", "0:12")
		if got := player.Element("#player-process").Text(); got != process {
			t.Errorf("the player is process %s, want %s as before", got, process)
		}

		// The next track comes by itself, and the page follows.
		v.Element(".tracks button", "Quock").Click()
		time.Sleep(15 * time.Second) // of the bubble
		shows(t, player, "Moon on Mud", "0:03")
		v.RequireElement("[aria-current]", "Moon on Mud")
	})
}

func TestThePlayersButtons(t *testing.T) {
	inBubble(t, func(t *testing.T, app *bennu.App) {
		v := livetest.Mount(t, app, "/music/first-light")
		player := v.Child("player")
		v.Element(".tracks button", "Wingbeat").Click()
		time.Sleep(3 * time.Second) // of the bubble
		player.Element("#toggle").Click()
		time.Sleep(time.Minute) // of the bubble
		shows(t, player, "Wingbeat", "0:03")
		player.Element("#toggle").Click()
		time.Sleep(2 * time.Second) // of the bubble
		shows(t, player, "Wingbeat", "0:05")
		player.Element("[aria-label='the next track']").Click()
		shows(t, player, "The Stone Appears", "0:00")
		player.Element("[aria-label='the track before']").Click()
		shows(t, player, "Wingbeat", "0:00")
	})
}

// What a browser plays is the same in all its tabs, comes back with its
// connection, and is no business of others.
func TestMusicBelongsToTheBrowser(t *testing.T) {
	inBubble(t, func(t *testing.T, app *bennu.App) {
		me, other := livetest.New(t, app), livetest.New(t, app)
		v, tab, stranger := me.Mount("/music/long-dusk"), me.Mount("/music"), other.Mount("/music/long-dusk")
		v.Element(".tracks button", "Homeward").Click()
		shows(t, tab.Child("player"), "Homeward", "0:00")
		stranger.Child("player").RequireText("Nothing plays yet")

		time.Sleep(3 * time.Second) // of the bubble
		v.Disconnect()
		time.Sleep(10 * time.Second) // of the bubble
		v.Rejoin()
		shows(t, v.Child("player"), "Homeward", "0:13")
		stranger.Child("player").RequireText("Nothing plays yet")
	})
}

func TestAlbumsAndTracksThatDoNotExist(t *testing.T) {
	inBubble(t, func(t *testing.T, app *bennu.App) {
		if got := livetest.New(t, app).Get("/music/nothing").Status; got != 404 {
			t.Errorf("an album that does not exist answers %d, want 404", got)
		}
		v := livetest.Mount(t, app, "/music/long-dusk")
		for _, n := range []string{"2", "-1", "1000000"} {
			v.Event("play", map[string]string{"track": n})
		}
		v.Child("player").RequireText("Nothing plays yet")
	})
}
