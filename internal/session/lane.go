package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// lanes run the bot turns: one lane to a client, one bot turn of a lane at a
// time. The inbox is the queue; memory only wakes a lane, and a lane lives
// only while something is pending.
type lanes struct {
	core *Core
	mu   sync.Mutex
	busy map[ID]*lane
	ctx  context.Context // of running turns; nil until the start
	crew chan *lane      // goroutines that ran a lane wait here for the next one
	full bool            // draining: no new lane starts
	idle chan struct{}   // closed when draining and the last lane has ended
	owed map[ID]bool     // clients whose lease an ended lane may have kept

	suspects sync.Mutex // recovered turns run one at a time
}

// lane is the queue of one client's bot turns.
type lane struct {
	runner
	next   *Message // the only pending one, as its acceptance left it
	ground *loaded  // of its turn, likewise; nil where it has to be read
	again  bool     // woken while it ran
	timers []*Timer // due ones that take their turn in the lane
	first  bool     // recovered after a crash: its first message may be a culprit
}

func (l *lanes) lane(w Wake) *lane {
	ln := &lane{runner: runner{Core: l.core, client: w.Client}, next: w.Message, ground: w.ground, first: w.Recovered}
	if cluster := l.core.cfg.Cluster; cluster != nil {
		ln.hold = &hold{leasing: leasing{Cluster: cluster}, client: w.Client, Lease: w.Lease}
	}
	return ln
}

func (l *lanes) start(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx, l.busy, l.idle, l.owed, l.crew = ctx, map[ID]*lane{}, make(chan struct{}), map[ID]bool{}, make(chan *lane)
}

// wake makes sure that the client's lane runs.
func (l *lanes) wake(w Wake) { l.nudge(w, nil) }

func (l *lanes) nudge(w Wake, timer *Timer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil || l.full {
		return
	}
	ln := l.busy[w.Client]
	if ln == nil || !guardLane {
		ln = l.lane(w)
		l.busy[w.Client] = ln
		l.employ(ln)
	} else {
		ln.again = true
	}
	if timer != nil && !ln.has(timer) {
		ln.timers = append(ln.timers, timer)
	}
}

// employ runs a lane on a goroutine that has run one before, if one rests: a turn
// needs a deep stack, and a new goroutine would grow its own step by step. mu is
// held.
func (l *lanes) employ(ln *lane) {
	select {
	case l.crew <- ln:
	default:
		go l.work(l.ctx, ln)
	}
}

// crewRests is how long a goroutine waits for its next lane.
const crewRests = time.Second

func (l *lanes) work(ctx context.Context, ln *lane) {
	rest := time.NewTimer(crewRests)
	defer rest.Stop()
	for {
		l.run(ctx, ln)
		rest.Reset(crewRests)
		select {
		case ln = <-l.crew:
		case <-rest.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (ln *lane) has(t *Timer) bool {
	for _, other := range ln.timers {
		if other.ID == t.ID {
			return true
		}
	}
	return false
}

// rests reports whether the client has no running lane.
func (l *lanes) rests(client ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.busy[client] == nil
}

func (l *lanes) run(ctx context.Context, ln *lane) {
	ln.laneMetric(1)
	defer ln.laneMetric(-1)
	for ctx.Err() == nil && !l.draining() {
		more, err := l.step(ctx, ln)
		if err != nil {
			l.core.cfg.Log.ErrorContext(ctx, "lane stops, the pickup will try again", "client", ln.client.String(), "error", err.Error())
			l.leave(ln, ln.hold != nil)
			return
		}
		if !more && l.rest(ln) {
			return
		}
	}
	if _, err := ln.release(ctx, true); err != nil && ctx.Err() == nil {
		l.core.cfg.Log.WarnContext(ctx, "a lane keeps its lease until its node is gone", "client", ln.client.String(), "error", err.Error())
	}
	l.leave(ln, false) // others see that the node has gone
}

// rest ends the lane unless it was woken meanwhile.
func (l *lanes) rest(ln *lane) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ln.again || len(ln.timers) > 0 {
		ln.again = false
		return false
	}
	l.remove(ln, ln.hold != nil && !ln.hold.Holder.IsZero())
	return true
}

func (l *lanes) leave(ln *lane, owes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(ln, owes)
}

// remove takes an ended lane out. owes says that its lease may not be given back: then
// another lane does so later, whether anything waits or not, because to other nodes a
// living holder is one who runs the lane. mu is held.
func (l *lanes) remove(ln *lane, owes bool) {
	if l.busy[ln.client] == ln {
		delete(l.busy, ln.client)
	}
	if delete(l.owed, ln.client); owes {
		l.owed[ln.client] = true
	}
	if l.full && len(l.busy) == 0 {
		l.settle()
	}
}

// owing lists the clients whose leases are to be given back.
func (l *lanes) owing() []ID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.owed))
}

func (l *lanes) settle() {
	select {
	case <-l.idle:
	default:
		close(l.idle)
	}
}

func (l *lanes) draining() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.full
}

// drain lets each lane finish the turn it runs and starts nothing new. The
// channel closes when all have ended.
func (l *lanes) drain() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full = true
	if len(l.busy) == 0 {
		l.settle()
	}
	return l.idle
}

// step runs one turn: the lowest pending message first, then a due timer. more
// is false when the inbox is known to be empty, or another node's to empty.
func (l *lanes) step(ctx context.Context, ln *lane) (more bool, err error) {
	ok, recovered, err := ln.acquire(ctx, l.hasTimers(ln))
	if err != nil {
		return false, err
	}
	if !ok {
		l.dropTimers(ln)
		return false, nil
	}
	ln.first = ln.first || recovered
	more, err = l.turn(ctx, ln)
	if errors.Is(err, errFenced) {
		return true, nil
	}
	return more, err
}

func (l *lanes) turn(ctx context.Context, ln *lane) (more bool, err error) {
	m, ground := ln.next, ln.ground
	if ln.next, ln.ground = nil, nil; m == nil || !guardOrder {
		ground = nil
		if m, err = ln.nextMessage(ctx); err != nil {
			return false, err
		}
	}
	if m != nil {
		ctx, end := l.core.cfg.Tracing.message(ctx, m)
		left, err := l.message(ctx, ln, m, ground)
		end(err)
		return left > 0 || l.hasTimers(ln), err
	}
	t := l.takeTimer(ln)
	if t == nil {
		return ln.release(ctx, false)
	}
	ctx, end := l.core.cfg.Tracing.timer(ctx, t)
	err = ln.timerTurn(ctx, t)
	end(err)
	return true, err
}

// dropTimers forgets due timers; the next look at what is due offers them again.
func (l *lanes) dropTimers(ln *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.timers = nil
}

func (l *lanes) hasTimers(ln *lane) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(ln.timers) > 0
}

// message runs a message's turn and returns how many are left in the inbox.
func (l *lanes) message(ctx context.Context, ln *lane, m *Message, ground *loaded) (left int, err error) {
	suspect := ln.first || m.Attempts > 0
	ln.first = false
	if !suspect {
		return ln.messageTurn(ctx, m, 1, ground)
	}
	l.suspects.Lock()
	defer l.suspects.Unlock()
	return ln.rerun(ctx, m)
}

func (l *lanes) takeTimer(ln *lane) *Timer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(ln.timers) == 0 {
		return nil
	}
	t := ln.timers[0]
	ln.timers = ln.timers[1:]
	return t
}

// nextMessage returns the lowest pending message of the client, nil when there
// is none.
func (c runner) nextMessage(ctx context.Context) (*Message, error) {
	var next *Message
	err := c.cfg.Store.View(ctx, func(rows Rows) error {
		list, err := rows.Pending(c.client)
		if len(list) > 0 {
			next = list[0]
			if !guardOrder {
				next = list[len(list)-1]
			}
		}
		return err
	})
	return next, err
}

// rerun runs a message whose turn did not commit before a crash. The attempt
// is counted before it starts; after the last one the turn ends as failed.
func (c runner) rerun(ctx context.Context, m *Message) (left int, err error) {
	var client *Client
	err = c.cfg.Store.View(ctx, func(rows Rows) (err error) {
		client, err = rows.Client(m.Client)
		return err
	})
	if err != nil {
		return unknown, err
	}
	if ran, err := c.eventFirst(ctx, client, m); ran || err != nil {
		return unknown, err
	}
	attempt := max(m.Attempts, 1) + 1
	if attempt > TurnAttempts {
		return unknown, c.fail(ctx, m)
	}
	err = c.commit(ctx, "count attempt", &countAttempt{message: m.ID, attempts: attempt})
	if err != nil {
		return unknown, ignoreGone(err)
	}
	return c.messageTurn(ctx, m, attempt, nil)
}

// fail ends a turn that never committed: visible in the transcript, as an
// event, and in `parley turn list`.
func (c runner) fail(ctx context.Context, m *Message) error {
	l, err := c.load(ctx, m.Handle, m)
	if err != nil || l == nil {
		return err
	}
	why := fmt.Sprintf("the server stopped in %d attempts to run this turn", TurnAttempts)
	err = c.commit(ctx, "fail turn", &placeMessage{
		scope: c.scope(l.in), message: m.ID, session: l.session.ID, outcome: OutcomeFailed, why: why, reply: true,
		fact: &Fact{Kind: EventTurnFailed, Body: object(failedBody{MessageID: m.ID.String(), Reason: why, Attempts: TurnAttempts})},
	})
	return ignoreGone(err)
}

type failedBody struct {
	MessageID string `json:"message_id"`
	Reason    string `json:"reason"`
	Attempts  int    `json:"attempts"`
}

func ignoreGone(err error) error {
	if errors.Is(err, errCauseGone) {
		return nil
	}
	return err
}
