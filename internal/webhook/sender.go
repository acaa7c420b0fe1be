package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parley/internal/session"
)

// Options of a Sender. Outbox, Integration and Now are required.
type Options struct {
	Outbox      session.Outbox
	Integration func(id string) (*session.Integration, bool)
	Now         func() time.Time

	Guard     Guard
	Transport http.RoundTripper // nil: Guard.Transport(). Another one must guard itself
	Workers   int               // attempts under way at the same time; 0 = 64
	UserAgent string            // "" = Parley
	Log       *slog.Logger      // nil: none
	Observe   func(Report)      // called after each attempt, also of pings; nil: nobody
	Random    func() float64    // 0 <= x < 1, for the jitter; nil: math/rand
	Tracing   session.Tracing   // the zero value follows nothing
}

const (
	defaultWorkers = 64
	// pollEvery bounds how late a row is seen that nobody gave a hint of: one
	// whose lease ran out, or a clock that was moved.
	pollEvery = time.Second
	// settleAgain is the pause before an outcome is written again that the
	// store would not take.
	settleAgain = 500 * time.Millisecond
	// settleTime is how long the store may take for it. A settlement that may stand is
	// safe to write again: it is dropped when the claim is over.
	settleTime = 5 * time.Second
	jitter     = 0.10
)

// Sender delivers the outbox.
//
// Life: New, then Start once. Stop ends it for good, waits until nothing runs
// any more, and may be called at any time, before Start and repeatedly.
// Redeliver and Ping work from New on.
type Sender struct {
	o      Options
	client *http.Client
	wake   chan struct{} // holds at most one hint

	mu      sync.Mutex
	started bool
	stopped bool
	abort   context.CancelFunc // ends attempts under way; nil before Start
	halt    chan struct{}      // closed by Stop: claim no more
	work    sync.WaitGroup
}

// New returns a sender that is not started.
func New(o Options) *Sender {
	if o.Transport == nil {
		o.Transport = o.Guard.Egress().Wrap(o.Guard.Transport())
	}
	if o.Workers <= 0 {
		o.Workers = defaultWorkers
	}
	if o.UserAgent == "" {
		o.UserAgent = "Parley"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(Report) {}
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	s := &Sender{o: o, wake: make(chan struct{}, 1), halt: make(chan struct{})}
	s.client = &http.Client{
		Transport:     o.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s
}

// Start begins to deliver and returns at once. A second call, or one after
// Stop, does nothing.
func (s *Sender) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started || s.stopped {
		return
	}
	s.started = true
	var ctx context.Context
	ctx, s.abort = context.WithCancel(context.Background())
	s.work.Go(func() { s.loop(ctx) })
}

// Stop claims nothing more and waits for the attempts under way. When ctx
// ends first they are cut off and recorded as to be tried again at once.
func (s *Sender) Stop(ctx context.Context) {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.halt)
	}
	abort := s.abort
	s.mu.Unlock()
	if abort != nil {
		cut := context.AfterFunc(ctx, abort)
		s.work.Wait()
		cut()
		abort()
	}
	s.client.CloseIdleConnections()
}

// Wake is a hint that the outbox has something new. It never blocks.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// loop hands what is due to at most Workers attempts at a time.
func (s *Sender) loop(ctx context.Context) {
	places := newPlaces(s.o.Workers)
	for s.ready(places.slots) {
		if wait := s.untilDue(ctx); wait > 0 {
			s.pause(wait)
			continue
		}
		limit, full := places.open()
		claimed := s.claim(ctx, limit, full)
		for _, d := range claimed {
			places.take(d.Integration)
			s.work.Go(func() {
				s.deliver(ctx, d)
				places.give(d.Integration)
				s.Wake() // the next of its chain may go
			})
		}
		if len(claimed) == 0 { // another node was faster, all is of full integrations, or the store has a fault
			s.pause(pollEvery)
		}
	}
}

// ready waits for a free place; false when stopped.
func (s *Sender) ready(slots chan struct{}) bool {
	select {
	case <-s.halt:
		return false
	case slots <- struct{}{}:
		<-slots
	}
	select {
	case <-s.halt:
		return false
	default:
		return true
	}
}

func (s *Sender) claim(ctx context.Context, limit int, full []string) []*session.Delivery {
	claimed, err := s.o.Outbox.Claim(ctx, s.o.Now().UnixMilli(), session.WebhookLease.Milliseconds(), limit, full...)
	if err != nil {
		s.o.Log.ErrorContext(ctx, "webhooks cannot be claimed", "error", err)
		return nil
	}
	return claimed
}

// pause waits for a hint, a time or the end.
func (s *Sender) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.halt:
	case <-s.wake:
	case <-timer.C:
	}
}

// untilDue returns 0 when something is due, else how long to wait for it, at
// most pollEvery.
func (s *Sender) untilDue(ctx context.Context) time.Duration {
	due, err := s.o.Outbox.NextDue(ctx)
	if err != nil {
		s.o.Log.ErrorContext(ctx, "the outbox cannot be read", "error", err)
		return pollEvery
	}
	if due == 0 {
		return pollEvery
	}
	return min(max(0, time.UnixMilli(due).Sub(s.o.Now())), pollEvery)
}

// deliver makes one attempt of a claimed row and records it.
func (s *Sender) deliver(ctx context.Context, d *session.Delivery) {
	if s.o.Now().Add(session.WebhookTimeout).UnixMilli() > d.LeaseMs {
		return // claimed too slowly: another sender could overtake this one
	}
	in, ok := s.o.Integration(d.Integration)
	if !ok || !in.Active {
		s.settle(ctx, d, Report{Integration: d.Integration, Kind: d.Kind, Final: true, Fault: "the integration does not exist or is not active"})
		return
	}
	ctx, end := s.o.Tracing.Begin(ctx, "webhook", d.Trace,
		slog.String("parley.event", d.Kind), slog.String("parley.session", d.Session.String()), slog.Int("parley.attempt", d.Attempts+1))
	report := s.send(ctx, letter{id: d.ID.String(), kind: d.Kind, body: d.Body, recipient: in})
	end(report.err())
	s.settle(ctx, d, report)
}

// settle records an outcome. What the store does not take is offered again
// until the lease is over; then the row is sent once more, as promised.
func (s *Sender) settle(ctx context.Context, d *session.Delivery, r Report) {
	outcome := s.outcome(d, r, ctx.Err() != nil)
	for {
		err := s.record(ctx, outcome)
		if err == nil {
			return
		}
		s.o.Log.ErrorContext(ctx, "the outcome of a webhook cannot be recorded", "delivery", d.ID.String(), "error", err)
		if s.o.Now().UnixMilli() >= d.LeaseMs || !sleep(ctx, settleAgain) {
			return
		}
	}
}

// record gives the store an outcome, also one that Stop has cut short. A store that
// does not tell whether it has it keeps nobody from stopping.
func (s *Sender) record(ctx context.Context, outcome session.Settlement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	return s.o.Outbox.Settle(ctx, []session.Settlement{outcome})
}

// sleep waits; false when ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// outcome decides what follows an attempt. cut says that Stop ended it.
func (s *Sender) outcome(d *session.Delivery, r Report, cut bool) session.Settlement {
	now := s.o.Now()
	out := session.Settlement{ID: d.ID, Token: d.Token, Delivered: r.Delivered, LastError: r.Fault, AtMs: now.UnixMilli()}
	if r.Delivered {
		return out
	}
	if cut && !r.Final {
		out.DueMs, out.LastError = now.UnixMilli(), "the server stopped during the attempt"
		return out
	}
	delay, more := session.WebhookDelay(d.Attempts+1, s.strict(d.Integration))
	out.Dead = r.Final || !more
	out.DueMs = now.Add(s.spread(delay)).UnixMilli()
	s.o.Log.Info("a webhook was not delivered", "delivery", d.ID.String(), "integration", d.Integration,
		"attempt", d.Attempts+1, "dead", out.Dead, "fault", r.Fault)
	return out
}

func (s *Sender) strict(integration string) bool {
	in, ok := s.o.Integration(integration)
	return ok && in.Settings.StrictRetries
}

// spread moves a delay by up to ±10 %, so that receivers are not hit in step.
func (s *Sender) spread(delay time.Duration) time.Duration {
	return time.Duration(float64(delay) * (1 - jitter + 2*jitter*s.o.Random()))
}
