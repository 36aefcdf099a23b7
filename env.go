package bennu

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"bennu/internal/devreload"
	"bennu/token"
)

// FromEnv makes [Options] of the environment; the caller adds the rest.
//
//	PORT             the port to listen on, 4000 if not set
//	SECRET_KEY_BASE  at least 64 random bytes (`bennu gen secret`); required
//	                 outside of development
//	BENNU_RETIRED_SECRETS
//	                 other secrets that are accepted, separated by commas; see
//	                 Options.RetiredSecrets
//	BENNU_LOG        debug, info (the default), warn or error
//	BENNU_LOG_FORMAT short, text or json; short, which is for people, is the
//	                 default in development, text that of production
//	BENNU_URL        the scheme and host of full URLs, as in https://shop.test
//	BENNU_ORIGINS    sites that may open sockets, separated by commas, as in
//	                 https://shop.test,//*.shop.test
//	BENNU_TRUSTED_PROXIES
//	                 networks of the proxies before this server, separated by
//	                 commas, as in 10.0.0.0/8; see Options.TrustedProxies
//	BENNU_EVENT_RATE messages a second that one socket may send, or off: for
//	                 load tests, see Limits.EventRate
//	BENNU_SHUTDOWN_DELAY
//	                 how long to serve on when /readyz says no already, as in
//	                 5s; see Options.ShutdownDelay
//	BENNU_PRESENCE_DOWN
//	                 how long nothing is heard of another server until its people
//	                 are gone, as in 10s; see Options.Presence
//	BENNU_DEV        1 is development; `bennu dev` sets it
//
// The logger of the options writes to standard error. An error names each
// variable that is wrong or missing; print it and end the program.
func FromEnv() (Options, error) {
	var wrong []error
	refuse := func(name, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("bennu: %s: "+format, append([]any{name}, args...)...))
	}
	var o Options
	if text := os.Getenv(devreload.EnvDev); text != "" {
		dev, err := strconv.ParseBool(text)
		if err != nil {
			refuse(devreload.EnvDev, "%q, want 1 or 0", text)
		}
		o.Dev = dev
	}
	if port := os.Getenv("PORT"); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil {
			refuse("PORT", "%q, want a number from 0 to 65535", port)
		} else {
			o.Addr = fmt.Sprintf(":%d", n)
		}
	}
	o.SecretKeyBase = os.Getenv("SECRET_KEY_BASE")
	switch {
	case o.SecretKeyBase != "":
		if _, err := token.New(o.SecretKeyBase); err != nil {
			refuse("SECRET_KEY_BASE", "%w", err)
		}
	case !o.Dev:
		refuse("SECRET_KEY_BASE", "not set; sessions and tokens are signed with it. Make one with `bennu gen secret`, keep it, and start the program with SECRET_KEY_BASE=…")
	}
	o.RetiredSecrets = list(os.Getenv("BENNU_RETIRED_SECRETS"))
	for i, secret := range o.RetiredSecrets {
		if _, err := token.New(secret); err != nil {
			refuse("BENNU_RETIRED_SECRETS", "entry %d: %w", i+1, err)
		}
	}
	level := slog.LevelInfo
	switch text := strings.ToLower(os.Getenv("BENNU_LOG")); text {
	case "", "info":
	case "debug":
		level = slog.LevelDebug
	case "warn":
		level = slog.LevelWarn
	case "error":
		level = slog.LevelError
	default:
		refuse("BENNU_LOG", "%q, want debug, info, warn or error", text)
	}
	handler, err := logHandler(os.Stderr, os.Getenv("BENNU_LOG_FORMAT"), o.Dev, level)
	if err != nil {
		refuse("BENNU_LOG_FORMAT", "%w", err)
	}
	o.Logger = slog.New(handler)
	o.URL = os.Getenv("BENNU_URL")
	if err := checkURL(o.URL); err != nil {
		refuse("BENNU_URL", "%w", err)
	}
	o.Origins = list(os.Getenv("BENNU_ORIGINS"))
	trusted, err := parseProxies(os.Getenv("BENNU_TRUSTED_PROXIES"))
	if err != nil {
		refuse("BENNU_TRUSTED_PROXIES", "%w", err)
	}
	o.TrustedProxies = trusted
	rate, err := eventRate(os.Getenv("BENNU_EVENT_RATE"))
	if err != nil {
		refuse("BENNU_EVENT_RATE", "%w", err)
	}
	o.Limits.EventRate = rate
	duration := func(name string) (d time.Duration) {
		text := os.Getenv(name)
		if text == "" {
			return 0
		}
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			refuse(name, "%q, want a time such as 5s", text)
		}
		return d
	}
	o.ShutdownDelay, o.Presence.Down = duration("BENNU_SHUTDOWN_DELAY"), duration("BENNU_PRESENCE_DOWN")
	if _, err := newOrigins(o.Origins); err != nil {
		wrong = append(wrong, err)
	}
	return o, errors.Join(wrong...)
}

// list are the entries of a variable that has them separated by commas.
func list(text string) []string {
	var entries []string
	for entry := range strings.SplitSeq(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}
