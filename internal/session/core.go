package session

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Config of a core. Every field is required unless it says otherwise.
type Config struct {
	Store       Store
	Integration func(id string) (*Integration, bool)
	Bot         func(*Integration) Bot // nil: messages are stored and answered with nothing
	Desk        Desk                   // nil: nobody of ours is ever there
	// States lists the states of an integration's bot that a conversation can be
	// returned to; an empty list, or a nil function: they are not known.
	States     func(*Integration) []string
	Now        func() time.Time
	Log        *slog.Logger
	Metrics    Metrics
	Tracing    Tracing
	Queued     func()           // called after a commit that put webhooks into the outbox; may be nil
	Committed  func(*Batch)     // hears of every commit, in order, before it is answered; must not block; may be nil
	Trace      func(TraceEntry) // debug log for the history checker; may be nil
	MaxPending int              // bound of a client's inbox where the integration sets none; 0 = MaxPendingMessages
	Retention  Retention
	Shared     bool    // other nodes write to the store, too: rows are not kept between commits
	Cluster    Cluster // nil: this is the only node
	Bus        Bus     // nil: the store is polled for what other nodes do
}

// Metrics are counters that the core reports to; nil functions are skipped.
type Metrics struct {
	Turn     func(outcome string, waited, ran time.Duration) // of a bot turn
	Failure  func(code string)                               // of an error turn: one of FailureCodes
	Lanes    func(delta int)                                 // lanes that run
	Depth    func(waiting int)                               // messages of a client that wait, at each acceptance
	Takeover func()                                          // lease of a lane taken from a dead node
	Restarts func()                                          // endless newSession stopped
}

// TraceEntry is one line of the debug log: architecture, invariants.
type TraceEntry struct {
	Change  ID
	Name    string
	Client  ID
	Session ID
	Cause   string // "message <id>" or "timer <id>"
	Node    ID     // that ran it; zero on the only node
	Fence   int64  // of the lane's lease
	Load    time.Time
	Commit  time.Time
	Err     string
}

// Core is the one entrance to sessions. Faces call it; nothing bypasses it.
// Start and Stop may each be called twice; Stop waits until running turns have
// committed or their context ended.
type Core struct {
	Ownership
	cfg   Config
	lanes lanes
	hub   hub
	cache cache

	mu   sync.Mutex
	stop context.CancelFunc
	done sync.WaitGroup
}

// New returns a core on a store. It registers itself as the store's listener.
func New(cfg Config) *Core {
	if cfg.MaxPending == 0 {
		cfg.MaxPending = MaxPendingMessages
	}
	c := &Core{cfg: cfg}
	c.Ownership = Ownership{c}
	c.lanes.core = c
	c.hub.store = cfg.Store
	cfg.Store.OnCommit(c.committed)
	if cfg.Bus != nil {
		cfg.Bus.Subscribe(peers{c}.hear)
	}
	return c
}

// committed hears of every batch, in commit order.
func (c *Core) committed(b *Batch) {
	if !c.cfg.Shared {
		c.cache.absorb(b.work)
	}
	if len(b.Erasures) > 0 {
		c.cache.forget()
	}
	c.hub.publish(b.Events)
	peers{c}.tell(b)
	for _, wake := range b.Woken {
		if (peers{c}).mine(wake) {
			c.lanes.wake(c.readAhead(b, wake))
		}
	}
	if len(b.Outbox) > 0 && c.cfg.Queued != nil {
		c.cfg.Queued()
	}
	if c.cfg.Committed != nil {
		c.cfg.Committed(b)
	}
}

// commit runs an operation as one change. subject are the clients and sessions
// that it acts on, as far as they are known before.
func (c *Core) commit(ctx context.Context, name string, op operation, subject ...ID) error {
	if !guardDurable {
		return c.promise(ctx, c.change(ctx, name, op, subject))
	}
	_, err := c.submit(ctx, name, op, subject...)
	return err
}

// submit is commit, and returns the id of the change.
func (c *Core) submit(ctx context.Context, name string, op operation, subject ...ID) (ID, error) {
	ctx, end := c.cfg.Tracing.step(ctx, "commit", slog.String("parley.change", name))
	change := c.change(ctx, name, op, subject)
	err := c.cfg.Store.Commit(ctx, change)
	end(err)
	return change.ID, err
}

func (c *Core) change(ctx context.Context, name string, op operation, subject []ID) *Change {
	change := &Change{ID: NewID(c.cfg.Now()), Name: name, Trace: c.cfg.Tracing.parent(ctx), Subject: subject, do: op}
	if !c.cfg.Shared {
		change.cache = &c.cache
	}
	switch op := op.(type) {
	case eraser:
		change.Alone = true
	case personal:
		change.Person = op.person()
		change.Fresh = change.Person == PersonKey{}
	}
	return change
}

// snapshot reads at one moment.
func (c *Core) snapshot(ctx context.Context, read func(*Work) error) error {
	if c.cfg.Shared {
		return c.cfg.Store.View(ctx, func(rows Rows) error { return read(NewWork(rows)) })
	}
	return c.cache.snapshot(ctx, c.cfg.Store, read)
}

// personal is an operation on one person known by a key, or on a new one.
type personal interface{ person() PersonKey }

// promise answers before the commit: the fault that guardDurable keeps out.
func (c *Core) promise(ctx context.Context, change *Change) error {
	err := c.cfg.Store.View(ctx, func(rows Rows) error { return NewWork(rows).Apply(change) })
	if err == nil {
		go func() { _ = c.cfg.Store.Commit(context.WithoutCancel(ctx), change) }()
	}
	return err
}

func (c *Core) scope(in *Integration) scope {
	return scope{in: in, at: c.cfg.Now(), line: c.cfg.Store.Line(), leases: c.leasing()}
}

// Create opens a session.
func (c *Core) Create(ctx context.Context, in *Integration, req Create) (*Result, error) {
	if err := req.Check(); err != nil {
		return nil, err
	}
	op := &createSession{scope: c.scope(in), req: req}
	err := c.commit(ctx, "create", op)
	return &op.out, err
}

// Merge updates the context of the session a handle stands for. It never
// fails because of another writer unless the update carries a precondition.
func (c *Core) Merge(ctx context.Context, in *Integration, handle ID, u *Update) (*Result, error) {
	op := &mergeContext{scope: c.scope(in), handle: handle, update: u}
	err := c.commit(ctx, "merge", op, handle)
	return &op.out, err
}

// Accept takes a user's message. It returns when the message is durable; the
// turn follows in the client's lane.
func (c *Core) Accept(ctx context.Context, in *Integration, req Incoming) (*Result, error) {
	if err := req.Check(); err != nil {
		return nil, err
	}
	op := c.cfg.accepting(c.scope(in), req)
	err := c.commit(ctx, "accept", op, req.Handle)
	if err == nil {
		op.measure(&c.cfg.Metrics)
	}
	return &op.out, err
}

// Close ends the session a handle stands for.
func (c *Core) Close(ctx context.Context, in *Integration, handle ID, reason Reason) (*Result, error) {
	op := &closeSession{scope: c.scope(in), handle: handle, reason: reason}
	err := c.commit(ctx, "close", op, handle)
	return &op.out, err
}

// View is a session as it is now.
type View struct {
	Session      *Session
	Chain        *Chain
	Client       *Client
	Conversation *Conversation // the newest; nil when there never was one
	Document     Document
}

// View returns the newest successor of a handle; it opens none. A session that
// is over is not found.
func (c *Core) View(ctx context.Context, in *Integration, handle ID) (*View, error) {
	v, err := c.Look(ctx, in, handle)
	if err != nil {
		return nil, err
	}
	if !v.Session.Open() {
		return nil, errNotFound()
	}
	return v, nil
}

// Look returns the session a handle acts on, open or not: the newest
// successor, or the session itself where another end made the handle dead.
func (c *Core) Look(ctx context.Context, in *Integration, handle ID) (*View, error) {
	return c.look(ctx, in, handle, func(named *Session, ch *Chain) ID {
		if named.Handle() {
			return ch.Head
		}
		return named.ID
	})
}

// At returns one session of a chain as it is, also after its end.
func (c *Core) At(ctx context.Context, in *Integration, id ID) (*View, error) {
	return c.look(ctx, in, id, func(named *Session, _ *Chain) ID { return named.ID })
}

func (c *Core) look(ctx context.Context, in *Integration, handle ID, which func(*Session, *Chain) ID) (*View, error) {
	var v View
	err := c.snapshot(ctx, func(w *Work) error {
		named, err := w.session(handle)
		if err != nil || named.Integration != in.ID {
			return notFound(err)
		}
		if v.Chain, err = w.chain(named.Chain); err != nil {
			return err
		}
		if v.Session, err = w.session(which(named, v.Chain)); err != nil {
			return err
		}
		return v.load(w)
	})
	if err != nil {
		return nil, err
	}
	return &v, nil
}

func (v *View) load(w *Work) error {
	var err error
	if v.Client, err = w.client(v.Session.Client); err != nil {
		return err
	}
	if v.Conversation, err = w.conversation(v.Session.ID); err != nil {
		return err
	}
	v.Document, err = w.document(v.Session.ID)
	return err
}

// Transcript returns messages of one session in order of sequence.
func (c *Core) Transcript(ctx context.Context, filter MessageFilter) ([]*Message, error) {
	return c.cfg.Store.Messages(ctx, filter)
}

// Events returns the events of a chain after a sequence.
func (c *Core) Events(ctx context.Context, chain ID, after int64, limit int) ([]*Event, error) {
	return c.cfg.Store.Events(ctx, chain, after, limit)
}

// Trim gives back the memory of rows that are only kept to save reads.
func (c *Core) Trim() {
	c.cache.forget()
}

// Sessions lists sessions, newest first.
func (c *Core) Sessions(ctx context.Context, filter SessionFilter) ([]*Session, error) {
	return c.cfg.Store.Sessions(ctx, filter)
}
