package script

import (
	"fmt"
	"strings"

	"parley/internal/dialog"
	"parley/internal/session"
)

// walker executes states.
type walker struct{ *run }

// walk enters a state and those it leads to, then runs postProcess, which may
// lead on.
func (r walker) walk(target string) error {
	for hops := 0; ; hops++ {
		if hops > session.MaxPostHops {
			return &dialogError{code: session.FailureLoop, message: fmt.Sprintf("Infinite loop was detected for state %s in postProcess transition", r.state)}
		}
		if err := r.enterAll(target); err != nil {
			return err
		}
		r.arrive()
		if err := r.handle("postProcess"); err != nil {
			return err
		}
		if r.jump == nil {
			return nil
		}
		next := r.jump
		r.jump = nil
		if next.deferred {
			r.goTo(next.path)
			r.arrive()
			return nil
		}
		target = next.path
	}
}

// enterAll runs the reactions of a state and follows `go!`.
func (r walker) enterAll(target string) error {
	var at dialog.Pos
	for ; ; r.hops++ {
		if r.hops > session.MaxHops {
			return &dialogError{code: session.FailureLoop, where: at.String(), message: fmt.Sprintf("Infinite loop was detected for state %s: more than %d transitions", r.state, session.MaxHops)}
		}
		st, ok := r.bot.states[target]
		if !ok {
			return stateNotFound(target, at)
		}
		if err := r.enter(st); err != nil {
			return err
		}
		next := r.jump
		r.jump = nil
		if next == nil {
			return nil
		}
		if next.deferred {
			r.goTo(next.path)
			return nil
		}
		target, at = next.path, st.node.Pos
	}
}

func (r walker) enter(st *state) error {
	r.state, r.file = st.node.Path, st.node.File
	if r.extra.Block != "" && !within(r.state, r.extra.Block) {
		r.extra.Block, r.extra.Args = "", nil
	}
	r.record.entered = append(r.record.entered, st.node.Path)
	if asks := r.asks; asks != "" {
		r.asks = ""
		if st.node.Path == fillingState {
			return speaker(r).say(asks, nil)
		}
		r.extra.Filling = nil // preProcess led elsewhere
	}
	if !st.node.NoContext {
		r.next = st.node.Path
	}
	if st.result != nil {
		text, err := st.result.eval(r.run)
		if err != nil {
			return err
		}
		r.result = text
	}
	return r.steps(st.steps)
}

// goTo is a deferred transition: the context path changes, nothing runs.
func (r walker) goTo(path string) {
	if st, ok := r.bot.states[path]; ok && !st.node.NoContext {
		r.next = path
	}
}

// arrive writes the context path (dialog-language 5.4).
func (r walker) arrive() {
	if r.next != r.position {
		r.extra.visit(r.position, r.bot.historyLength())
	}
	r.position = r.next
}

func (r walker) steps(steps []step) error {
	for _, s := range steps {
		if at := s.At(); at.File != "" {
			r.file = at.File
		}
		if err := s.do(r.run); err != nil {
			return located(err, s.At())
		}
		if r.jump != nil && !r.jump.deferred {
			return nil
		}
	}
	return nil
}

// located gives an error the place of its tag, when it has none.
func located(err error, at dialog.Pos) error {
	switch e := err.(type) { //nolint:errorlint // one that is wrapped was given its place before
	case *thrown:
		if e.where == "" {
			e.where = at.String()
		}
	case *dialogError:
		if e.where == "" {
			e.where = at.String()
		}
	case *stopped:
		if e.where == "" {
			return &stopped{code: e.code, message: e.message, where: at.String()}
		}
	}
	return err
}

// within tells whether a path is a place, or lies below it.
func within(path, place string) bool {
	return path == place || strings.HasPrefix(path, strings.TrimSuffix(place, "/")+"/")
}
