package session

import "encoding/json"

// peers are the other nodes, as the core speaks with them.
type peers struct{ *Core }

// tell hints to the other nodes what a committed group means to them.
func (c peers) tell(b *Batch) {
	if c.cfg.Bus == nil {
		return
	}
	heads := make(map[ID]int64, 1)
	for _, ev := range b.Events {
		heads[ev.Chain] = max(heads[ev.Chain], ev.Sequence)
	}
	for chain, sequence := range heads {
		c.cfg.Bus.Publish(Hint{Kind: HintEvents, Chain: chain, Sequence: sequence})
	}
	for _, wake := range b.Woken {
		if !c.mine(wake) {
			c.cfg.Bus.Publish(Hint{Kind: HintWork, Client: wake.Client, Node: wake.Lease.Holder})
		}
	}
}

// mine reports whether the lane that has something to do is this node's to run.
func (c peers) mine(wake Wake) bool {
	return c.cfg.Cluster == nil || wake.Lease.Holder == c.cfg.Cluster.Self()
}

// hear takes a hint of another node. What cannot be read is no loss.
func (c peers) hear(h Hint) {
	switch h.Kind {
	case HintEvents:
		c.hub.behind(h.Chain, h.Sequence)
	case HintWork:
		if h.Node.IsZero() || c.mine(Wake{Lease: Lease{Holder: h.Node}}) {
			c.lanes.wake(Wake{Client: h.Client})
		}
	case HintTyping:
		var t Typing
		if json.Unmarshal(h.Data, &t) == nil {
			c.hub.tell(h.Chain, &t, 0)
		}
	}
}

// typing passes typing on to the other nodes.
func (c peers) typing(chain ID, t *Typing) {
	if c.cfg.Bus != nil {
		c.cfg.Bus.Publish(Hint{Kind: HintTyping, Chain: chain, Data: object(t)})
	}
}
