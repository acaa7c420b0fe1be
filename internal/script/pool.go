package script

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"parley/internal/dialog"
	"parley/internal/session"
)

// pool lends the machines of a bot. At most `running` of them run; one that
// waits in a host call does not count.
type pool struct {
	bot     *Bot
	slots   chan struct{} // one for each machine that may exist
	running chan struct{}
	watch   *watchdog
	quiet   *slog.Logger

	mu   sync.Mutex
	idle []*vm
}

func newPool(b *Bot) *pool {
	engines, running := b.options.Engines, b.options.Running
	if engines == 0 {
		engines = session.EnginesPerBot
	}
	if running == 0 {
		running = runtime.GOMAXPROCS(0)
	}
	return &pool{
		bot: b, slots: make(chan struct{}, engines), running: make(chan struct{}, running),
		watch: processWatchdog(), quiet: slog.New(slog.DiscardHandler),
	}
}

// get waits for a machine, at most EngineWait.
func (p *pool) get(ctx context.Context) (*vm, error) {
	if err := p.wait(ctx, p.slots); err != nil {
		return nil, err
	}
	if err := p.wait(ctx, p.running); err != nil {
		<-p.slots
		return nil, err
	}
	if m := p.take(); m != nil {
		return m, nil
	}
	m, _, err := p.bot.newVM(p.quiet) // what fails was told when the bot was loaded
	if err != nil {
		<-p.running
		<-p.slots
		return nil, err
	}
	m.borrowed, m.runs = true, true
	return m, nil
}

func (p *pool) wait(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(p.bot.options.EngineWait)
	defer timer.Stop()
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fmt.Errorf("no script engine became free within %s", p.bot.options.EngineWait)
	}
}

func (p *pool) take() *vm {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	m := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	m.borrowed, m.runs = true, true
	return m
}

// put takes a machine back; a spoilt one is thrown away. Its places are free when
// what it left is collected.
func (p *pool) put(m *vm) {
	borrowed, runs := m.borrowed, m.runs
	m.borrowed, m.runs = false, false
	m.spoilt = m.spoilt || p.bot.options.Strict && borrowed
	p.sweep(m)
	if !m.spoilt {
		p.mu.Lock()
		p.idle = append(p.idle, m)
		p.mu.Unlock()
	}
	if runs {
		<-p.running
	}
	if borrowed {
		<-p.slots
	}
}

// sweep collects what the turns of a machine left, once it is much. A machine
// that still holds it is spoilt: it would hold more after the next turns.
func (p *pool) sweep(m *vm) {
	if m.spoilt {
		m.machine = nil
	}
	if a := m.account; a != nil && a.left > 0 {
		if m.left == 0 {
			m.live = a.own.live
		}
		m.left += a.left
		a.left = 0
	}
	m.account = nil
	if m.left < collectAfter {
		return
	}
	if live := p.watch.sweep(!m.spoilt); !m.spoilt && live > m.live+collectAfter/2 {
		m.machine, m.spoilt = nil, true
		p.watch.sweep(false)
	}
	m.left = 0
}

// swap gives a run another machine for one that is ruined, in its place. With an
// error it keeps the old one.
func (p *pool) swap(r *run) error {
	old := r.vm
	m := p.take()
	if m == nil {
		var err error
		if m, _, err = p.bot.newVM(p.quiet); err != nil {
			return err
		}
	}
	m.borrowed, m.runs = old.borrowed, old.runs
	r.vm, old.run, old.borrowed, old.runs, old.spoilt = m, nil, false, false, true
	p.sweep(old)
	m.begin(r)
	return nil
}

// pause frees the running place of a machine while it waits in a host call. The
// error handlers of a turn that got no place back run without one.
func (p *pool) pause(ctx context.Context, m *vm, call func() error) error {
	if m.runs {
		m.runs = false
		<-p.running
	}
	err := call()
	if again := p.wait(ctx, p.running); again != nil {
		return &stopped{code: "deadline", message: again.Error()}
	}
	m.runs = true
	return err
}

// vm is a machine with the turn it works for.
type vm struct {
	machine
	bot      *Bot
	run      *run
	account  *account // of the turn, nil between turns
	left     int64    // what its turns left since the last sweep
	live     int64    // what was live before them
	borrowed bool     // it has a slot of the pool
	runs     bool     // it has a running place
	spoilt   bool
}

// startupFailure is an error of start-up code; the code behind it runs.
type startupFailure struct {
	at  dialog.Pos
	err error
}

// newVM makes a machine and runs the start-up code of the bot. The error says that
// there is no machine; it is the last of the failures.
func (b *Bot) newVM(log *slog.Logger) (m *vm, failures []startupFailure, err error) {
	fail := func(at dialog.Pos, err error) error {
		failures = append(failures, startupFailure{at, err})
		return err
	}
	m = &vm{machine: b.engine.NewVM(), bot: b}
	m.run = newRun(context.Background(), b, m, startupTurn())
	m.run.log = log
	m.bindHost()
	if err := m.Boot(); err != nil {
		return nil, failures, fail(dialog.Pos{File: dialog.ConfigFile, Line: 1, Column: 1}, err)
	}
	for _, v := range b.project.Variables {
		if _, err := m.Call("variable", v.Name, string(v.Value)); err != nil {
			return nil, failures, fail(v.Pos, err)
		}
	}
	stop := b.pool.watch.guard(m, newAccount(b), b.options.StartTime, maxStartGrown)
	defer stop()
	for _, c := range b.startup {
		m.run.file = c.file // whose $injector the code sees
		_, err := m.Run(c)
		if err == nil {
			continue
		}
		_ = fail(placeOf(err, c.start), err) // it is among the failures
		if isStopped(err) {
			return nil, failures, err
		}
	}
	if _, err := m.Call("loaded"); err != nil {
		return nil, failures, fail(dialog.Pos{File: dialog.ConfigFile, Line: 1, Column: 1}, err)
	}
	m.Seal()
	m.run = nil
	return m, failures, nil
}

// startupTurn stands in for a turn while the bot is loaded.
func startupTurn() *session.Turn {
	return &session.Turn{
		Integration: &session.Integration{}, Session: &session.Session{}, Client: &session.Client{}, Vars: &session.Vars{},
		Now: time.Now, Attempt: 1,
	}
}

func (m *vm) begin(r *run) {
	m.run, m.account = r, r.account
	m.Begin(r.turn.Now)
}

func (m *vm) end() {
	if _, err := m.Call("end"); err != nil {
		m.spoilt = true
	}
	if !m.End() {
		m.spoilt = true
	}
	m.run = nil
}
