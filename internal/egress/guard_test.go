package egress_test

import (
	"net/netip"
	"strings"
	"testing"

	"parley/internal/egress"
)

func TestGuard_CheckAddr(t *testing.T) {
	const public, private, never = "public", "private", "never"
	for text, kind := range map[string]string{
		"93.184.215.14": public, "8.8.8.8": public, "2606:4700::1111": public, "2a00:1450:4001::1": public,
		"64:ff9b::808:808": public, // NAT64 of 8.8.8.8

		"127.0.0.1": private, "127.255.255.254": private, "::1": private,
		"10.0.0.1": private, "172.16.0.1": private, "172.31.255.255": private, "192.168.1.1": private, "100.64.0.1": private,
		"198.18.0.1": private, "192.0.2.1": private, "203.0.113.1": private, "192.0.0.8": private,
		"fc00::1": private, "fd12:3456::1": private, "2001:db8::1": private, "2001::1": private,
		"::ffff:10.0.0.1": private, "::ffff:127.0.0.1": private, // mapped
		"::10.0.0.1": private, "64:ff9b::a00:1": private, "2002:a00:1::1": private, // compatible, NAT64, 6to4 of 10.0.0.1
		"64:ff9b:1::808:808": private,

		"169.254.169.254": never, "169.254.0.1": never, "fe80::1": never, "fe80::1%eth0": never, "febf::1": never,
		"::ffff:169.254.169.254": never, "64:ff9b::a9fe:a9fe": never, "2002:a9fe:a9fe::": never, "::169.254.169.254": never,
		"fd00:ec2::254": never, "fd20:ce::254": never, "100.100.100.200": never, "168.63.129.16": never, "192.0.0.192": never,
		"0.0.0.0": never, "0.1.2.3": never, "::": never, "255.255.255.255": never, "240.0.0.1": never,
		"224.0.0.1": never, "ff02::1": never, "fec0::1": never,
	} {
		addr := netip.MustParseAddr(text)
		if got := (egress.Guard{}).CheckAddr(addr) == nil; got != (kind == public) {
			t.Errorf("%s is %s; admitted by the strict guard: %v", text, kind, got)
		}
		if got := (egress.Guard{AllowPrivate: true}).CheckAddr(addr) == nil; got != (kind != never) {
			t.Errorf("%s is %s; admitted by the open guard: %v", text, kind, got)
		}
	}
	if (egress.Guard{AllowPrivate: true}).CheckAddr(netip.Addr{}) == nil {
		t.Error("an unknown address was admitted")
	}
}

func TestGuard_Networks(t *testing.T) {
	g := egress.Guard{Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("169.254.0.0/16")}, PrivateSetting: "some-setting"}
	for text, want := range map[string]string{
		"10.1.2.3": "", "::ffff:10.1.2.3": "", "10.2.0.1": "some-setting", "127.0.0.1": "some-setting", "169.254.169.254": "never",
	} {
		err := g.CheckAddr(netip.MustParseAddr(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Whatever form an address has, what is never reached stays out.
func FuzzGuard(f *testing.F) {
	f.Add("169.254.169.254")
	f.Add("::ffff:169.254.169.254")
	f.Add("fe80::1%lo")
	f.Fuzz(func(t *testing.T, text string) {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return
		}
		strict, open := egress.Guard{}, egress.Guard{AllowPrivate: true}
		if strict.CheckAddr(addr) == nil && open.CheckAddr(addr) != nil {
			t.Errorf("%s: the strict guard admits what the open one refuses", addr)
		}
		plain := addr.WithZone("").Unmap()
		if open.CheckAddr(addr) == nil && (plain.IsLinkLocalUnicast() || plain.IsMulticast() || plain.IsUnspecified()) {
			t.Errorf("%s was admitted", addr)
		}
		if strict.CheckAddr(addr) == nil && (plain.IsPrivate() || plain.IsLoopback()) {
			t.Errorf("%s was admitted by the strict guard", addr)
		}
	})
}
