package aihook

import (
	"context"

	"parley/internal/session"
)

// Around returns a bot that calls the webhooks of the integration around another
// one; the bot itself where there are none.
func (c *Caller) Around(bot session.Bot, in *session.Integration) session.Bot {
	if len(in.Settings.AIWebhooks) == 0 {
		return bot
	}
	return hooked{c, bot}
}

// hooked is a bot with webhooks.
type hooked struct {
	caller *Caller
	inner  session.Bot
}

// attentive is a bot that counts the texts in a row that it did not understand.
type attentive interface {
	Unknown(*session.Vars) int
}

// Livechat is what the bot inside says.
func (b hooked) Livechat(v *session.Vars) *session.Livechat {
	if inner, ok := b.inner.(session.LivechatBot); ok {
		return inner.Livechat(v)
	}
	return nil
}

// Run calls the webhook before the message, the bot, and the webhook after it.
// A webhook that answers the message stands in for the bot.
func (b hooked) Run(ctx context.Context, given *session.Turn) (*session.Decision, error) {
	at := *given
	r := &round{caller: b.caller, turn: &at}
	at.Webhook = r.dialog
	if err := b.before(ctx, r); err != nil {
		return r.failed(err), nil
	}
	if len(r.said) > 0 {
		d := r.nothing()
		r.settle(d)
		return d, nil
	}
	d, err := b.inner.Run(ctx, &at)
	if err != nil || d == nil || d.Failure != nil {
		return d, err
	}
	r.settle(d)
	if err := r.after(ctx, d); err != nil {
		failure := r.failed(err)
		failure.Release = d.Release
		return failure, nil
	}
	return d, nil
}

// before calls the first or pre message webhook.
func (b hooked) before(ctx context.Context, r *round) error {
	hook := r.opening()
	if hook == nil {
		return nil
	}
	m := &moment{doc: r.turn.Document, state: r.position()}
	if inner, ok := b.inner.(attentive); ok && r.turn.Vars != nil {
		m.heard.Unknown = inner.Unknown(r.turn.Vars)
	}
	out, err := r.ask(ctx, hook, m, hook.Fallback)
	if err != nil {
		return err
	}
	r.keep(out)
	r.turn.Document = m.doc
	return nil
}
