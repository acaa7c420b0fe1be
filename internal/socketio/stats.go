package socketio

import (
	"maps"
	"sync/atomic"
)

// Stats is a snapshot of a server's counters. All but the first two only rise.
type Stats struct {
	Connections int   // open Engine.IO connections
	Sockets     int64 // joined namespaces

	OpenedPolling   uint64 // handshakes by polling
	OpenedWebSocket uint64 // handshakes by websocket
	Upgrades        uint64 // polling connections that went on as websocket

	PacketsIn, BytesIn   uint64 // Engine.IO packets, with their type digit
	PacketsOut, BytesOut uint64

	Events      uint64 // handed to OnEvent
	Refused     uint64 // events and CONNECTs over the rate
	ConnectErrs uint64 // CONNECTs answered by a connect error

	Ended map[Reason]uint64 // connections that ended
}

type counters struct {
	sockets         atomic.Int64
	openedPolling   atomic.Uint64
	openedWebSocket atomic.Uint64
	upgrades        atomic.Uint64
	packetsIn       atomic.Uint64
	bytesIn         atomic.Uint64
	packetsOut      atomic.Uint64
	bytesOut        atomic.Uint64
	events          atomic.Uint64
	refused         atomic.Uint64
	connectErrs     atomic.Uint64
}

func (c *counters) sent(frames []frame) {
	bytes := 0
	for _, f := range frames {
		bytes += len(f.data)
	}
	c.packetsOut.Add(uint64(len(frames)))
	c.bytesOut.Add(uint64(bytes))
}

func (c *counters) received(p enginePacket) {
	c.packetsIn.Add(1)
	c.bytesIn.Add(uint64(len(p.data)) + 1)
}

// Stats returns the counters as they are now.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	open, ended := s.open, maps.Clone(s.ended)
	s.mu.Unlock()
	c := &s.counters
	return Stats{
		Connections:     open,
		Sockets:         c.sockets.Load(),
		OpenedPolling:   c.openedPolling.Load(),
		OpenedWebSocket: c.openedWebSocket.Load(),
		Upgrades:        c.upgrades.Load(),
		PacketsIn:       c.packetsIn.Load(),
		BytesIn:         c.bytesIn.Load(),
		PacketsOut:      c.packetsOut.Load(),
		BytesOut:        c.bytesOut.Load(),
		Events:          c.events.Load(),
		Refused:         c.refused.Load(),
		ConnectErrs:     c.connectErrs.Load(),
		Ended:           ended,
	}
}
