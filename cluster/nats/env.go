package nats

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"bennu/pubsub"
)

// FromEnv makes the carrier that the environment asks for, nil if it asks for
// none: then the program is a node alone. The secret is the app's SecretKeyBase,
// which keeps others out of the cluster; log is told of connections.
//
//	BENNU_NATS         servers that run elsewhere, separated by commas, as in
//	                   nats://broker-1:4222,nats://broker-2:4222
//	BENNU_NATS_CREDS   a file of credentials for them, if they want one
//
//	BENNU_LISTEN_NODES where this node listens to the others, each with a server
//	                   of its own: 10.0.0.1:6222, or :6222 for all addresses
//	BENNU_NODES        addresses of other nodes, or of all, separated by commas
//	BENNU_ADVERTISE    the address that others are told, if it is another one
//	BENNU_NODES_CERT, BENNU_NODES_KEY, BENNU_NODES_CA
//	                   PEM files: the certificate of this node, its key, and who
//	                   has signed those of all nodes; without them what goes
//	                   between nodes is not encrypted
//
//	BENNU_NODE         this node's name, which no other has; if it is not set, that
//	                   of the machine with something at random behind it
//	BENNU_APP          what this app is told apart by from others at one broker
//
// An error names the variable that is wrong; print it and end the program.
func FromEnv(secret string, log *slog.Logger) (pubsub.Carrier, error) {
	urls, listen := list("BENNU_NATS"), os.Getenv("BENNU_LISTEN_NODES")
	node, err := nodeFromEnv()
	switch {
	case err != nil:
		return nil, err
	case len(urls) > 0 && listen != "":
		return nil, errors.New("nats: BENNU_NATS and BENNU_LISTEN_NODES are set; want one of them: servers that run elsewhere, or one in each node")
	case len(urls) > 0:
		c, err := New(Options{Node: node, App: os.Getenv("BENNU_APP"), URLs: urls, CredentialsFile: os.Getenv("BENNU_NATS_CREDS"), Log: log})
		if err != nil {
			return nil, fmt.Errorf("%w (from BENNU_NATS, BENNU_NODE and BENNU_APP)", err)
		}
		return c, nil
	case listen != "":
		config, err := tlsFromEnv()
		if err != nil {
			return nil, err
		}
		c, err := Embed(Embedded{
			Node: node, App: os.Getenv("BENNU_APP"), Listen: listen, Advertise: os.Getenv("BENNU_ADVERTISE"), Peers: list("BENNU_NODES"),
			Secret: secret, TLS: config, Log: log,
		})
		if err != nil {
			return nil, fmt.Errorf("%w (from BENNU_LISTEN_NODES, BENNU_NODES, BENNU_NODE, BENNU_APP and SECRET_KEY_BASE)", err)
		}
		return c, nil
	case len(list("BENNU_NODES")) > 0:
		return nil, errors.New("nats: BENNU_NODES is set and BENNU_LISTEN_NODES is not; where does this node listen to the others, as in BENNU_LISTEN_NODES=:6222?")
	}
	return nil, nil
}

// nodeFromEnv is the name of this node.
func nodeFromEnv() (string, error) {
	if name := os.Getenv("BENNU_NODE"); name != "" {
		return name, checkName("BENNU_NODE", name)
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "node"
	}
	host, _, _ = strings.Cut(host, ".")
	const most, suffix = 48, 8
	host = strings.Map(func(c rune) rune {
		if checkName("host", string(c)) != nil {
			return '-'
		}
		return c
	}, host)
	return host[:min(len(host), most)] + "-" + random()[:suffix], nil
}

// tlsFromEnv is how nodes know each other by certificates, nil if they do not.
func tlsFromEnv() (*tls.Config, error) {
	files := map[string]string{}
	for _, name := range []string{"BENNU_NODES_CERT", "BENNU_NODES_KEY", "BENNU_NODES_CA"} {
		if file := os.Getenv(name); file != "" {
			files[name] = file
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	if len(files) < 3 {
		return nil, errors.New("nats: of BENNU_NODES_CERT, BENNU_NODES_KEY and BENNU_NODES_CA some are set, want all or none")
	}
	cert, err := tls.LoadX509KeyPair(files["BENNU_NODES_CERT"], files["BENNU_NODES_KEY"])
	if err != nil {
		return nil, fmt.Errorf("nats: BENNU_NODES_CERT and BENNU_NODES_KEY: %w", err)
	}
	pem, err := os.ReadFile(files["BENNU_NODES_CA"])
	if err != nil {
		return nil, fmt.Errorf("nats: BENNU_NODES_CA: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("nats: BENNU_NODES_CA: %s has no certificate in PEM", files["BENNU_NODES_CA"])
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert},
		RootCAs: roots, ClientCAs: roots, ClientAuth: tls.RequireAndVerifyClientCert,
	}, nil
}

// list are the entries of a variable that has them separated by commas.
func list(name string) []string {
	var entries []string
	for entry := range strings.SplitSeq(os.Getenv(name), ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}
