package session

import (
	"context"
	"errors"
)

// Erasure is the proof that data was erased: guarantees 2, row 25. It holds
// nothing about the person; whoever asked keeps the id beside the request.
type Erasure struct {
	ID          ID
	Integration string
	AtMs        int64
	By          string           // an agent's id, "api" or "retention"
	Rows        map[string]int64 // deleted rows by table, counted by the store's transaction
	BackupsMs   int64            // when the last backup that holds the data is gone; 0: no backups are kept

	Client ID // whose data; not kept
	Chain  ID // of a person of whom only one chain goes; zero for the whole person; not kept

	Chains []ID // what went, filled in by the store's transaction for those who hear of it; not kept
}

// EraseOptions say who erases and how long backups are kept.
type EraseOptions struct {
	By        string
	BackupsMs int64 // 0: no backups
}

// errMoved: a session was opened while those to end were listed.
var errMoved = errors.New("a session was opened meanwhile")

// eraseTries is how often an erasure looks again for sessions that were opened
// meanwhile; a person who opens one between each two looks is not a person.
const eraseTries = 10

// Erase ends the open sessions of a client and deletes everything that
// is known about it, in one transaction, waiting webhooks included. It returns
// CodeNotFound when there is no such client.
func (c People) Erase(ctx context.Context, in *Integration, client ID, opt EraseOptions) (*Erasure, error) {
	for range eraseTries {
		open, err := c.cfg.Store.Sessions(ctx, SessionFilter{Integration: in.ID, Client: client, Status: StatusOpen})
		if err != nil {
			return nil, err
		}
		op := &erase{scope: c.scope(in), client: client, opt: opt, open: open}
		if err := c.commit(ctx, "erase", op, op.client); !errors.Is(err, errMoved) {
			return op.out, err
		}
	}
	return nil, Unavailable("this client keeps opening sessions")
}

// EraseChain deletes a chain that ended before a moment, and its client where
// nothing else is left of it. A chain that is open again is left alone, with
// no erasure.
func (c People) EraseChain(ctx context.Context, in *Integration, chain ID, endedMs int64, opt EraseOptions) (*Erasure, error) {
	op := &eraseChain{scope: c.scope(in), chain: chain, endedMs: endedMs, opt: opt}
	err := c.commit(ctx, "erase chain", op, op.chain)
	return op.out, err
}

// eraser is an operation whose change stands alone in its transaction.
type eraser interface{ erases() }

func (*erase) erases()      {}
func (*eraseChain) erases() {}

type erase struct {
	scope
	client ID
	open   []*Session
	opt    EraseOptions
	out    *Erasure
}

func (op *erase) apply(w *Work) error {
	cl, err := w.client(op.client)
	if errors.Is(err, ErrNoRow) || err == nil && cl.Integration != op.in.ID {
		return &Error{Code: CodeNotFound, Message: "no such person"}
	}
	if err != nil {
		return err
	}
	if err := op.listed(w, cl); err != nil {
		return err
	}
	for _, listed := range op.open {
		s, err := w.session(listed.ID)
		if err != nil {
			return err
		}
		if !s.Open() {
			continue
		}
		if err := w.end(op.scope, s.ID, ReasonAPI, ID{}); err != nil {
			return err
		}
	}
	op.out = op.erasure(op.opt)
	op.out.Client = cl.ID
	w.now.erasures = append(w.now.erasures, op.out)
	return nil
}

// listed fails when the newest session is open and was not listed.
func (op *erase) listed(w *Work, cl *Client) error {
	if cl.Newest.IsZero() {
		return nil
	}
	newest, err := w.session(cl.Newest)
	if err != nil || !newest.Open() {
		return ignoreNoRow(err)
	}
	for _, s := range op.open {
		if s.ID == newest.ID {
			return nil
		}
	}
	return errMoved
}

func ignoreNoRow(err error) error {
	if errors.Is(err, ErrNoRow) {
		return nil
	}
	return err
}

func (sc scope) erasure(opt EraseOptions) *Erasure {
	e := &Erasure{ID: sc.newID(), Integration: sc.in.ID, AtMs: sc.ms(), By: opt.By}
	if opt.BackupsMs > 0 {
		e.BackupsMs = sc.ms() + opt.BackupsMs
	}
	return e
}

type eraseChain struct {
	scope
	chain   ID
	endedMs int64
	opt     EraseOptions
	out     *Erasure
}

func (op *eraseChain) apply(w *Work) error {
	op.out = nil
	ch, err := w.chain(op.chain)
	if err != nil {
		return ignoreNoRow(err)
	}
	if ch.EndedMs == 0 || ch.EndedMs > op.endedMs {
		return nil
	}
	op.out = op.erasure(op.opt)
	op.out.Client, op.out.Chain = ch.Client, ch.ID
	w.now.erasures = append(w.now.erasures, op.out)
	return nil
}
