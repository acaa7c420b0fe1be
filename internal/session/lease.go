package session

// take gives the lease of a client's lane to this node where nobody living has
// it. from is the dead node that had it, zero for none; it is nil when another
// node has it.
func (l leasing) take(w *Work, client ID) (from *ID, err error) {
	cl, err := w.client(client)
	if err != nil {
		return nil, err
	}
	self := l.Self()
	switch {
	case cl.Holder == self:
		return &ID{}, nil
	case !l.Alive(self), !cl.Holder.IsZero() && l.Alive(cl.Holder) && guardLease:
		return nil, nil
	}
	before := cl.Holder
	cl = w.clients.edit(client)
	cl.Holder = self
	cl.Fence++
	return &before, nil
}

// leasing are the rules of leases, as this node applies them.
type leasing struct{ Cluster }
