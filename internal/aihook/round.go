package aihook

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"parley/internal/action"
	"parley/internal/session"
)

// round is one turn with its webhooks. It belongs to one goroutine.
type round struct {
	caller *Caller
	turn   *session.Turn // as the bot sees it
	calls  int
	waited time.Duration

	said     []session.Reply // what stands in for the bot's own replies
	patches  []session.Patch
	handover *session.Handover
	reset    *action.Reset
	pushes   []session.Push
}

// outcome is what came of a webhook and of those that its answer named.
type outcome struct {
	output   session.Document // nil when the call failed
	patch    session.Document
	replies  []session.Reply
	fallback string // what is said because the call failed
}

// userMessage tells whether the turn answers what a person wrote or sent.
func (r *round) userMessage() bool {
	in := &r.turn.Input
	return r.turn.Message != nil && in.Event == nil && !in.Empty()
}

// opening is the webhook to call before the message: that of the first message
// once in a session, else that of every message.
func (r *round) opening() *session.AIWebhook {
	set := &r.turn.Integration.Settings
	if !r.userMessage() {
		return nil
	}
	if first := set.Hook(session.HookFirst); first != nil && r.turn.Session.UserMessages == 0 {
		return first
	}
	return set.Hook(session.HookPre)
}

// after calls the post message webhook with what was decided.
func (r *round) after(ctx context.Context, d *session.Decision) error {
	hook := r.turn.Integration.Settings.Hook(session.HookPost)
	if hook == nil || !r.userMessage() {
		return nil
	}
	m := &moment{doc: r.turn.Document, state: d.State, post: true, replies: append(append([]session.Reply{}, d.Before...), d.Replies...)}
	for _, p := range d.Patches {
		if next, err := m.doc.Merge(p.Context); err == nil { // what does not fit, the commit leaves out
			m.doc = next
		}
	}
	if d.Heard != nil {
		m.heard = *d.Heard
	}
	out, err := r.ask(ctx, hook, m, hook.Fallback)
	if err != nil {
		return err
	}
	r.keep(out)
	d.Patches, r.patches = append(d.Patches, r.patches...), nil
	r.settle(d)
	return nil
}

// dialog is the call of a script.
func (r *round) dialog(ctx context.Context, call *session.WebhookCall) (*session.WebhookAnswer, error) {
	hook := r.turn.Integration.Settings.DialogHook(call.Name)
	if hook == nil {
		return nil, session.Invalid("name", "the integration has no dialog webhook called %q; they are named in its setting ai_webhooks", call.Name)
	}
	m := &moment{doc: call.Document, state: call.State, language: call.Language, heard: call.Heard}
	fallback := call.Fallback
	if fallback == "" {
		fallback = hook.Fallback
	}
	out, err := r.ask(ctx, hook, m, fallback)
	if err != nil {
		return nil, err
	}
	r.said = append(r.said, out.replies...)
	return &session.WebhookAnswer{Output: out.output, Patch: out.patch, Fallback: out.fallback}, nil
}

// keep takes over what a webhook around a message answered; a fallback is an
// answer too.
func (r *round) keep(out *outcome) {
	r.said = append(r.said, out.replies...)
	if out.fallback != "" {
		r.said = append(r.said, r.caller.reader.Say(out.fallback))
	}
	if len(out.patch) > 0 {
		r.patches = append(r.patches, session.Patch{Context: out.patch})
	}
}

// ask calls a webhook, and those that its answer names; the document of the moment
// is then as they left it. A failure is an error only where the settings say so.
func (r *round) ask(ctx context.Context, hook *session.AIWebhook, m *moment, fallback string) (*outcome, error) {
	if !hook.On() {
		return &outcome{fallback: fallback}, nil
	}
	a, doc, err := r.call(ctx, hook, m)
	if err != nil {
		r.caller.o.Log.WarnContext(ctx, "an AI webhook failed", "integration", r.turn.Integration.ID, "session", r.turn.Session.ID.String(),
			"webhook", hook.Name, "fails_turn", hook.FailOnError, "error", err.Error())
		if hook.FailOnError {
			return nil, fmt.Errorf("the webhook %q failed: %w", hook.Name, err)
		}
		return &outcome{fallback: fallback}, nil
	}
	m.doc = doc
	out := &outcome{output: a.output, patch: a.patch}
	return out, r.carryOut(ctx, hook, m, a, out)
}

// call makes one call within what is left to the turn, and merges what it brings.
func (r *round) call(ctx context.Context, hook *session.AIWebhook, m *moment) (*answer, session.Document, error) {
	limit := min(r.caller.o.Timeout, session.ScriptWaitTime-r.waited)
	if r.calls++; r.calls > session.AIWebhookCalls || limit <= 0 {
		return nil, nil, errCalls
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	a, err := r.caller.post(ctx, letter{
		hook: hook, turn: r.turn, body: m.body(r.turn, hook), key: fmt.Sprintf("%s-w%d", r.turn.RequestID, r.calls),
	})
	r.waited += time.Since(began)
	if err != nil {
		return nil, nil, err
	}
	if err := a.complete(m.doc); err != nil {
		return nil, nil, err
	}
	doc, err := m.doc.Merge(a.patch)
	return a, doc, err
}

// complete adds to the patch what actions do to the context: tags join those
// that are there, variables of a reset become null.
func (a *answer) complete(doc session.Document) error {
	var err error
	if reset := a.actions.Reset; reset != nil {
		if a.patch, err = a.patch.Merge(session.Nulls(reset.Variables)); err != nil {
			return err
		}
	}
	a.patch, err = a.patch.Merge(a.actions.TagPatch(doc, a.patch))
	return err
}

// carryOut does what the actions of an answer say.
func (r *round) carryOut(ctx context.Context, hook *session.AIWebhook, m *moment, a *answer, out *outcome) error {
	for _, why := range a.actions.Dropped {
		r.caller.o.Log.WarnContext(ctx, "an AI webhook's response was left out", "integration", r.turn.Integration.ID, "webhook", hook.Name, "why", why)
	}
	if a.actions.Handover != nil {
		r.handover = a.actions.Handover
	}
	if a.actions.Reset != nil {
		r.reset = a.actions.Reset
	}
	r.pushes = append(r.pushes, a.actions.Pushes(r.caller.o.Now())...)
	said := 0
	for _, next := range a.actions.Calls {
		out.replies = append(out.replies, a.actions.Replies[said:next.At]...)
		said = next.At
		if err := r.follow(ctx, hook, m, next, out); err != nil {
			return err
		}
	}
	out.replies = append(out.replies, a.actions.Replies[said:]...)
	return nil
}

// follow calls the webhook that an answer names.
func (r *round) follow(ctx context.Context, from *session.AIWebhook, m *moment, next action.Call, out *outcome) error {
	hook := r.turn.Integration.Settings.DialogHook(next.Name)
	if hook == nil {
		r.caller.o.Log.WarnContext(ctx, "an AI webhook names another one that is not there", "integration", r.turn.Integration.ID,
			"webhook", from.Name, "names", next.Name)
		return nil
	}
	fallback := next.Fallback
	if fallback == "" {
		fallback = hook.Fallback
	}
	more, err := r.ask(ctx, hook, m, fallback)
	if err != nil {
		return err
	}
	out.replies = append(out.replies, more.replies...)
	if more.fallback != "" {
		out.replies = append(out.replies, r.caller.reader.Say(more.fallback))
	}
	if len(more.patch) > 0 {
		out.patch, err = out.patch.Merge(more.patch)
	}
	return err
}

// settle writes what the webhooks did so far into a decision.
func (r *round) settle(d *session.Decision) {
	if len(r.said) > 0 {
		d.Before, d.Replies = nil, r.limited()
	}
	d.Patches = append(r.patches, d.Patches...)
	d.Pushes = append(d.Pushes, r.pushes...)
	if r.handover != nil {
		d.Handover = r.handover
	}
	if r.reset != nil {
		d.Vars.Position, d.Vars.Extra, d.Timeout = statePath(r.reset.State), nil, nil
	}
	r.said, r.patches, r.pushes, r.handover, r.reset = nil, nil, nil, nil, nil
}

// limited is what was said, within the limit of a turn.
func (r *round) limited() []session.Reply {
	if len(r.said) > session.MaxReplies {
		r.caller.o.Log.Warn("AI webhooks said more than a turn may", "integration", r.turn.Integration.ID, "replies", len(r.said), "limit", session.MaxReplies)
		return r.said[:session.MaxReplies]
	}
	return r.said
}

// statePath is the state a reset leads to; ids that are no paths are those of
// another system and stand for the root.
func statePath(node string) string {
	if strings.HasPrefix(node, "/") {
		return path.Clean(node)
	}
	return "/"
}

// position is where the dialog stands before the bot runs.
func (r *round) position() string {
	if r.turn.Vars == nil {
		return ""
	}
	return r.turn.Vars.Position
}

// nothing is the decision of a turn whose bot does not run.
func (r *round) nothing() *session.Decision {
	d := &session.Decision{Vars: session.Vars{Session: r.turn.Session.ID}, Release: r.turn.Session.Release, State: r.position()}
	if r.turn.Vars != nil {
		d.Vars = *r.turn.Vars
	}
	return d
}

// failed is the error turn of a webhook that must not fail.
func (r *round) failed(err error) *session.Decision {
	d := r.nothing()
	d.Failure = &session.Failure{Code: session.FailureWebhook, State: d.State, Message: err.Error()}
	return d
}
