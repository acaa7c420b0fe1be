package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"parley/internal/auth"
	"parley/internal/session"
	"parley/internal/socketio"
)

// peer is a client's socket and the chains it may act on.
type peer struct {
	face        *Face
	socket      *socketio.Socket
	integration string
	connection  session.Document

	shown struct { // a document that was masked, and its text, for one more use
		mu   sync.Mutex
		doc  session.Document
		text json.RawMessage
	}

	mu     sync.Mutex
	chains []*attachment
	sent   map[session.ID]bool // its own messages, not shown to it as another's
	gone   bool
}

// attachment is one chain that a peer is fed.
type attachment struct {
	chain    session.ID
	sessions []session.ID // ids of the chain the client has seen
	follower *session.Follower
}

var errForeign = &session.Error{Code: session.CodeSessionNotFound, Message: "no such session on this socket, or it has ended"}

// own returns the session a client names, if it may act on it: one that it
// created or reconnected to, or a successor of those.
func (c *call) own(r request) (session.ID, error) {
	named, err := r.text("session_id")
	if err != nil {
		return session.ID{}, err
	}
	id, err := session.ParseID(named)
	if err != nil {
		return session.ID{}, errForeign
	}
	if c.knows(id) {
		return id, nil
	}
	v, err := c.face.cfg.Core.Look(c.ctx, c.in, id)
	if err != nil {
		return session.ID{}, err
	}
	if !c.follows(v.Chain.ID) {
		return session.ID{}, errForeign
	}
	return id, nil
}

func (p *peer) knows(id session.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.chains {
		if slices.Contains(a.sessions, id) {
			return true
		}
	}
	return false
}

func (p *peer) follows(chain session.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.attached(chain) != nil
}

// attached finds the attachment of a chain. mu is held.
func (p *peer) attached(chain session.ID) *attachment {
	for _, a := range p.chains {
		if a.chain == chain {
			return a
		}
	}
	return nil
}

// room refuses a further chain over the limit of contract (f).
func (p *peer) room(chain session.ID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.attached(chain) == nil && len(p.chains) >= session.ChainsPerSocket {
		return &session.Error{Code: session.CodeRateLimited, Message: fmt.Sprintf("a socket holds at most %d sessions", session.ChainsPerSocket)}
	}
	return nil
}

// attach feeds the chain to the peer from a sequence on.
func (p *peer) attach(chain, seen session.ID, after int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return
	}
	a := p.attached(chain)
	if a == nil {
		a = &attachment{chain: chain}
		p.chains = append(p.chains, a)
	} else {
		a.follower.Close()
	}
	a.sessions = append(a.sessions, seen)
	a.follower = p.face.cfg.Core.Follow(chain, after, p.deliver).Hear(p.typing)
}

func (p *peer) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	for _, a := range p.chains {
		a.follower.Close()
	}
	p.chains = nil
}

// identity verifies the token of a request. An integration that requires one
// refuses a request without.
func (c *call) identity(r request) (*auth.Identity, error) {
	token, err := r.text("identity_token")
	if err != nil {
		return nil, err
	}
	if token == "" {
		if c.in.Settings.IdentityRequired {
			return nil, &session.Error{Code: session.CodeInvalidIdentity, Field: "identity_token", Message: "this integration requires one"}
		}
		return nil, nil
	}
	if c.in.Settings.IdentityKey == "" && !c.in.Settings.IdentityRequired {
		return nil, nil // nothing to verify with: accepted and ignored, like auth
	}
	id, err := c.face.cfg.Directory.Identify(c.in.ID, token, c.face.cfg.Now())
	if err != nil {
		if _, ok := errors.AsType[*session.Error](err); !ok {
			return nil, &session.Error{Code: session.CodeInvalidIdentity, Field: "identity_token", Message: "does not verify"}
		}
	}
	return id, err
}

// mask renders a document for the client. The acknowledgement of an update and
// its event show the same document: the first of the two leaves its text for
// the other.
func (p *peer) mask(in *session.Integration, doc session.Document) json.RawMessage {
	p.shown.mu.Lock()
	defer p.shown.mu.Unlock()
	if p.shown.doc != nil && reflect.ValueOf(p.shown.doc).Pointer() == reflect.ValueOf(doc).Pointer() {
		text := p.shown.text
		p.shown.doc, p.shown.text = nil, nil
		return text
	}
	text := masked(in, doc)
	p.shown.doc, p.shown.text = doc, text
	return text
}
