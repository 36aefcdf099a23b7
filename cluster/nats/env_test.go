package nats_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"bennu/cluster/nats"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// environment sets the variables of FromEnv, and no others.
func environment(t *testing.T, pairs ...string) {
	t.Helper()
	for _, name := range []string{"BENNU_NATS", "BENNU_NATS_CREDS", "BENNU_LISTEN_NODES", "BENNU_NODES", "BENNU_ADVERTISE", "BENNU_NODES_CERT",
		"BENNU_NODES_KEY", "BENNU_NODES_CA", "BENNU_NODE", "BENNU_APP"} {
		t.Setenv(name, "")
	}
	for _, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		t.Setenv(name, value)
	}
}

func fromEnv(t *testing.T) pubsub.Carrier {
	t.Helper()
	c, err := nats.FromEnv(secret, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFromEnv(t *testing.T) {
	environment(t)
	if c := fromEnv(t); c != nil {
		t.Errorf("a carrier %q, want none where none is asked for", c.Node())
	}
	environment(t, "BENNU_NATS=nats://a:4222, nats://b:4222")
	first, second := fromEnv(t).Node(), fromEnv(t).Node()
	if !regexp.MustCompile(`^[\w-]{2,64}$`).MatchString(first) || first == second {
		t.Errorf("names %q and %q, want two of their own", first, second)
	}
	environment(t, "BENNU_LISTEN_NODES=127.0.0.1:0", "BENNU_NODE=web-1")
	if got := fromEnv(t).Node(); got != "web-1" {
		t.Errorf("Node = %q", got)
	}

	dir := t.TempDir()
	none := filepath.Join(dir, "none")
	for want, pairs := range map[string][]string{
		"want one of them":                  {"BENNU_NATS=nats://a:4222", "BENNU_LISTEN_NODES=:6222"},
		"BENNU_LISTEN_NODES is not":         {"BENNU_NODES=a:6222"},
		`BENNU_NODE is "a.b"`:               {"BENNU_NATS=nats://a:4222", "BENNU_NODE=a.b"},
		"(from BENNU_NATS, ":                {"BENNU_NATS=a:4222"},
		"(from BENNU_LISTEN_NODES, ":        {"BENNU_LISTEN_NODES=nowhere"},
		"want all or none":                  {"BENNU_LISTEN_NODES=:6222", "BENNU_NODES_CA=" + none},
		"BENNU_NODES_CERT and BENNU_NODES_": {"BENNU_LISTEN_NODES=:6222", "BENNU_NODES_CA=" + none, "BENNU_NODES_CERT=" + none, "BENNU_NODES_KEY=" + none},
	} {
		environment(t, pairs...)
		if c, err := nats.FromEnv(secret, quiet); err == nil || c != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want an error with %q and no carrier", pairs, err, want)
		}
	}
	environment(t, "BENNU_LISTEN_NODES=:6222")
	if _, err := nats.FromEnv("", quiet); err == nil || !strings.Contains(err.Error(), "SECRET_KEY_BASE") {
		t.Errorf("without a secret: %v", err)
	}
}

// Nodes that know each other by certificates, and one that has another's.
func TestNodesWithCertificates(t *testing.T) {
	ours, theirs := certificates(t), certificates(t)
	var all []*nats.Carrier
	log := new(text)
	node := func(name string, files []string) pubsub.Carrier {
		t.Helper()
		environment(t, append(files, "BENNU_LISTEN_NODES=127.0.0.1:0", "BENNU_NODES="+strings.Join(listening(all), ","), "BENNU_NODE="+name)...)
		made, err := nats.FromEnv(secret, slog.New(slog.NewTextHandler(log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		c, ok := made.(*nats.Carrier)
		if !ok {
			t.Fatalf("a carrier of type %T", made)
		}
		all = append(all, c)
		return c
	}
	a := pubsubtest.Join(t, node("a", ours), pubsub.Cluster{})
	b := pubsubtest.Join(t, node("b", ours), pubsub.Cluster{})
	pubsubtest.Meet(t, a, b)
	c := pubsubtest.Join(t, node("c", theirs), pubsub.Cluster{})
	until(t, "the log to say that a certificate is another's", func() bool { return strings.Contains(log.String(), "certificate") })
	var here, there heard
	here.listen(t, b)
	there.listen(t, c)
	arrives(t, a, &here, "among us")
	if there.has("among us 1") || len(c.Health().Nodes) > 0 {
		t.Errorf("a node with a certificate of somebody else is among us: %+v", c.Health())
	}
	broken := filepath.Join(t.TempDir(), "ca")
	if err := os.WriteFile(broken, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	environment(t, append([]string{"BENNU_LISTEN_NODES=:0"}, append(ours, "BENNU_NODES_CA="+broken)...)...)
	if _, err := nats.FromEnv(secret, quiet); err == nil || !strings.Contains(err.Error(), "no certificate in PEM") {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// text is a log that is read while it is written.
type text struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *text) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// certificates writes one that has signed itself, for this machine, and its key,
// and returns the variables that name the files.
func certificates(t *testing.T) []string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "node"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	certFile := write("cert", "CERTIFICATE", cert)
	return []string{"BENNU_NODES_CERT=" + certFile, "BENNU_NODES_CA=" + certFile, "BENNU_NODES_KEY=" + write("key", "PRIVATE KEY", private)}
}
