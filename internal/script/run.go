package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
	"parley/internal/session"
)

// run is one turn of a bot: passes over the same request, the later ones after
// newSession.
type run struct {
	bot   *Bot
	vm    *vm
	ctx   context.Context
	turn  *session.Turn
	log   *slog.Logger
	spent *spent
	// account is what the turn takes of the process.
	account *account

	switched  session.Switch
	stopAfter bool
	before    []reply // of the passes that belong to the old session
	kept      []reply // of earlier passes that belong to the new one
	restarts  int
	visited   []string // the states that restarted
	again     *restart
	effects
	extra   extra
	failing bool
	record  record
	given   given

	stop    func()
	began   time.Time
	ran     time.Duration
	matched *dialog.ParseNode
	outer   []string // texts from outside that hold an expression
	looked  bool     // outer holds those of the turn's own documents

	pass
}

// pass is one way of a request through the dialog.
type pass struct {
	request  request
	session  string // JSON of $session at its start
	client   string
	state    string // being executed
	position string // context path
	next     string // what the context path becomes
	jump     *jump
	heard    *understanding // nil when the text was not looked at
	meant    *nlu.Hypothesis
	rule     rule
	asks     string // the question for a slot
	unknown  int    // texts in a row that nothing understood, before this one
	file     string
	silent   bool // nobody has to answer
	hops     int
	saved    *documents
	taken    taken
	said     answers
	count    int // of replies, scripts' too
	size     int // of their texts
}

// effects is what a turn does beside answering.
type effects struct {
	timeout  *session.Timeout
	patches  []session.Patch
	merged   session.Document // the context with the patches; nil without one
	pushes   []session.Push
	cancels  []session.ID
	handover *session.Handover
	closes   bool
	result   string
	notes    notes
}

// jump is a transition that waits for the end of the tag.
type jump struct {
	path     string
	deferred bool
}

// restart is what newSession was called with.
type restart struct{ request, session, client string }

func newRun(ctx context.Context, b *Bot, m *vm, turn *session.Turn) *run {
	r := &run{bot: b, vm: m, ctx: ctx, turn: turn, log: b.options.Log, spent: &spent{}, account: newAccount(b)}
	r.pass = pass{request: requestOf(turn), position: "/", session: "{}", client: "{}"}
	if turn.Vars != nil {
		r.extra = parseExtra(turn.Vars.Extra)
		if !turn.Conversation.Human() {
			r.extra.Livechat = nil
		}
		if turn.Vars.Position != "" {
			r.position = turn.Vars.Position
		}
		r.session = orEmpty(turn.Vars.Data)
	}
	if turn.Client != nil {
		r.client = orEmpty(turn.Client.Data)
	}
	return r
}

func orEmpty(object []byte) string {
	if len(object) == 0 {
		return "{}"
	}
	return string(object)
}

// decide runs the turn. What goes wrong in it becomes an error turn.
func (r *run) decide() (d *session.Decision) {
	defer func() {
		if x := recover(); x != nil {
			r.vm.spoilt = true
			r.unwatch()
			d = errorTurn{r}.silent(&session.Failure{Code: "script", State: r.state, Message: fmt.Sprint("internal error of the script engine: ", x)})
		}
	}()
	r.watch(r.bot.options.RunTime)
	err := r.passes()
	if err == nil {
		d, err = outcome{r}.decision()
	}
	r.unwatch()
	if err != nil {
		return errorTurn{r}.decision(err)
	}
	return d
}

// watch puts the machine under the watchdog for what is left of its time. An
// interrupt that came too late for what ran before is taken back.
func (r *run) watch(limit time.Duration) {
	r.vm.Interrupt(nil)
	r.began = time.Now()
	r.stop = r.bot.pool.watch.guard(r.vm, r.account, limit-r.ran, maxHeapGrown)
}

func (r *run) unwatch() {
	if r.stop != nil {
		r.stop()
		r.stop = nil
		r.ran += time.Since(r.began)
	}
}

// wait runs a host call that may take long: its time is no running time, and
// another machine may run meanwhile.
func (r *run) wait(call func() error) error {
	limit := r.bot.options.RunTime
	watched := r.stop != nil
	r.unwatch()
	err := r.bot.pool.pause(r.ctx, r.vm, call)
	if watched {
		r.watch(limit)
	}
	return err
}

func (r *run) passes() error {
	if r.extra.Restart != nil {
		if err := r.startDeferred(); err != nil {
			return err
		}
	}
	for {
		err := r.onePass()
		if !errors.Is(err, errRestart) || r.again == nil {
			return err
		}
		if err := r.nextPass(); err != nil {
			return err
		}
	}
}

// startDeferred does what a `newSession` tag with deferred = true left for this
// request.
func (r *run) startDeferred() error {
	options := string(r.extra.Restart)
	r.extra.Restart = nil
	if err := r.call("begin"); err != nil {
		return err
	}
	if err := r.call("restart", options); !errors.Is(err, errRestart) || r.again == nil {
		return err
	}
	err := r.nextPass()
	r.restarts, r.visited = 0, nil
	return err
}

// nextPass starts the request again in the new session (dialog-language 7.2).
func (r *run) nextPass() error {
	r.visited = append(r.visited, r.state)
	replies, _, err := outcome{r}.replies()
	if err != nil {
		return err
	}
	if r.switched == session.SwitchStart || r.switched == session.SwitchRestart {
		r.kept = append(r.kept, replies...)
	} else {
		r.before = append(r.before, replies...)
	}
	r.switched, r.stopAfter = session.SwitchRestart, false
	if r.restarts++; r.restarts > session.MaxRestarts {
		return errorTurn{r}.restartLoop()
	}
	if r.vm.Ruined() {
		r.unwatch()
		if err := r.bot.pool.swap(r); err != nil {
			return err
		}
		r.watch(r.bot.options.RunTime)
	}
	next := r.again
	r.again = nil
	r.record.restarts = append(r.record.restarts, *next)
	r.pass = pass{request: parseRequest(next.request), session: next.session, client: next.client, position: "/"}
	r.extra.History, r.extra.Buttons, r.extra.Filling = nil, nil, nil
	return nil
}

// onePass takes the request from preMatch to postProcess (dialog-language 6).
func (r *run) onePass() error {
	r.state, r.next = r.position, r.position
	if err := r.call("begin"); err != nil {
		return err
	}
	if err := r.handle("preMatch"); err != nil {
		return err
	}
	if err := r.readRequest(); err != nil {
		return err
	}
	target, err := chooser{r}.choose()
	if err != nil {
		return err
	}
	if target, err = r.preProcess(target); err != nil {
		return err
	}
	r.record.class = target
	if target == "" {
		err = r.noTarget()
	} else {
		err = walker{r}.walk(target)
	}
	if err != nil {
		return err
	}
	return outcome{r}.checkSizes()
}

func (r *run) preProcess(target string) (string, error) {
	if target != "" {
		r.state = target
	}
	if err := r.handle("preProcess"); err != nil {
		return "", err
	}
	if r.jump != nil && !r.jump.deferred {
		target, r.jump = r.jump.path, nil
	}
	other, err := r.tempTarget()
	if other != "" {
		target = other
	}
	return target, err
}

// noTarget ends a pass that nothing answers: an event that no state waits for,
// or a text over a limit, is no mistake of the dialog.
func (r *run) noTarget() error {
	if r.silent || r.request.Event != "" && !r.bot.options.Testing {
		r.log.Info("nothing handles the request", "bot", r.bot.name, "session", r.sessionID(), "event", r.request.Event, "context", r.position)
		return nil
	}
	return &dialogError{message: "No target state was determined for query"}
}

func (r *run) steer(path string, deferred bool) { r.jump = &jump{path: path, deferred: deferred} }

// takeSteer reads the transition a script asked for.
func (r *run) takeSteer() error {
	if !r.taken.temp {
		return nil
	}
	v, err := r.vm.Call("steer")
	text := v.text
	if err != nil || text == "" {
		return err
	}
	path, deferred := strings.CutPrefix(text, ">")
	if r.bot.states[path] == nil {
		return stateNotFound(path, dialog.Pos{})
	}
	r.steer(path, deferred)
	return nil
}

func (r *run) tempTarget() (string, error) {
	if !r.taken.temp {
		return "", nil
	}
	v, err := r.vm.Call("target")
	text := v.text
	if err != nil || text == "" {
		return "", err
	}
	return dialog.Resolve(r.state, text), nil
}

// handle runs the handlers of a type that are bound to the current state.
func (r *run) handle(kind string) error {
	if !r.bot.handlers[kind] {
		return nil
	}
	if err := r.call("handle", kind); err != nil {
		return err
	}
	return r.takeSteer()
}

// readRequest takes over what scripts did to $request.
func (r *run) readRequest() error {
	if !r.taken.request {
		return nil
	}
	v, err := r.vm.Call("ask")
	if err != nil {
		return err
	}
	var asked request
	if err := json.Unmarshal([]byte(v.text), &asked); err != nil {
		return err
	}
	if config := &r.bot.project.Config; config.BotEngine != "v2" && !config.NLP.ModifyRequestInPreMatch {
		asked.Query = r.request.Query
	}
	r.request.Query, r.request.Event, r.request.TargetState = asked.Query, asked.Event, asked.TargetState
	return nil
}

func (r *run) call(entry string, args ...any) error {
	_, err := r.vm.Call(entry, args...)
	return err
}

// print is an expression as {{ }} shows it.
func (r *run) print(c *code) (string, error) {
	v, err := r.vm.Run(c)
	if err == nil && v.object != nil {
		v, err = r.vm.Call("show", v.object)
	}
	if err == nil && r.bot.templates[v.text] {
		return r.expand(v.text)
	}
	return v.text, err
}

func (r *run) truth(c *code) (bool, error) {
	v, err := r.vm.Run(c)
	return v.truth, err
}

// sessionID is the session that the turn's replies go to now.
func (r *run) sessionID() string {
	if r.switched != session.SwitchNone && r.switched != session.SwitchStop && !r.turn.First {
		return r.turn.NewSession.String()
	}
	return r.turn.Session.ID.String()
}
