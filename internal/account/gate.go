package account

import "time"

// gate slows down who tries passwords: by account and by address.
type gate struct {
	accounts  *Guesses // by guessName
	addresses *Guesses // by network
	now       func() time.Time
}

// begin counts a try, or refuses it while its account or address is locked.
func (g *gate) begin(name string, from From) error {
	at := g.now()
	if wait := g.addresses.Begin(from.network(), at); wait > 0 {
		return errLocked(wait)
	}
	if wait := g.accounts.Begin(name, at); wait > 0 {
		g.addresses.Neither(from.network())
		return errLocked(wait)
	}
	return nil
}

// right forgets the wrong tries of an account. The address keeps its own: an
// own account must not clear the tries on others.
func (g *gate) right(name string, from From) {
	g.accounts.Right(name)
	g.addresses.Neither(from.network())
}

// neither takes a try back that proves nothing.
func (g *gate) neither(name string, from From) {
	g.accounts.Neither(name)
	g.addresses.Neither(from.network())
}

// locked reports whether the next try would be refused.
func (g *gate) locked(name string, from From) bool {
	at := g.now()
	return g.accounts.Locked(name, at) || g.addresses.Locked(from.network(), at)
}
