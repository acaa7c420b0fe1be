package script

import (
	"context"
	"fmt"

	"parley/internal/session"
)

// webhooks call the AI webhooks of a dialog: contract b.2.
type webhooks struct{ *run }

// document is the context as this turn has left it.
func (r view) document() session.Document {
	if r.merged != nil {
		return r.merged
	}
	return r.turn.Document
}

// update merges a patch into what this turn sees, and has the commit merge it into
// the document as it is then, which leaves out what does not fit.
func (r life) update(patch session.Document) {
	if next, err := view(r).document().Merge(patch); err == nil {
		r.merged = next
	}
	r.patches = append(r.patches, session.Patch{Context: patch})
}

// webhookAnswer is what a script gets of a webhook.
type webhookAnswer struct {
	Output   session.Document `json:"output"`
	Fallback string           `json:"fallback"`
}

// call is $parley.webhook.
func (r webhooks) call(name, fallback string) (any, error) {
	switch {
	case r.turn.Webhook == nil && r.bot.options.Testing:
		r.log.Warn("a test has no webhooks; the call fails", "bot", r.bot.name, "webhook", name, "state", r.state)
		return marshal(webhookAnswer{Fallback: fallback}), nil
	case r.turn.Webhook == nil:
		return nil, fmt.Errorf("$parley.webhook: the integration has no dialog webhook called %q; they are named in its setting ai_webhooks", name)
	}
	asked := &session.WebhookCall{
		Name: name, Fallback: fallback, State: r.state, Language: r.bot.project.Config.Language, Document: view(r).document(), Heard: r.understoodAs(),
	}
	var answer *session.WebhookAnswer
	err := caller(r).waiting(session.ScriptWaitTime, func(ctx context.Context) (err error) {
		answer, err = r.turn.Webhook(ctx, asked)
		return err
	})
	if err != nil {
		return nil, err
	}
	if answer.Output != nil {
		life(r).update(answer.Patch)
	}
	return marshal(webhookAnswer{Output: answer.Output, Fallback: answer.Fallback}), nil
}

// understoodAs is what webhooks are told of the user's text.
func (r webhooks) understoodAs() session.Heard {
	h := session.Heard{Unknown: r.extra.Unknown}
	if r.request.Event != "" || r.request.Query == "" {
		return h
	}
	u := view(r).understood()
	for _, one := range u.hypotheses {
		h.Intents = append(h.Intents, session.HeardIntent{Intent: one.Intent.Path, Confidence: one.Score})
	}
	if len(h.Intents) == 0 && r.meant != nil {
		h.Intents = append(h.Intents, session.HeardIntent{Intent: r.meant.Intent.Path, Confidence: r.meant.Score})
	}
	for _, f := range u.entities() {
		kind := "custom"
		if f.System {
			kind = "system"
		}
		h.Entities = append(h.Entities, session.HeardEntity{Entity: f.Entity, Value: f.Value, Start: f.Start, End: f.End, Confidence: 1, Type: kind})
	}
	return h
}

// Unknown counts the texts in a row that the bot did not understand.
func (b *Bot) Unknown(v *session.Vars) int { return parseExtra(v.Extra).Unknown }

// Unknown counts them whichever release ran.
func (released) Unknown(v *session.Vars) int { return parseExtra(v.Extra).Unknown }
