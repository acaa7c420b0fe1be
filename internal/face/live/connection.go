package live

import (
	"net/netip"
	"strings"

	"parley/internal/session"
	"parley/internal/socketio"
)

// connection says of the person what the connection shows: user.ip, browser,
// platform and device, where the client gives none (contract (d)).
func connection(h *socketio.Handshake, addr netip.Addr) session.Document {
	doc := session.Document{}
	if addr.IsValid() {
		doc["ip"] = addr.String()
	}
	agent := h.Header.Get("User-Agent")
	set := func(key string, names ...string) {
		for i := 0; i < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				doc[key] = names[i+1]
				return
			}
		}
	}
	set("browser", "Edg/", "Edge", "OPR/", "Opera", "YaBrowser/", "Yandex Browser", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	set("platform", "Android", "Android", "iPhone", "iOS", "iPad", "iOS", "Windows", "Windows", "Mac OS X", "macOS", "Linux", "Linux")
	set("device", "iPad", "tablet", "Mobile", "mobile", "Mozilla/", "desktop")
	return doc
}
