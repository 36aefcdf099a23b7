package bennu

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

// setEnv sets the variables that FromEnv reads; what is not named is not set.
func setEnv(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, name := range []string{"PORT", "SECRET_KEY_BASE", "BENNU_LOG", "BENNU_LOG_FORMAT", "BENNU_ORIGINS", "BENNU_DEV", "BENNU_RETIRED_SECRETS"} {
		t.Setenv(name, vars[name])
	}
}

// Not parallel: the environment is one.
func TestFromEnv(t *testing.T) {
	for _, tt := range []struct {
		name    string
		vars    map[string]string
		addr    string
		origins []string
		dev     bool
		level   slog.Level
	}{
		{"production", map[string]string{"SECRET_KEY_BASE": testSecret}, "", nil, false, slog.LevelInfo},
		{"development", map[string]string{"BENNU_DEV": "1"}, "", nil, true, slog.LevelInfo},
		{"all", map[string]string{
			"SECRET_KEY_BASE": testSecret, "PORT": "8080", "BENNU_LOG": "WARN",
			"BENNU_ORIGINS": "https://shop.test, //*.shop.test:4000 ,", "BENNU_DEV": "0",
			"BENNU_RETIRED_SECRETS": strings.Repeat("formersecret", 6) + " , " + strings.Repeat("the oldest one", 6),
		}, ":8080", []string{"https://shop.test", "//*.shop.test:4000"}, false, slog.LevelWarn},
		{"any port", map[string]string{"SECRET_KEY_BASE": testSecret, "PORT": "0", "BENNU_LOG": "debug"}, ":0", nil, false, slog.LevelDebug},
		{"errors only", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_LOG": "error"}, "", nil, false, slog.LevelError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			setEnv(t, tt.vars)
			o, err := FromEnv()
			if err != nil {
				t.Fatal(err)
			}
			if o.Addr != tt.addr || o.Dev != tt.dev || !slices.Equal(o.Origins, tt.origins) || o.SecretKeyBase != tt.vars["SECRET_KEY_BASE"] {
				t.Errorf("FromEnv = Addr %q, Dev %v, Origins %q", o.Addr, o.Dev, o.Origins)
			}
			ctx := context.Background()
			if !o.Logger.Enabled(ctx, tt.level) || o.Logger.Enabled(ctx, tt.level-1) {
				t.Errorf("the logger's level is not %v", tt.level)
			}
			if want := tt.vars["BENNU_RETIRED_SECRETS"]; strings.Join(o.RetiredSecrets, " , ") != want {
				t.Errorf("retired secrets %q, want %q", o.RetiredSecrets, want)
			}
			if got := panicText(func() { New(o) }); got != "" {
				t.Errorf("New refuses what FromEnv made: %s", got)
			}
		})
	}
}

func TestFault10FromEnvRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		vars map[string]string
		want []string
	}{
		{"no secret", nil, []string{"SECRET_KEY_BASE: not set", "`bennu gen secret`"}},
		{"short secret", map[string]string{"SECRET_KEY_BASE": "short"}, []string{"SECRET_KEY_BASE: ", "5 bytes, want at least 64", "`bennu gen secret`"}},
		{"port of letters", map[string]string{"SECRET_KEY_BASE": testSecret, "PORT": "http"}, []string{`PORT: "http", want a number`}},
		{"port too high", map[string]string{"SECRET_KEY_BASE": testSecret, "PORT": "70000"}, []string{"PORT"}},
		{"unknown level", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_LOG": "loud"}, []string{"BENNU_LOG", "want debug, info, warn or error"}},
		{"short retired secret", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_RETIRED_SECRETS": testSecret + ",short"}, []string{"BENNU_RETIRED_SECRETS: entry 2", "5 bytes"}},
		{"unknown format", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_LOG_FORMAT": "xml"}, []string{"BENNU_LOG_FORMAT", `"xml", want short, text or json`}},
		{"half origin", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_ORIGINS": "shop.test"}, []string{"BENNU_ORIGINS", "https://shop.test"}},
		{"odd dev", map[string]string{"SECRET_KEY_BASE": testSecret, "BENNU_DEV": "maybe"}, []string{"BENNU_DEV", "want 1 or 0"}},
		{"all at once", map[string]string{"PORT": "x", "BENNU_LOG": "y"}, []string{"PORT", "BENNU_LOG", "SECRET_KEY_BASE"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			setEnv(t, tt.vars)
			_, err := FromEnv()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestTimesFromEnv(t *testing.T) {
	t.Setenv("SECRET_KEY_BASE", testSecret)
	t.Setenv("BENNU_SHUTDOWN_DELAY", "1m30s")
	t.Setenv("BENNU_PRESENCE_DOWN", "10s")
	if o, err := FromEnv(); err != nil || o.ShutdownDelay != 90*time.Second || o.Presence.Down != 10*time.Second {
		t.Errorf("FromEnv = %v, %v, %v, want 90 s and 10 s", o.ShutdownDelay, o.Presence.Down, err)
	}
	for _, name := range []string{"BENNU_SHUTDOWN_DELAY", "BENNU_PRESENCE_DOWN"} {
		for _, text := range []string{"5", "-5s", "soon"} {
			t.Setenv(name, text)
			if _, err := FromEnv(); err == nil || !strings.Contains(err.Error(), name+": ") {
				t.Errorf("%s=%s: %v", name, text, err)
			}
		}
		t.Setenv(name, "")
	}
}

func TestLogFormat(t *testing.T) {
	for _, tt := range []struct {
		format string
		dev    bool
		want   string
	}{
		{"", false, "level=INFO msg=stopping why=signal"},
		{"", true, " stopping why=signal\n"},
		{"text", true, "level=INFO msg=stopping why=signal"},
		{"short", false, " stopping why=signal\n"},
		{"json", true, `"msg":"stopping","why":"signal"`},
	} {
		var b strings.Builder
		h, err := logHandler(&b, tt.format, tt.dev, slog.LevelInfo)
		if err != nil {
			t.Fatal(err)
		}
		slog.New(h).Info("stopping", "why", "signal")
		slog.New(h).Debug("quiet")
		if got := b.String(); !strings.Contains(got, tt.want) || strings.Contains(got, "quiet") {
			t.Errorf("format %q, development %v: %q, want %q in it", tt.format, tt.dev, got, tt.want)
		}
	}
}

// bennu dev says whether what it passes on is seen on a terminal.
func TestLogColors(t *testing.T) {
	for _, tt := range []struct {
		color, noColor string
		want           bool
	}{{"1", "", true}, {"", "", false}, {"1", "1", false}} {
		t.Setenv("BENNU_DEV_COLOR", tt.color)
		t.Setenv("NO_COLOR", tt.noColor)
		t.Setenv("TERM", "xterm")
		var b strings.Builder
		h, err := logHandler(&b, "", true, slog.LevelInfo)
		if err != nil {
			t.Fatal(err)
		}
		slog.New(h).Error("broken")
		if got := strings.Contains(b.String(), "\x1b["); got != tt.want {
			t.Errorf("BENNU_DEV_COLOR=%s NO_COLOR=%s: %q, want colours: %v", tt.color, tt.noColor, b.String(), tt.want)
		}
	}
}
