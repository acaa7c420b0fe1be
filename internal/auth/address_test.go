package auth_test

import (
	"net/http"
	"net/netip"
	"testing"

	"parley/internal/auth"
)

func TestNetworks_ClientAddr(t *testing.T) {
	proxies := []string{"10.0.0.0/8", "2001:db8::1"}
	tests := []struct {
		name      string
		trusted   []string
		peer      string
		forwarded []string
		want      string // "" = unknown
	}{
		{"no proxy trusted: the header is ignored", nil, "192.0.2.1:4000", []string{"203.0.113.9"}, "192.0.2.1"},
		{"a peer that is no proxy", proxies, "192.0.2.1:4000", []string{"203.0.113.9"}, "192.0.2.1"},
		{"through one proxy", proxies, "10.0.0.1:4000", []string{"203.0.113.9"}, "203.0.113.9"},
		{"what the client wrote itself is not believed", proxies, "10.0.0.1:4000", []string{"127.0.0.1, 203.0.113.9"}, "203.0.113.9"},
		{"through two proxies", proxies, "10.0.0.1:4000", []string{"198.51.100.4, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"several header lines are one list", proxies, "10.0.0.1:4000", []string{"198.51.100.4", "203.0.113.9", "10.0.0.2"}, "203.0.113.9"},
		{"only proxies in the list", proxies, "10.0.0.1:4000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"no header behind a proxy", proxies, "10.0.0.1:4000", nil, "10.0.0.1"},
		{"empty header", proxies, "10.0.0.1:4000", []string{" "}, "10.0.0.1"},
		{"with port", proxies, "10.0.0.1:4000", []string{"203.0.113.9:5555"}, "203.0.113.9"},
		{"IPv6", proxies, "[2001:db8::1]:4000", []string{"2001:db8::77"}, "2001:db8::77"},
		{"IPv6 in brackets", proxies, "10.0.0.1:4000", []string{"[2001:db8::77]"}, "2001:db8::77"},
		{"IPv6 in brackets with port", proxies, "10.0.0.1:4000", []string{"[2001:db8::77]:443"}, "2001:db8::77"},
		{"mapped proxy", proxies, "[::ffff:10.0.0.1]:4000", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"zone", proxies, "[fe80::1%eth0]:4000", nil, "fe80::1"},
		{"garbage from a proxy", proxies, "10.0.0.1:4000", []string{"203.0.113.9, unknown"}, ""},
		{"trailing comma", proxies, "10.0.0.1:4000", []string{"203.0.113.9,"}, ""},
		{"unix socket", proxies, "@", []string{"203.0.113.9"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trusted, err := auth.ParseNetworks("trusted_proxy", test.trusted)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: test.peer, Header: http.Header{}}
			for _, line := range test.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			var want netip.Addr
			if test.want != "" {
				want = netip.MustParseAddr(test.want)
			}
			if got := trusted.ClientAddr(r); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestNetworks_Contains(t *testing.T) {
	networks, err := auth.ParseNetworks("allowed_ips", []string{"::ffff:192.0.2.0/120", "198.51.100.77/24", " 203.0.113.5 ", "::/1"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"192.0.2.200":         true,
		"::ffff:192.0.2.200":  true,
		"192.0.3.1":           false,
		"198.51.100.1":        true,
		"203.0.113.5":         true,
		"203.0.113.6":         false,
		"::1":                 true,
		"::ffff:203.0.113.6":  false, // an IPv4 address, whatever IPv6 block is allowed
		"8000::1":             false,
		"2001:db8::1%anyzone": true,
	} {
		if got := networks.Contains(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func FuzzClientAddr(f *testing.F) {
	f.Add("10.0.0.1:4000", "203.0.113.9, 10.0.0.2")
	f.Add("[::1]:1", "[2001:db8::77]:443")
	f.Add("@", ",,")
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		trusted, err := auth.ParseNetworks("", []string{"10.0.0.0/8"})
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		got := trusted.ClientAddr(r)
		if got.Is4In6() || got.Zone() != "" {
			t.Errorf("%v is not in plain form", got)
		}
		direct := (auth.Networks{}).ClientAddr(r)
		if !trusted.Contains(direct) && got != direct {
			t.Errorf("the header was believed from %v, which is no proxy", direct)
		}
	})
}
