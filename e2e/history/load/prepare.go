package load

import (
	"context"
	"errors"
	"time"

	"parley/e2e/history"
	"parley/internal/auth"
	"parley/internal/session"
	"parley/internal/store/sqlite"
)

// Cast is what a run needs of a data directory: two integrations, one whose
// sessions live as long as the run, and one whose sessions expire while it
// goes on. Session timeouts below a minute are refused by the command line,
// so they are written into the store itself.
type Cast struct {
	Calm  Integration
	Brief Integration
	known map[string]history.Settings
}

// Settings returns what the checker has to know of the integrations.
func (c *Cast) Settings() map[string]history.Settings { return c.known }

const (
	briefTimeout = 3 * time.Second
	briefDialog  = 2 * time.Second // the dialog timer
	briefWarning = time.Second     // before the end
	briefPending = 6
	keepAlive    = time.Second
)

// Prepare makes the integrations in a new data directory. Their webhooks go to
// hook ("" for none), their bot is the one in the directory bot ("" where the
// server has its own).
func Prepare(ctx context.Context, dir, hook, bot string) (cast *Cast, err error) {
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	directory := auth.NewDirectory(store.Registry())
	cast = &Cast{known: map[string]history.Settings{}}
	var events []string
	if hook != "" {
		events = append(session.WebhookEvents(), session.ExtensionEvents()...)
	}
	add := func(name string, set session.Settings, to *Integration) error {
		set.WebhookURL, set.WebhookSecret, set.SubscribedEvents, set.Bot = hook, "history", events, bot
		set.KeepAlive = session.Duration(keepAlive)
		in := &session.Integration{ID: name, Name: name, Kind: session.KindCustom, Active: true, CreatedMs: time.Now().UnixMilli()}
		in.Settings = set.WithDefaults(in.Kind)
		if err := store.Registry().SaveIntegration(ctx, in); err != nil {
			return err
		}
		key, _, err := directory.IssueKey(ctx, name, time.Now())
		*to = Integration{ID: name, Key: key}
		bound := in.Settings.MaxPending
		if bound == 0 {
			bound = session.MaxPendingMessages
		}
		cast.known[name] = history.Settings{
			TimeoutMs: in.Settings.SessionTimeout.Milliseconds(), MaxPending: bound, Subscribed: events,
		}
		return err
	}
	err = errors.Join(
		add("calm", session.Settings{Desk: true}, &cast.Calm),
		add("brief", session.Settings{
			SessionTimeout: session.Duration(briefTimeout), DialogTimeout: session.Duration(briefDialog),
			ExpiryWarning: session.Duration(briefWarning), MaxPending: briefPending,
		}, &cast.Brief),
	)
	return cast, err
}
