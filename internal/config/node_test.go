package config_test

import (
	"strings"
	"testing"

	"parley/internal/config"
)

func TestLoad_NodeSettings(t *testing.T) {
	e := load(t, config.Sources{Environ: []string{
		"PARLEY_STORE=postgres://parley:hunter2@db:5432/parley?sslmode=disable&password=hunter2",
		"PARLEY_NATS=nats://bus1:4222,tls://hunter2@bus2", "PARLEY_NODE=eu-1.a", "PARLEY_ADVERTISE=10.0.0.7:8080",
	}})
	if c := e.Config; c.NATS != "nats://bus1:4222,tls://hunter2@bus2" || c.Node != "eu-1.a" || c.Advertise != "10.0.0.7:8080" {
		t.Errorf("got %+v", c)
	}
	for _, row := range e.Rows {
		if strings.Contains(row.Value, "hunter2") {
			t.Errorf("%s is printed with its password: %s", row.Name, row.Value)
		}
		if row.Name == "store" && !strings.Contains(row.Value, "@db:5432/parley") {
			t.Errorf("store is printed as %s", row.Value)
		}
	}
}

func TestLoad_RefusesNodeSettings(t *testing.T) {
	for text, want := range map[string]string{
		"PARLEY_STORE=mysql://root:hunter2@db/x":        "PARLEY_STORE: must be a URL such as postgres://host",
		"PARLEY_STORE=postgres://":                      "PARLEY_STORE: must be a URL",
		"PARLEY_STORE=host=db user=parley pass=hunter2": "PARLEY_STORE: must be a URL",
		"PARLEY_NATS=nats://bus,http://hunter2@bus":     "PARLEY_NATS: must be a URL such as nats://host",
		"PARLEY_NATS=nats://bus":                        "nats: needs store",
		"PARLEY_NODE=a b":                               "PARLEY_NODE: must be 1 to 63",
		"PARLEY_ADVERTISE=10.0.0.7":                     "PARLEY_ADVERTISE: must be host:port",
	} {
		_, err := config.Load(config.Sources{Environ: []string{text}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the refusal repeats the password: %v", text, err)
		}
	}
}
