package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/e2e/history"
)

// Load is a run: who calls whom, from which seed.
type Load struct {
	URLs     []string // of servers: a caller who gets no answer from one asks the next
	Cast     *Cast
	Rec      *Recorder
	Seed     uint64
	Backends int           // callers over REST
	Sockets  int           // callers over sockets
	Pause    time.Duration // at most, between two calls of one caller
	Patience time.Duration // that callers have with an answer; 0: enough for one that comes
	Spots    int           // sessions of each integration that are talked about at a time; 0: few

	// The last Tabs of the sockets are clients of Browsers, which come back by
	// themselves, to TabURL: one address before all servers.
	Browsers *Browsers
	Tabs     int
	TabURL   string

	// Earlier is a run that has ended, whose callers go on with what they know:
	// sessions, messages to repeat, where their sockets were. nil for new ones.
	Earlier *Load

	boards  map[string]*board
	callers []*person
}

// Run drives the servers until ctx ends. The sockets stay connected: Settle
// cuts them when everything has come to rest.
func (l *Load) Run(ctx context.Context) {
	if l.Patience == 0 {
		l.Patience = patience
	}
	l.boards = map[string]*board{l.Cast.Calm.ID: {spare: l.Spots}, l.Cast.Brief.ID: {spare: l.Spots}}
	if l.Earlier != nil {
		l.boards = l.Earlier.boards
	}
	http := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: l.Backends + 1}, Timeout: l.Patience}
	defer http.CloseIdleConnections()
	var group sync.WaitGroup
	for i := range l.Backends + l.Sockets {
		p := l.person(i, http)
		l.callers = append(l.callers, p)
		act := p.overREST
		if i >= l.Backends {
			act = p.overSocket
		}
		group.Go(func() {
			calls := context.WithoutCancel(ctx) // what was asked is waited for
			for ctx.Err() == nil {
				act(calls)
				p.rest(ctx)
			}
		})
	}
	group.Wait()
}

// person returns the caller of a number, who begins with a server of his own.
func (l *Load) person(i int, http *http.Client) *person {
	in := l.Cast.Calm
	if i%3 == 2 {
		in = l.Cast.Brief
	}
	name := fmt.Sprintf("%s-%d", in.ID, i)
	first := i % len(l.URLs)
	urls := append(slices.Clone(l.URLs[first:]), l.URLs[:first]...)
	p := &person{
		load: l, board: l.boards[in.ID], name: name, tabbed: i >= l.Backends+l.Sockets-l.Tabs,
		dice: dice{rand.New(rand.NewPCG(l.Seed, uint64(i))), in.Thinks, in.ID == l.Cast.Brief.ID},
		back: &Backend{Name: name, In: in, URL: urls[0], Others: urls[1:], HTTP: http, Rec: l.Rec},
	}
	if l.Earlier != nil {
		goOn(p, l.Earlier.callers[i])
	}
	return p
}

// goOn has a caller know what he knew in an earlier run.
func goOn(p, earlier *person) {
	p.past.list = slices.Clone(earlier.past.list)
	p.open, p.session, p.last, p.dialled = earlier.open, earlier.session, earlier.last, earlier.dialled
	if s := earlier.socket; s != nil {
		if session, last := s.Where(); session != "" {
			p.session, p.last = session, last
		}
	}
}

// Settle cuts the sockets of a run once nothing has come for a while.
func (l *Load) Settle(ctx context.Context) {
	var list []*Socket
	for _, p := range l.callers {
		if p.socket != nil {
			list = append(list, p.socket)
		}
	}
	Settle(ctx, l.Rec, list...)
}

// Settle cuts sockets once nothing has come for a while, which is longer where the
// machine was late. What they got until then counts as all there was.
func Settle(ctx context.Context, rec *Recorder, sockets ...*Socket) {
	quiet := 500*time.Millisecond + 10*rec.Late()
	tick := time.NewTicker(quiet / 10)
	defer tick.Stop()
	for range tick.C {
		heard := int64(0)
		for _, s := range sockets {
			heard = max(heard, s.Heard())
		}
		if rec.Now()-heard > quiet.Nanoseconds() || ctx.Err() != nil {
			break
		}
	}
	for _, s := range sockets {
		s.settle()
	}
}

// person makes one call after the other.
type person struct {
	load  *Load
	name  string
	back  *Backend
	board *board
	dice

	socket  *Socket // nil while it is not connected
	dialled int
	session string // of its socket's chain, to come back to
	last    int64

	past past
	open *sent // over a socket that gave no answer; to be repeated

	tabbed bool // a client of Browsers
	tab    *tab
}

func (p *person) rest(ctx context.Context) {
	if p.load.Pause <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(p.rng.Int64N(int64(p.load.Pause)))):
	}
}

// overREST makes one call of a back end or an agent.
func (p *person) overREST(ctx context.Context) {
	s := p.board.take(p.rng)
	if s.handle == "" || p.rng.IntN(25) == 0 {
		p.create(ctx)
		return
	}
	act := choose(p.rng, []weighted[func(context.Context, spot) *history.Call]{
		{45, p.send}, {3, p.again}, {25, p.merge}, {6, p.view}, {1, p.act(history.Close)}, {4, p.act(history.CloseConversation)},
		{2, p.act(history.Reopen)}, {1, p.act(history.Handover)}, {3, p.claim}, {2, p.answer}, {5, p.resolve},
		{2, p.transfer}, {4, p.giveBack},
	})
	p.board.heard(act(ctx, s))
}

// create opens a session, and asks again where no answer came.
func (p *person) create(ctx context.Context) {
	token, user := p.load.Rec.Token(), p.user()
	c := p.back.Create(ctx, token, user, 0)
	for n := 1; n < 6 && (unheard(c) || n == 1 && p.rng.IntN(5) == 0); n++ {
		p.rest(ctx)
		c = p.back.Create(ctx, token, user, n)
	}
	p.board.put(c.Acting)
}

func (p *person) send(ctx context.Context, s spot) *history.Call {
	token, verb := p.load.Rec.Token(), p.verb()
	var patch map[string]any
	if !strings.HasSuffix(verb, "merge") && p.rng.IntN(6) == 0 {
		patch = p.patch(token)
	}
	c := p.back.Send(ctx, s.handle, verb, token, patch, 0)
	for n := 1; n < 6 && (unheard(c) || n == 1 && p.rng.IntN(8) == 0); n++ {
		p.rest(ctx)
		c = p.back.Send(ctx, s.handle, verb, token, patch, n)
	}
	p.past.remember(c, verb, patch)
	return c
}

// again repeats an old message, whatever has become of its session since.
func (p *person) again(ctx context.Context, s spot) *history.Call {
	m, ok := p.past.recall(p.rng)
	if !ok {
		return p.send(ctx, s)
	}
	return p.back.Send(ctx, m.session, m.verb, m.token, m.patch, m.times)
}

func (p *person) merge(ctx context.Context, s spot) *history.Call {
	token := p.load.Rec.Token()
	version := int64(0)
	if p.rng.IntN(3) == 0 {
		version = s.version
	}
	return p.back.Merge(ctx, s.handle, token, p.patch(token), version, s.head)
}

func (p *person) view(ctx context.Context, s spot) *history.Call { return p.back.View(ctx, s.handle) }

func (p *person) act(kind history.Kind) func(context.Context, spot) *history.Call {
	return func(ctx context.Context, s spot) *history.Call { return p.back.Act(ctx, kind, s.handle) }
}

func (p *person) claim(ctx context.Context, s spot) *history.Call {
	return p.back.Claim(ctx, s.handle, p.agent(), p.rng.IntN(2) == 0)
}

func (p *person) answer(ctx context.Context, s spot) *history.Call {
	return p.back.Answer(ctx, s.handle, p.agent(), p.load.Rec.Token())
}

func (p *person) transfer(ctx context.Context, s spot) *history.Call {
	to := ""
	if p.rng.IntN(2) == 0 {
		to = p.agent()
	}
	return p.back.Transfer(ctx, s.handle, p.agent(), to)
}

func (p *person) giveBack(ctx context.Context, s spot) *history.Call {
	return p.back.Return(ctx, s.handle, p.agent())
}

func (p *person) resolve(ctx context.Context, s spot) *history.Call {
	return p.back.Resolve(ctx, s.handle, p.agent())
}
