package script

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/dialog"
	"parley/internal/dialog/nlu"
)

// understanding is what a text may mean in a context: $context.nluResults
// (dialog-language 5.3). A list is filled when it is needed.
type understanding struct {
	bot     *Bot
	text    string
	context string // the path that locality counts from
	now     time.Time
	input   *dialog.Input
	known   *dialog.Understanding // with the records of the client
	wait    func(func() error) error
	// only is the place that hits must lead to, "" for any.
	only string

	patterns []dialog.Hit
	examples []dialog.ExampleHit
	intents  []dialog.IntentHit
	// hypotheses are the intents, whether a state waits for them or not.
	hypotheses []nlu.Hypothesis
	found      []nlu.Found
	lists      int // how many of the three are filled
	looked     bool
}

// understand prepares a text of this turn.
func (r *run) understand(text, context string) *understanding {
	u := &understanding{bot: r.bot, text: text, context: context, now: r.turn.Now(), known: r.bot.project.Understanding(), wait: r.wait}
	u.input = r.bot.recogniser.Input(text).At(u.now)
	records, at := clientRecords(r.client), clientZone(r.client)
	if len(records) > 0 {
		u.known = u.known.For(records)
	}
	if at != nil {
		u.known = u.known.In(at)
	}
	if len(records) > 0 || at != nil {
		u.known.Serve(u.input)
	}
	return u
}

// clientZone is the zone of $reactions.setClientTimezone, nil for none.
func clientZone(client string) *time.Location {
	var held struct{ Timezone string }
	if !strings.Contains(client, `"timezone"`) || json.Unmarshal([]byte(client), &held) != nil || held.Timezone == "" {
		return nil
	}
	if at, err := zone(held.Timezone); err == nil {
		return at
	}
	return nil
}

// tooLong tells whether the text is over nlp.lengthLimit.
func (u *understanding) tooLong() bool {
	limits := &u.bot.project.Config.NLP
	return limits.LengthSymbols > 0 && utf8.RuneCountInString(u.text) > limits.LengthSymbols ||
		limits.LengthWords > 0 && len(u.input.Tokens()) > limits.LengthWords
}

// bounded bounds ctx by nlp.timeLimit.
func (u *understanding) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if limit := u.bot.project.Config.NLP.TimeLimit; limit > 0 {
		return context.WithTimeout(ctx, limit)
	}
	return ctx, func() {}
}

// read fills the lists in the order in which they count, until one is not empty;
// all of them when all is set. The error is that of ctx.
func (u *understanding) read(ctx context.Context, all bool) error {
	steps := []func(context.Context) (int, error){u.readPatterns, u.readExamples, u.readIntents}
	for u.lists < len(steps) {
		n, err := steps[u.lists](ctx)
		if err != nil {
			return err
		}
		u.lists++
		n -= u.leaveOut()
		if n > 0 && !all {
			return nil
		}
	}
	return nil
}

func (u *understanding) readPatterns(ctx context.Context) (n int, err error) {
	u.patterns, err = u.bot.recogniser.Hits(ctx, u.input, u.context)
	return len(u.patterns), err
}

func (u *understanding) readExamples(ctx context.Context) (n int, err error) {
	u.examples, err = u.bot.project.Examples().Hits(ctx, u.text, u.context)
	return len(u.examples), err
}

func (u *understanding) readIntents(ctx context.Context) (n int, err error) {
	if len(u.bot.project.NLU.Intents) == 0 {
		return 0, nil
	}
	if u.hypotheses, err = u.classify(ctx); err != nil {
		return 0, err
	}
	u.intents = u.bot.project.IntentHits(u.context, u.hypotheses)
	return len(u.intents), err
}

// classify asks the service when there is one; the machine may run another turn
// meanwhile.
func (u *understanding) classify(ctx context.Context) (list []nlu.Hypothesis, err error) {
	if u.bot.remote == nil {
		return u.known.Classify(ctx, u.text, u.now, 0)
	}
	err = u.wait(func() error {
		var err error
		list, err = u.known.ClassifyWith(ctx, u.bot.remote, u.text, u.now, 0)
		return err
	})
	return list, err
}

// entities are what the text names, looked up once.
func (u *understanding) entities() []nlu.Found {
	if !u.looked {
		u.found, u.looked = u.known.Resolve(u.known.Entities(u.text, u.now)), true
	}
	return u.found
}

// recognised is the most likely intent that reaches its threshold, nil for none.
func (u *understanding) recognised() *nlu.Hypothesis {
	for i, h := range u.hypotheses {
		if u.bot.project.Config.NLP.Recognised(h) {
			return &u.hypotheses[i]
		}
	}
	return nil
}

// first is what is chosen when nobody says otherwise: patterns before examples
// before intents, whatever their scores.
func (u *understanding) first() choice {
	switch {
	case len(u.patterns) > 0:
		return choice{List: listPatterns}
	case len(u.examples) > 0:
		return choice{List: listExamples}
	case len(u.intents) > 0:
		return choice{List: listIntents}
	}
	return choice{}
}

// choice is an entry of a list of $context.nluResults. Clazz is the state that a
// selectNLUResult handler named, "" for that of the entry.
type choice struct {
	List  string
	Index int
	Clazz string
}

// Names of the lists.
const (
	listPatterns = "patterns"
	listExamples = "examples"
	listIntents  = "intents"
)

// candidate is the trigger of an entry; ok is false for none.
func (u *understanding) candidate(c choice) (found dialog.Candidate, ok bool) {
	switch {
	case c.List == listPatterns && c.Index < len(u.patterns):
		return u.patterns[c.Index].Candidate, true
	case c.List == listExamples && c.Index < len(u.examples):
		return u.examples[c.Index].Candidate, true
	case c.List == listIntents && c.Index < len(u.intents):
		return u.intents[c.Index].Candidate, true
	}
	return dialog.Candidate{}, false
}

// leading finds the first entry that leads to a state.
func (u *understanding) leading(state string) (choice, bool) {
	for _, list := range []string{listPatterns, listExamples, listIntents} {
		for c := (choice{List: list}); ; c.Index++ {
			candidate, ok := u.candidate(c)
			if !ok {
				break
			}
			if candidate.Trigger.Target() == state {
				return c, true
			}
		}
	}
	return choice{}, false
}

// leaveOut drops what leads out of the place u.only, and counts it.
func (u *understanding) leaveOut() (left int) {
	if u.only == "" || u.only == "/" {
		return 0
	}
	outside := func(c dialog.Candidate) bool {
		target := c.Trigger.Target()
		return target != u.only && !strings.HasPrefix(target, u.only+"/")
	}
	before := len(u.patterns) + len(u.examples) + len(u.intents)
	u.patterns = slices.DeleteFunc(u.patterns, func(h dialog.Hit) bool { return outside(h.Candidate) })
	u.examples = slices.DeleteFunc(u.examples, func(h dialog.ExampleHit) bool { return outside(h.Candidate) })
	u.intents = slices.DeleteFunc(u.intents, func(h dialog.IntentHit) bool { return outside(h.Candidate) })
	return before - len(u.patterns) - len(u.examples) - len(u.intents)
}
