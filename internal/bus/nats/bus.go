package nats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"parley/internal/session"
)

const (
	queueLimit    = 8192                   // hints that wait to be sent
	maxMessage    = 64 << 10               // bytes; the server's own limit is 1 MiB
	pendingLimit  = 65536                  // messages that wait to be heard
	reconnectWait = 250 * time.Millisecond // and as much again at random
	pingInterval  = 2 * time.Second
	silentPings   = 2 // unanswered pings after which a connection is given up
	dialTime      = 2 * time.Second
	writeTime     = 3 * time.Second
)

// Config of a bus. Every field is required.
type Config struct {
	URL     string // of the servers, separated by commas
	Cluster string // id of the cluster: who has another one is not heard
	Name    string // of this node, as the server shows it
	Log     *slog.Logger
}

// Bus is a session.Bus. Its methods may be called from any goroutine.
type Bus struct {
	cfg     Config
	subject string
	conn    *nats.Conn
	sent    sync.WaitGroup
	stop    context.CancelFunc
	wake    chan struct{}
	closing atomic.Bool

	mu        sync.Mutex
	queue     []session.Hint
	listeners []func(session.Hint)

	published, received, dropped atomic.Uint64
}

// Open returns a bus that connects, and connects again, for as long as it is
// open: a server that is away is no error. A URL that is none, is one.
func Open(cfg Config) (*Bus, error) {
	b := &Bus{cfg: cfg, subject: "parley." + cfg.Cluster + ".hints", wake: make(chan struct{}, 1)}
	conn, err := nats.Connect(cfg.URL, b.options()...)
	if err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	b.conn = conn
	if !b.Connected() {
		cfg.Log.Warn("the bus is away; nodes poll", "error", "no server answers yet")
	}
	heard, err := conn.Subscribe(b.subject, b.hear)
	if err == nil {
		err = heard.SetPendingLimits(pendingLimit, -1)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("nats: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.sent.Go(func() { b.send(ctx) })
	return b, nil
}

// options: nothing is kept for a server that is away, and nobody hears himself.
func (b *Bus) options() []nats.Option {
	return []nats.Option{
		nats.Name("parley/" + b.cfg.Name), nats.NoEcho(),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(reconnectWait), nats.ReconnectJitter(reconnectWait, reconnectWait), nats.ReconnectBufSize(-1),
		nats.PingInterval(pingInterval), nats.MaxPingsOutstanding(silentPings), nats.Timeout(dialTime), nats.FlusherTimeout(writeTime),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if !b.closing.Load() {
				b.cfg.Log.Warn("the bus is away; nodes poll", "error", text(err))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.cfg.Log.Info("the bus is back") }),
		nats.ErrorHandler(b.fault),
	}
}

// fault hears of what the client cannot tell anybody. A slow consumer is this
// node: what it did not hear it finds in the store.
func (b *Bus) fault(_ *nats.Conn, heard *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrSlowConsumer) && heard != nil {
		b.dropped.Add(1)
	}
	b.cfg.Log.Warn("the bus has a fault", "error", text(err))
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Connected reports whether hints come through, as far as is known here: a
// connection that was cut is noticed within 6 s.
func (b *Bus) Connected() bool { return b.conn.IsConnected() }

// Publish is session.Bus's: it does not wait, and drops what has no room or no
// server.
func (b *Bus) Publish(h session.Hint) {
	b.mu.Lock()
	room := len(b.queue) < queueLimit
	if room {
		b.queue = append(b.queue, h)
	}
	b.mu.Unlock()
	if !room {
		b.dropped.Add(1)
		return
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// send sends what has gathered: what one commit says goes in one message.
func (b *Bus) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			b.flush()
			return
		case <-b.wake:
			b.flush()
		}
	}
}

func (b *Bus) flush() {
	b.mu.Lock()
	hints := b.queue
	b.queue = nil
	b.mu.Unlock()
	if len(hints) == 0 {
		return
	}
	if !b.Connected() {
		b.dropped.Add(uint64(len(hints)))
		return
	}
	hints = merge(hints)
	for _, message := range encode(hints) {
		if err := b.conn.Publish(b.subject, message); err != nil {
			b.dropped.Add(uint64(len(hints)))
			return
		}
	}
	b.published.Add(uint64(len(hints)))
}

// Subscribe is session.Bus's. Every listener hears every hint of other nodes,
// in order from one goroutine; it must not wait.
func (b *Bus) Subscribe(hear func(session.Hint)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners = append(b.listeners, hear)
}

func (b *Bus) hear(m *nats.Msg) {
	hints, err := decode(m.Data)
	if err != nil {
		b.cfg.Log.Warn("the bus brought something that is no hint", "error", err.Error())
		return
	}
	b.received.Add(uint64(len(hints)))
	b.mu.Lock()
	listeners := slices.Clip(b.listeners)
	b.mu.Unlock()
	for _, h := range hints {
		for _, hear := range listeners {
			hear(h)
		}
	}
}

// Close sends what waits and ends the connection.
func (b *Bus) Close() error {
	b.closing.Store(true)
	b.stop()
	b.sent.Wait()
	if b.Connected() {
		_ = b.conn.FlushTimeout(time.Second) // what is lost is a hint
	}
	b.conn.Close()
	return nil
}

// Stats counts hints since Open.
type Stats struct {
	Published uint64
	Received  uint64
	Dropped   uint64 // there was no room, no server, or this node was too slow to hear
}

// Stats returns the counters.
func (b *Bus) Stats() Stats {
	return Stats{Published: b.published.Load(), Received: b.received.Load(), Dropped: b.dropped.Load()}
}
